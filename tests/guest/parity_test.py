#!/usr/bin/env python3
"""`drydock parity`: equal runs, planted differences, errors of use.

Exits with 77 (skipped) without QEMU or BusyBox.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import image  # noqa: E402

SKIPPED = 77
EQUAL, DIFFERENT, TROUBLE = 0, 1, 125


class ParityTest(unittest.TestCase):
    drydock = None

    def parity(self, *words, stdin=b""):
        result = subprocess.run([self.drydock, "parity", *words], input=stdin, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, check=False)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def expect_equal(self, *words, stdin=b""):
        status, output, errors = self.parity(*words, stdin=stdin)
        self.assertEqual((status, errors), (EQUAL, ""), output)
        self.assertRegex(output, r"^drydock: parity: equal: \d+ processes, \d+ events")
        return output

    def expect_trouble(self, pattern, *words):
        status, output, errors = self.parity(*words)
        self.assertEqual((status, output), (TROUBLE, ""), errors)
        self.assertRegex(errors, pattern)

    def test_equal_runs(self):
        self.expect_equal("--", "true")
        self.assertIn("exit status 3", self.expect_equal("--", "sh", "-c", "seq 100 | sort -r | head -n 3; exit 3"))
        self.assertIn("exit status 137", self.expect_equal("--", "sh", "-c", "kill -9 $$"))
        self.assertIn("exit status 127", self.expect_equal("--", "no-such-program"))

    def test_options(self):
        self.expect_equal("--memory", "64", "--stack", "unguarded", "--env", "A=1 2", "--", "sh", "-c", "echo $A | cat; free")
        self.expect_equal("--", "sh", "-c", "cat /proc/cmdline; grep -c drydock.memory /proc/cmdline")
        self.expect_equal("--", "sort", stdin=b"b\na\n" * 5000)
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"imported\n" * 3000)
            file.flush()
            self.expect_equal("--in", f"{file.name}:/tmp/x", "--", "md5sum", "/tmp/x")
        status, output, _ = self.parity("--quiet", "--", "true")
        self.assertEqual((status, output), (EQUAL, ""))

    def test_waits_take_no_time(self):
        began = time.monotonic()
        self.expect_equal("--", "sh", "-c", "sleep 1000; date; sleep 7 & wait; date +%s")
        self.assertLess(time.monotonic() - began, 60)

    def test_timer_ends_a_loop_without_calls(self):
        self.expect_equal("--", "sh", "-c", "timeout 0.5 sh -c 'while :; do :; done'; echo $?")

    def test_planted_difference(self):
        """An image in which a device has another name."""
        default = pathlib.Path(self.drydock).parent.parent / "guest/drydock.elf"
        content = default.read_bytes()
        self.assertEqual(content.count(b"\0urandom\0"), 1)
        with tempfile.NamedTemporaryFile() as file:
            file.write(content.replace(b"\0urandom\0", b"\0urandon\0"))
            file.flush()
            status, output, _ = self.parity("--image", file.name, "--", "sh", "-c", "echo a; [ -c /dev/urandom ]; echo $?")
        self.assertEqual(status, DIFFERENT, output)
        self.assertRegex(output, r"(?s)events of process \d+ differ from number \d+ on.*the same on both sides.*"
                                 r"simulator:\n  >.*path lookup.*image:\n")
        self.assertRegex(output, r"standard output differs in line 2\n  simulator: 0\\x0a\n  image: +1\\x0a\n")

    def test_trouble(self):
        self.expect_trouble("no program given", "--memory", "64")
        self.expect_trouble("--memory 4096: give a number from 32 to 2048", "--memory", "4096", "--", "true")
        self.expect_trouble("--stack soft", "--stack", "soft", "--", "true")
        self.expect_trouble("--events 0", "--events", "0", "--", "true")
        self.expect_trouble("No such file or directory", "--image", "/no/such.elf", "--", "true")
        self.expect_trouble("QEMU ended|did not come to its end|reset", "--image", "/bin/busybox", "--time-limit", "5", "--", "true")
        self.expect_trouble("did not come to its end in time", "--time-limit", "1", "--", "sh", "-c", "while :; do :; done")
        self.expect_trouble("give more with --events", "--events", "1", "--", "sh", "-c",
                            "i=0; while [ $i -lt 2000 ]; do echo x > /tmp/$i; i=$((i+1)); done")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drydock", default=str(image.REPOSITORY / "build/release/sim/drydock"))
    options, rest = parser.parse_known_args()
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
        return SKIPPED
    if image.find_busybox() is None:
        print("skipped: BusyBox is missing (Debian package busybox-static)")
        return SKIPPED
    ParityTest.drydock = options.drydock
    return 0 if unittest.main(argv=[sys.argv[0], *rest], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
