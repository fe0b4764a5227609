#!/usr/bin/env python3
"""Kernels with a bug on the bare image: each ends with status 125 and says why, with registers, the call chain
by name and the last events, and the machine neither hangs nor starts again.

Exits with 77 (skipped) without QEMU.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
SKIPPED = 77
FAILED = 125
CALL = r"^    ffffffff8\w{7}  %s\+\d+  frame \d+\r?$"


class KernelsThatFail(unittest.TestCase):
    def fails(self, kernel, script, pattern, *calls, output=None):
        words = [BUILD / "sim/drydock", "boot", "--kernel", kernel, "--", "sh", "-c", script]
        result = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                timeout=60, check=False)
        text = result.stderr.decode(errors="replace")
        self.assertEqual(result.returncode, FAILED, text)
        self.assertEqual(len(re.findall(r"^drydock: " + pattern, text, re.MULTILINE)), 1, text)
        self.assertTrue(text.endswith("drydock: the kernel failed; its report is above\n"), text)
        self.assertRegex(text, r"(?m)^  rip ffffffff8\w{7}  \S+\+\d+\r?$")
        self.assertRegex(text, r"rsp \w{16}  rbp \w{16}")
        for name in calls:
            self.assertRegex(text, re.compile(CALL % re.escape(name), re.MULTILINE))
        self.assertRegex(text, r"(?m)^  last events .*\n    [a-z]")
        if output is not None:
            self.assertEqual(result.stdout.decode(), output)

    def test_exception(self):
        self.fails("null-in-sync", "echo before; sync; echo after", r"exception 14 in the kernel, error code 00000002, thread \d+\r",
                   "dispatch_syscall", "run_user_thread", output="before\n")

    def test_assertion(self):
        self.fails("uncounted-prefault", "for i in 1 2 3; do echo a | grep a; done",
                   r"assertion failed: .* \(core/mm/\w+\.\w+:\d+\), thread \d+\r", "dispatch_syscall", "run_user_thread")

    def test_avoidable_faults(self):
        self.fails("stale-template", "for i in 1 2 3; do echo a | grep a; done",
                   r"oracle: \d+ faults on pages that were cached when their program was started, thread 1\r",
                   "ProcessTable::exit_process", "sys_exit_group", "dispatch_syscall", output="a\n" * 3)

    def test_leaked_frames(self):
        self.fails("stack-leaked-per-fork", "for i in 1 2; do (true); done", r"oracle: 8 frames belong to nothing any more, thread 1\r",
                   "ProcessTable::exit_process", "sys_exit_group", "dispatch_syscall")

    def test_no_progress(self):
        self.fails("close-wakes-nobody", "(echo hello; sleep 0.1) | cat", r"the kernel gave up: .*blocked", output="hello\n")


def main():
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
        return SKIPPED
    return 0 if unittest.main(argv=sys.argv, exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
