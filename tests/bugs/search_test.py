#!/usr/bin/env python3
"""Shrinking on kernels with a bug: what is left is small, fails again, and passes on the sound kernel."""

import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
DRYDOCK = str(BUILD / "sim/drydock")
WAIT_S = 60


def drydock(*arguments):
    """Exit status, standard output, standard error."""
    done = subprocess.run([DRYDOCK, *arguments], capture_output=True, stdin=subprocess.DEVNULL, text=True,
                          errors="replace", timeout=WAIT_S, check=False)
    return done.returncode, done.stdout, done.stderr


class Shrinking(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="drydock-test-")
        self.addCleanup(folder.cleanup)
        self.trace = str(pathlib.Path(folder.name) / "trace")
        self.small = self.trace + ".min"

    def record(self, *options):
        return drydock("suite", "--quiet", "--trace", self.trace, *options)[0]

    def shrinks(self, most, pattern):
        """To at most so many benchmarks in 20 executions; the small one replays."""
        began = time.monotonic()
        status, output, errors = drydock("shrink", self.trace)
        seconds = time.monotonic() - began
        self.assertEqual(status, 0, output + errors)
        benchmarks = int(re.match(r"(\d+) benchmarks? of 44: ", output).group(1))
        executions = int(re.search(r"^(\d+) executions, ", output, re.MULTILINE).group(1))
        self.assertLessEqual(benchmarks, most, output)
        self.assertLessEqual(executions, 20, output)
        self.assertRegex(output, pattern)
        self.assertEqual(drydock("replay", self.small)[0], 0)
        self.assertEqual(drydock("replay", "--kernel", "unpatched", self.small)[0], 1)
        return seconds

    def test_an_overflow_of_unguarded_stacks(self):
        self.assertEqual(self.record("--kernel", "pipe-on-stack", "--stack", "unguarded"), 125)
        seconds = self.shrinks(3, r"create_pipe")
        self.assertLess(seconds, 10)

    def test_an_overflow_late_in_an_order(self):
        self.assertEqual(self.record("--kernel", "pipe-on-stack", "--order-row", "20"), 125)
        self.shrinks(1, r"alone\nkernel stack overflow")

    def test_avoidable_faults_seen_after_the_last_benchmark(self):
        self.assertEqual(self.record("--kernel", "stale-template", "--order-seed", "5"), 125)
        self.shrinks(1, r"seen after the last benchmark\navoidable faults")

    def test_a_program_other_than_the_suite(self):
        status, _, _ = drydock("run", "--quiet", "--kernel", "close-wakes-nobody", "--seed", "3", "--trace", self.trace,
                               "--", "sh", "-c", "(echo hello; sleep 0.1) | cat; seq 9 | sort")
        self.assertEqual(status, 125)
        status, output, errors = drydock("shrink", self.trace)
        self.assertEqual(status, 0, output + errors)
        self.assertIn("no progress", output)
        header = pathlib.Path(self.small).read_text()
        self.assertIn("\nseed: 0\nchoices: recorded\noutcome: ", header)

    def test_a_run_that_does_not_fail(self):
        self.assertEqual(self.record("--order", "getpid,stat"), 0)
        status, output, _ = drydock("shrink", self.trace)
        self.assertEqual(status, 1)
        self.assertIn("the run does not fail", output)
        self.assertFalse(os.path.exists(self.small))

    def test_a_file_that_was_cut_or_altered(self):
        self.record("--order", "getpid")
        whole = pathlib.Path(self.trace).read_bytes()
        header = whole.index(b"\n\n")
        for damaged in (whole[:header // 2], whole[:-30], whole.replace(b"seed: 0", b"seed: 1"), b"", b"\0" * 100):
            pathlib.Path(self.trace).write_bytes(damaged)
            status, output, errors = drydock("shrink", self.trace)
            self.assertEqual((status, output), (125, ""))
            self.assertRegex(errors, r"^drydock: [^\n]+\n$")


if __name__ == "__main__":
    unittest.main()
