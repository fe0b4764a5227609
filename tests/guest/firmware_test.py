#!/usr/bin/env python3
"""Starts the image as a PC does: from an ISO made by tools/make_iso, by BIOS and by UEFI firmware, through GRUB.

Exits with 77 (skipped) when QEMU, GRUB or OVMF is missing; all are in tools/packages.txt.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
import image  # noqa: E402

SKIPPED = 77
UEFI = "/usr/share/OVMF/OVMF_CODE_4M.fd"
NEEDED = {"qemu-system-x86_64": "qemu-system-x86", "grub-mkrescue": "grub-common", "xorriso": "xorriso",
          "mformat": "mtools"}
FILES = {UEFI: "ovmf", "/usr/lib/grub/i386-pc": "grub-pc-bin", "/usr/lib/grub/x86_64-efi": "grub-efi-amd64-bin"}
# Words as a command line could break them.
WORDS = ["it's", 'a "b" c', "back\\slash $HOME", "x;y", "  two  "]
SCRIPT = ('for word; do echo "<$word>"; done; echo memory $(sed -n "s/MemTotal: *//p" /proc/meminfo); '
          "seq 1000 | sort -rn | head -n 1; exit 5")


class FirmwareTest(unittest.TestCase):
    build = image.RELEASE

    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="drydock-firmware-"))
        cls.iso = cls.scratch / "drydock.iso"
        subprocess.run([image.REPOSITORY / "tools/make_iso", cls.iso, "--build", cls.build, "--append",
                        "drydock.tty=0 drydock.events=port", "--", "sh", "-c", SCRIPT, "sh", *WORDS], check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.scratch, ignore_errors=True)

    def boot(self, *extra, memory=256, disk=("-cdrom", "")):
        """Ends by ACPI's power-off: there is no debug exit. What it printed, and the event records."""
        option, prefix = disk
        events = self.scratch / "events"
        events.unlink(missing_ok=True)
        command = ["qemu-system-x86_64", "-no-user-config", "-nodefaults", "-display", "none", "-no-reboot",
                   "-accel", "tcg", "-m", str(memory), "-serial", "stdio", "-chardev", f"file,id=events,path={events}",
                   "-device", "isa-debugcon,iobase=0xe9,chardev=events", *extra, option, prefix + str(self.iso)]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                timeout=300, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        # UEFI writes to the debug port, too, before the kernel does.
        content = events.read_bytes()
        last = image.RECORD.unpack(content[-image.RECORD.size:])
        self.assertEqual((last[0], last[4]), (image.RECORD_HALT, 5), result.stdout)
        return result.stdout.decode(errors="replace").replace("\r\n", "\n")

    def check(self, text, memory):
        said = "".join(f"<{word}>\n" for word in WORDS)
        self.assertIn(said + "memory ", text)
        kilobytes = int(text.split("memory ")[-1].split()[0])
        self.assertGreater(kilobytes, (memory - 16) * 1014)
        self.assertTrue(text.endswith("\n1000\n"), text)

    def test_words_that_grub_loses_are_refused(self):
        for word in ("", "two\nlines"):
            result = subprocess.run([image.REPOSITORY / "tools/make_iso", self.scratch / "other.iso", "--build", self.build,
                                     "--", "echo", word], stderr=subprocess.PIPE, check=False)
            self.assertEqual(result.returncode, 1)
            self.assertIn(b"GRUB does not pass it on", result.stderr)

    def test_bios(self):
        self.check(self.boot(), 256)

    def test_bios_of_a_newer_machine(self):
        self.check(self.boot("-machine", "q35"), 256)

    def test_bios_with_little_and_much_memory(self):
        for memory in (64, 5000):
            self.check(self.boot(memory=memory), memory)

    def test_bios_from_a_stick(self):
        self.check(self.boot(disk=("-drive", "format=raw,file=")), 256)

    def uefi(self, *extra, memory=256):
        self.check(self.boot("-drive", f"if=pflash,format=raw,readonly=on,file={UEFI}", *extra, memory=memory), memory)

    def test_uefi(self):
        self.uefi()

    def test_uefi_of_a_newer_machine_with_much_memory(self):
        self.uefi("-machine", "q35", memory=5000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=image.RELEASE)
    options, rest = parser.parse_known_args()
    missing = [package for command, package in NEEDED.items() if shutil.which(command) is None]
    missing += [package for path, package in FILES.items() if not pathlib.Path(path).exists()]
    if missing:
        print(f"skipped: missing Debian packages: {' '.join(missing)} (tools/setup installs them)")
        return SKIPPED
    FirmwareTest.build = options.build
    return 0 if unittest.main(argv=[sys.argv[0], *rest], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
