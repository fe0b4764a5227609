#!/usr/bin/env python3
"""`drydock stack` on kernels whose frames are too large: the bound says so before anything runs deep."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
DRYDOCK = str(BUILD / "sim/drydock")
STACK_BYTES = 16384
WAIT_S = 60


def stack(*arguments):
    """Exit status, both outputs, the report."""
    with tempfile.TemporaryDirectory(prefix="drydock-test-") as folder:
        report = pathlib.Path(folder) / "report"
        done = subprocess.run([DRYDOCK, "stack", "--report", str(report), *arguments], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=WAIT_S, check=False)
        figures = json.loads(report.read_text()) if report.exists() else {}
    return done.returncode, done.stdout, done.stderr, {call["name"]: call for call in figures.get("calls", [])}


class Stacks(unittest.TestCase):
    def test_a_frame_larger_than_the_stack_is_in_the_bound_although_nothing_ran_it(self):
        status, output, _, calls = stack("--kernel", "pipe-on-stack", "--", "sh", "-c", "echo no pipe")
        self.assertEqual(status, 1)
        for name in ("pipe", "pipe2"):
            bound = calls[name]["bound"]
            self.assertGreater(bound["bytes"], STACK_BYTES)
            largest = max(bound["path"], key=lambda step: step["bytes"])
            self.assertTrue(largest["function"].endswith("create_pipe"), largest)
            self.assertGreater(largest["bytes"], 65536)
            self.assertNotIn("seen", calls[name])
        self.assertLess(calls["dup2"]["bound"]["bytes"], 8192)
        self.assertRegex(output, r"more than 12 KiB: seen: none; may need it: .*\bpipe2\b")
        self.assertRegex(output, r"deepest possible: \d+ bytes \(\w+\), \d+ more than there are")

    def test_a_run_that_overflows_is_told_with_what_was_seen_before(self):
        status, output, errors, calls = stack("--kernel", "pipe-on-stack", "--", "sh", "-c", "echo hello | cat")
        self.assertEqual(status, 125)
        self.assertRegex(errors, r"kernel stack overflow in drydock::create_pipe")
        self.assertIn("seen", calls["brk"])
        self.assertIn("OVERFLOWS", output)

    def test_the_sound_kernel_fits(self):
        status, _, errors, calls = stack("--", "sh", "-c", "echo hello | cat")
        self.assertEqual((status, errors), (0, ""))
        self.assertLess(max(call["bound"]["bytes"] for call in calls.values()), 8192)
        self.assertGreater(calls["pipe2"]["seen"]["bytes"], 0)


if __name__ == "__main__":
    unittest.main()
