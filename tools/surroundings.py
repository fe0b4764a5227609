"""What of a host may differ from run to run and must not be seen in a trace."""

import os
import shutil
import subprocess


def random_environment(chance):
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
    for _ in range(chance.randrange(0, 30)):
        environment[f"VARIABLE_{chance.randrange(1000)}"] = "x" * chance.randrange(0, 2000)
    environment["HOME"] = chance.choice(["/", "/nonexistent", "/tmp"])
    environment["TZ"] = chance.choice(["UTC", "Asia/Tokyo", "America/Lima", ""])
    environment["LC_ALL"] = chance.choice(["C", "C.UTF-8", "tr_TR.UTF-8", ""])
    if chance.random() < 0.3:
        environment["MALLOC_PERTURB_"] = str(chance.randrange(1, 255))
    return environment


def can_fix_addresses():
    """Whether `setarch -R`, which switches the randomisation of addresses off, works here."""
    if not shutil.which("setarch"):
        return False
    return subprocess.run(["setarch", "-R", "true"], check=False, stdin=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0
