"""Boots an image in QEMU with `drydock boot` and keeps what it leaves."""

import pathlib
import shutil
import struct
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
RELEASE = REPOSITORY / "build/release"
RECORD = struct.Struct("<4I4Q")
RECORD_HALT, RECORD_FAILED = 131, 132
RING_MAGIC = 0x31746E6576656464
# The exit status when the kernel failed; what it had to say is on standard error then.
FAILED = 125


def find_busybox():
    return next((path for path in ("/bin/busybox", "/usr/bin/busybox") if pathlib.Path(path).exists()), None)


class Outcome:
    def __init__(self):
        self.status = None  # None: still running when time was up.
        self.stdout = b""
        self.stderr = b""
        self.records = []
        self.seconds = 0.0


class Machine:
    """What stays the same between boots."""

    def __init__(self, image=None, drydock=None, accelerator="tcg", memory=256, imports=()):
        self.drydock = str(drydock or RELEASE / "sim/drydock")
        self.image = str(image or RELEASE / "guest/drydock.elf")
        self.accelerator = accelerator
        self.memory = memory
        self.imports = imports
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="drydock-boot-"))

    def close(self):
        shutil.rmtree(self.scratch, ignore_errors=True)

    def command(self, program, options="", memory=None, extra=(), more=()):
        command = [self.drydock, "boot", "--image", self.image, "--accel", self.accelerator,
                   "--memory", str(memory or self.memory), *more]
        for host, name in self.imports:
            command += ["--in", f"{host}:{name}"]
        if options:
            command.append("--append=" + options)
        command += [f"--qemu={word}" for word in extra]
        return command + ["--", *program]

    def boot(self, program, options="", stdin=None, memory=None, timeout=60, extra=(), more=(), with_events=False):
        """Runs a program (a list of words), not on a terminal. `extra` are arguments for QEMU."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            events = pathlib.Path(folder, "events")
            if with_events:
                more = [*more, "--events", str(events)]
            given = pathlib.Path(folder, "input")
            given.write_bytes(stdin or b"")
            with open(given if stdin is not None else "/dev/null", "rb") as standard_input:
                outcome = self.run(self.command(program, options, memory, extra, more), standard_input, timeout)
            if events.exists():
                content = events.read_bytes()
                outcome.records = list(RECORD.iter_unpack(content[:len(content) // RECORD.size * RECORD.size]))
        return outcome

    @staticmethod
    def run(command, standard_input, timeout):
        outcome = Outcome()
        began = time.monotonic()
        try:
            result = subprocess.run(command, stdin=standard_input, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    timeout=timeout, check=False)
            outcome.status, outcome.stdout, outcome.stderr = result.returncode, result.stdout, result.stderr
        except subprocess.TimeoutExpired as expired:
            outcome.stdout = expired.stdout or b""
            outcome.stderr = f"(no end within {timeout} s) ".encode() + (expired.stderr or b"")
        outcome.seconds = time.monotonic() - began
        return outcome
