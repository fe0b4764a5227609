#!/usr/bin/env python3
"""Kernel stacks end at the same byte in the simulator and on the image, and what lies below them is the same:
the same object code of kernels with a bug, run by both.

Exits with 77 (skipped) without QEMU or musl-gcc.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
SKIPPED = 77
FAILED = 125
PROGRAM = REPOSITORY / "tests/bugs/deep_call.c"
# What both sides say in these words; the rest of the line says it in their own.
OVERFLOW = re.compile(r"kernel stack overflow in (?:drydock::)?(?:\(anonymous namespace\)::)?(?P<function>[\w:]+).*?: a frame of (?P<frame>\d+) bytes, "
                      r"(?P<below>\d+) bytes below the base of a stack of 16384")
# The frames of a call chain: in the simulator "#1 528 bytes NAME+0x49", which is in the call, on the image
# "ADDRESS NAME+74 frame 528", which is behind it.
SIMULATED_CALL = re.compile(r"^    #\d+ +(\d+) bytes  (?:drydock::)?(?:\(anonymous namespace\)::)?([\w:]+).*\+0x([0-9a-f]+)$", re.MULTILINE)
BOOTED_CALL = re.compile(r"^    ffffffff8\w{7}  ([\w:]+)\+(\d+)  frame (\d+)\r?$", re.MULTILINE)


class StackTest(unittest.TestCase):
    program = None

    def drydock(self, *words):
        result = subprocess.run([BUILD / "sim/drydock", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=120, check=False)
        return result.returncode, result.stdout.decode(), result.stderr.decode(errors="replace")

    def deep_call(self, depth, *options):
        return [*options, "--kernel", "deep-call-in-sync", "--in", f"{self.program}:/deep_call", "--", "/deep_call", str(depth)]

    def overflow(self, *words):
        status, _, errors = self.drydock(*words)
        self.assertEqual(status, FAILED, errors)
        found = OVERFLOW.search(errors)
        self.assertIsNotNone(found, errors)
        return found.groupdict(), errors

    def expect_same_overflow(self, *words):
        """The fields of the report's first line, when both sides agree on them and on the place."""
        simulated, text = self.overflow("run", *words)
        booted, booted_text = self.overflow("boot", *words)
        self.assertEqual(simulated, booted)
        place = re.search(r"^  at .*\+0x([0-9a-f]+)$", text, re.MULTILINE).group(1)
        booted_place = re.search(r"^  rip ffffffff8\w{7}  \S+\+(\d+)\r?$", booted_text, re.MULTILINE).group(1)
        self.assertEqual(int(place, 16), int(booted_place))
        calls = [(name, int(offset, 16) + 1, int(size)) for size, name, offset in SIMULATED_CALL.findall(text)]
        booted_calls = [(name, int(offset), int(size)) for name, offset, size in BOOTED_CALL.findall(booted_text)]
        # The first of the simulator's is the function itself. Both cut what is very long.
        self.assertGreater(len(booted_calls), 3)
        self.assertEqual(calls[1:20], booted_calls[:19])
        return simulated

    def test_deep_calls_overflow_at_the_same_byte(self):
        found = self.expect_same_overflow(*self.deep_call(40))
        self.assertEqual(found["function"], "descend")
        self.assertEqual(found, self.expect_same_overflow(*self.deep_call(100)))

    def test_the_call_that_just_fits_fits_on_both(self):
        """The first depth that fails in the simulator fails on the image, and the one before does not."""
        depth = next(depth for depth in range(20, 40) if self.drydock("run", "--quiet", *self.deep_call(depth))[0] != 0)
        self.expect_same_overflow(*self.deep_call(depth))
        status, output, errors = self.drydock("boot", *self.deep_call(depth - 1))
        self.assertEqual((status, output), (0, "8 calls\n"), errors)

    def test_a_frame_larger_than_the_stack(self):
        found = self.expect_same_overflow("--kernel", "pipe-on-stack", "--", "sh", "-c", "echo hello | cat")
        self.assertGreater(int(found["frame"]), 65536)

    def test_the_same_neighbour_is_overwritten(self):
        """The numbers of the frames, the bytes and the words in them: output and events are compared."""
        words = self.deep_call(40, "--stack", "unguarded")
        status, output, errors = self.drydock("parity", *words)
        self.assertEqual(status, 0, output + errors)
        for command in ("run", "boot"):
            status, output, errors = self.drydock(command, *words)
            self.assertEqual(status, 0, errors)
            self.assertRegex(output, r"(?m)^frame \d+: page 1 before the gap, bytes 0 to 4095, \d{3} marks, \d+ other words$")
        status, output, _ = self.drydock("parity", *self.deep_call(10, "--stack", "unguarded"))
        self.assertEqual(status, 0, output)
        self.assertEqual(self.drydock("boot", *self.deep_call(10, "--stack", "unguarded"))[1], "8 calls\n")

    def test_kernels_that_cannot_be_booted_are_said(self):
        for command in ("boot", "parity"):
            status, _, errors = self.drydock(command, "--kernel", "no-such", "--", "true")
            self.assertEqual(status, FAILED)
            self.assertRegex(errors, r"^drydock: --kernel no-such: .*\n$")
            status, _, errors = self.drydock(command, "--kernel", "pipe-on-stack", "--image", "/bin/true", "--", "true")
            self.assertEqual((status, errors), (FAILED, "drydock: --image and --kernel both name an image; give one\n"))


def main():
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
        return SKIPPED
    compiler = shutil.which("musl-gcc")
    if compiler is None:
        print("skipped: musl-gcc is missing (Debian package musl-tools)")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="drydock-stack-") as scratch:
        StackTest.program = pathlib.Path(scratch, "deep_call")
        subprocess.run([compiler, "-static", "-O1", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o", StackTest.program, PROGRAM],
                       check=True)
        return 0 if unittest.main(argv=sys.argv, exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
