"""Boots drydock.elf in QEMU: builds the initramfs, starts the machine, reads what it leaves.

The exit status is the last record that the image writes to the debug console (port 0xe9).
"""

import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
RECORD = struct.Struct("<4I4Q")
RECORD_HALT, RECORD_FAILED = 131, 132
RING_MAGIC = 0x31746E6576656464


def modelled_cpu():
    """The -cpu string of the modelled CPU, from the header that defines it."""
    text = (REPOSITORY / "hwmodel/features.h").read_text()
    return re.search(r'kQemuCpu = "([^"]+)"', text).group(1)


class Archive:
    """A cpio archive in newc format: cpio(5)."""

    def __init__(self):
        self.parts = []
        self.inode = 0

    def add(self, name, mode, content=b""):
        self.inode += 1
        encoded = name.encode() + b"\0"
        fields = (self.inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
        header = b"070701" + b"".join(b"%08x" % field for field in fields) + encoded
        self.parts += [header, b"\0" * (-len(header) % 4), content, b"\0" * (-len(content) % 4)]

    def add_directory(self, name, permissions=0o755):
        self.add(name, 0o040000 | permissions)

    def add_file(self, name, content, permissions=0o644):
        self.add(name, 0o100000 | permissions, content)

    def add_symlink(self, name, target):
        self.add(name, 0o120777, target.encode())

    def finish(self):
        self.add("TRAILER!!!", 0)
        return b"".join(self.parts)


def find_busybox():
    for path in ("/bin/busybox", "/usr/bin/busybox"):
        if os.access(path, os.X_OK):
            return path
    return None


def busybox_archive(extra=()):
    """BusyBox, a link per applet, and the small tree that the simulator gives its programs."""
    busybox = find_busybox()
    archive = Archive()
    for name in ("bin", "dev", "etc", "proc"):
        archive.add_directory(name)
    archive.add_directory("root", 0o700)
    archive.add_directory("sbin")
    archive.add_directory("tmp", 0o1777)
    for name in ("usr", "usr/bin", "usr/sbin"):
        archive.add_directory(name)
    archive.add_file("bin/busybox", pathlib.Path(busybox).read_bytes(), 0o755)
    listed = subprocess.run([busybox, "--list-full"], stdout=subprocess.PIPE, check=True)
    for name in sorted(listed.stdout.decode().split()):
        if name != "bin/busybox":
            archive.add_symlink(name, "/bin/busybox")
    archive.add_file("etc/group", b"root:x:0:\ndaemon:x:1:\nnogroup:x:65534:\n")
    archive.add_file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n"
                     b"daemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
                     b"nobody:x:65534:65534:nobody:/:/bin/false\n")
    for name, path in extra:
        archive.add_file(name.lstrip("/"), pathlib.Path(path).read_bytes(), 0o755)
    return archive.finish()


def quoted(word):
    """One word of the image's command line (guest/options.h)."""
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


class Outcome:
    def __init__(self):
        self.status = None       # The program's; None if the image did not say.
        self.qemu_status = None  # None: still running when time was up.
        self.stdout = b""
        self.stderr = b""
        self.messages = ""       # QEMU's own.
        self.records = []
        self.seconds = 0.0


class Machine:
    """What stays the same between boots."""

    def __init__(self, image, accelerator="tcg", cpu=None, memory=256, imports=()):
        self.image = str(image)
        self.accelerator = accelerator
        self.cpu = cpu or modelled_cpu()
        self.memory = memory
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="drydock-boot-"))
        self.initramfs = self.scratch / "initramfs"
        self.initramfs.write_bytes(busybox_archive(imports))

    def close(self):
        shutil.rmtree(self.scratch, ignore_errors=True)

    def command(self, folder, append, files=(), memory=None, serial="stdio", extra=()):
        command = ["qemu-system-x86_64", "-accel", self.accelerator, "-cpu", self.cpu,
                   "-m", str(memory or self.memory), "-nodefaults", "-display", "none", "-no-reboot",
                   "-kernel", self.image, "-initrd", str(self.initramfs), "-append", append,
                   "-serial", serial, "-serial", f"file:{folder}/stderr",
                   "-chardev", f"file,id=events,path={folder}/events",
                   "-device", "isa-debugcon,iobase=0xe9,chardev=events",
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=0x01", *extra]
        for name, path in files:
            command += ["-fw_cfg", f"name={name},file={path}"]
        return command

    def boot(self, program, options="", stdin=None, memory=None, timeout=60, extra=()):
        """Runs a program (a list of words) with separate output streams, not on a terminal."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            files = []
            if stdin is not None:
                pathlib.Path(folder, "input").write_bytes(stdin)
                files.append(("opt/drydock/input", f"{folder}/input"))
            append = f"drydock.tty=0 drydock.stderr=2 drydock.date=1767225600 {options}"
            line = append + " -- " + " ".join(quoted(word) for word in program)
            if len(line) > 2000:
                strings = [str(len(program)), *program, "PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/root", "TERM=linux"]
                pathlib.Path(folder, "program").write_bytes(b"".join(text.encode() + b"\0" for text in strings))
                files.append(("opt/drydock/program", f"{folder}/program"))
                line = append
            return self.run(self.command(folder, line, files, memory, extra=extra), folder, timeout)

    def terminal(self, program, options="", memory=None, extra=()):
        """Runs a program on this process's own terminal; its exit status, or none."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            line = f"drydock.tty=1 {options} -- " + " ".join(quoted(word) for word in program)
            extra = ["-chardev", "stdio,id=terminal,signal=off", *extra]
            command = self.command(folder, line, (), memory, serial="chardev:terminal", extra=extra)
            qemu_status = subprocess.run(command, check=False).returncode
            outcome = self.collect(Outcome(), folder)
            return qemu_status, outcome.status

    @staticmethod
    def run(command, folder, timeout):
        outcome = Outcome()
        began = time.monotonic()
        try:
            result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, timeout=timeout, check=False)
            outcome.qemu_status = result.returncode
            outcome.stdout = result.stdout
            outcome.messages = result.stderr.decode(errors="replace")
        except subprocess.TimeoutExpired as expired:
            outcome.stdout = expired.stdout or b""
            outcome.messages = f"(no end within {timeout} s) " + (expired.stderr or b"").decode(errors="replace")
        outcome.seconds = time.monotonic() - began
        return Machine.collect(outcome, folder)

    @staticmethod
    def collect(outcome, folder):
        """Adds what the machine has left in files."""
        for name in ("stderr", "events"):
            path = pathlib.Path(folder, name)
            content = path.read_bytes() if path.exists() else b""
            if name == "stderr":
                outcome.stderr = content
            else:
                whole = len(content) // RECORD.size * RECORD.size
                outcome.records = list(RECORD.iter_unpack(content[:whole]))
        if outcome.records and outcome.records[-1][0] == RECORD_HALT:
            outcome.status = outcome.records[-1][4]
        return outcome
