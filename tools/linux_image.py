"""Debian's own kernel for virtual machines: fetched as a package and unpacked under build/, not installed.

Needs no root: apt-get downloads what its package lists name, dpkg-deb unpacks it. The lists come from
`apt-get update`, which does need root and is left to whoever runs this.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("DRYDOCK_LINUX_CACHE", REPOSITORY / "build/linux-image"))
# Always depends on the package of the newest kernel.
NEWEST = "linux-image-cloud-amd64"
ENVIRONMENT = dict(os.environ, LC_ALL="C")


class Unavailable(Exception):
    """Why there is no kernel, and what to do, in one line."""


class LinuxImage:
    """A kernel that QEMU can boot."""

    def __init__(self, kernel, version, folder=None):
        self.kernel = kernel
        self.version = version
        self.folder = folder  # Of the unpacked package; None if only the kernel was given.


def modelled_cpu():
    """QEMU's CPU model with the features of the modelled CPU. Raises Unavailable."""
    header = REPOSITORY / "hwmodel/features.h"
    found = re.search(r'kQemuCpu = "([^"]+)"', header.read_text())
    if not found:
        raise Unavailable(f"{header} names no CPU model")
    return found.group(1)


def ask(command, folder=None):
    result = subprocess.run(command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return result.returncode, result.stdout


def image_in(folder):
    """The one kernel of an unpacked package, or None."""
    kernels = sorted(folder.glob("boot/vmlinuz-*"))
    return LinuxImage(kernels[0], kernels[0].name.removeprefix("vmlinuz-"), folder) if len(kernels) == 1 else None


def cached():
    """The image that was unpacked last, or None."""
    images = [image_in(folder) for folder in CACHE.glob("*") if folder.is_dir()]
    return max((image for image in images if image), key=lambda image: image.folder.stat().st_mtime, default=None)


def package_name():
    status, text = ask(["apt-cache", "depends", NEWEST])
    found = re.search(r"^\s*Depends: (linux-image-\S+)$", text, re.MULTILINE)
    if status != 0 or not found:
        raise Unavailable(f"apt knows no package {NEWEST}; run apt-get update as root, or give a kernel of your own (--linux)")
    return found.group(1)


def fetch():
    """Downloads and unpacks the newest package."""
    for command in ("apt-get", "apt-cache", "dpkg-deb"):
        if shutil.which(command) is None:
            raise Unavailable(f"{command} is missing: this is not Debian; give a kernel of your own (--linux)")
    name = package_name()
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="tmp-") as scratch:
        status, text = ask(["apt-get", "download", name], scratch)
        packages = list(pathlib.Path(scratch).glob("*.deb"))
        if status != 0 or len(packages) != 1:
            lines = [line for line in text.splitlines() if line.startswith("E:")] or text.splitlines() or ["no message"]
            raise Unavailable(f"apt-get download {name}: {lines[0].removeprefix('E: ')}; is there a network? "
                              "Otherwise give a kernel of your own (--linux)")
        unpacked = pathlib.Path(scratch, "unpacked")
        status, text = ask(["dpkg-deb", "-x", str(packages[0]), str(unpacked)])
        if status != 0 or image_in(unpacked) is None:
            raise Unavailable(f"{packages[0].name} cannot be unpacked: {text.strip() or 'it holds no kernel'}")
        target = CACHE / packages[0].stem
        if not target.exists():
            unpacked.rename(target)
            target.touch()
    return image_in(target)


def find(kernel=None, fetches_again=False):
    """The given kernel; otherwise what was unpacked before; otherwise the newest package. Raises Unavailable."""
    if kernel is not None:
        path = pathlib.Path(kernel)
        if not os.access(path, os.R_OK):
            raise Unavailable(f"{path} cannot be read")
        return LinuxImage(path, path.name.removeprefix("vmlinuz-"))
    known = None if fetches_again else cached()
    return known or fetch()


def package_of(image):
    """Name and version of the package that an image came with; empty for a kernel that was given."""
    name, version = image.folder.name.split("_")[:2] if image.folder else ("", "")
    return name, urllib.parse.unquote(version)


def main():
    parser = argparse.ArgumentParser(description="Fetches and unpacks Debian's kernel for virtual machines, if it is not there.")
    parser.add_argument("--json", action="store_true", help="print where it is, or what the problem is, as JSON")
    options = parser.parse_args()
    try:
        image = find()
        package, version = package_of(image)
        answer = {"kernel": str(image.kernel), "release": image.version, "package": package, "version": version}
    except (Unavailable, OSError) as error:
        answer = {"problem": str(error)}
    problem = answer.get("problem")
    if options.json:
        print(json.dumps(answer))
        return 0
    print(problem or answer["kernel"], file=sys.stderr if problem else sys.stdout)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
