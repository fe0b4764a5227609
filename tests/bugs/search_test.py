#!/usr/bin/env python3
"""Searching and shrinking on kernels with a bug: what is left is small, fails again, and passes on the sound kernel."""

import json
import os
import pathlib
import re
import signal
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


class Searching(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="drydock-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "campaign"

    def search(self, *options, folder=None):
        return drydock("search", "--jobs", "2", "--out", str(folder or self.folder), *options)

    def events(self, what, folder=None):
        lines = ((folder or self.folder) / "campaign.jsonl").read_text().splitlines()
        return [event for event in map(json.loads, lines) if event["what"] == what]

    def test_an_overflow_from_nothing(self):
        began = time.monotonic()
        status, output, errors = self.search("--orders", "random", "--kernel", "pipe-on-stack", "--stack", "unguarded",
                                             "--first", "--budget", "60")
        self.assertEqual(status, 1, output + errors)
        self.assertLess(time.monotonic() - began, 60)
        self.assertRegex(output, r"^canary found in [\d.]+ s: ")
        self.assertRegex(output, r"(?s)finding 1: .*create_pipe.*run again, it took the same way")
        header = str(self.folder / "finding-1.header")
        self.assertEqual(drydock("replay", header)[0], 0)
        self.assertEqual(drydock("replay", "--kernel", "unpatched", header)[0], 1)

    def test_a_failure_that_needs_two_benchmarks(self):
        status, output, errors = self.search("--orders", "pairs", "--kernel", "canary", "--no-canary", "--first",
                                             "--shard", "4/44")
        self.assertEqual(status, 1, output + errors)
        self.assertRegex(output, r"(?s)finding 1: \w+,\w+, seen after the last benchmark\n  wrong reference counts")
        self.assertEqual(len(self.events("finding")[0]["steps"]), 2)
        self.assertTrue(self.events("finding")[0]["minimal"])

    def test_a_check_of_a_random_program(self):
        status, output, errors = self.search("--programs", "random", "--kernel", "exec-keeps-handlers", "--no-canary",
                                             "--first")
        self.assertEqual(status, 1, output + errors)
        self.assertRegex(output, r"finding 1: probe [\w-]+ alone\n  exited: ")
        self.assertEqual(len(self.events("finding")[0]["steps"]), 1)

    def test_a_sound_kernel(self):
        status, output, errors = self.search("--no-canary", "--budget", "4")
        self.assertEqual(status, 0, output + errors)
        self.assertIn("0 findings of 0 failures", output)

    def test_ends_after_so_many_runs(self):
        options = ("--programs", "random", "--no-canary", "--runs", "9")
        status, output, errors = self.search(*options)
        self.assertEqual(status, 0, output + errors)
        # Batches of eight.
        self.assertRegex(output, "(?m)^16 programs ")
        status, output, errors = self.search(*options)
        self.assertEqual((status, len(self.events("programs"))), (0, 2), output + errors)

    def test_injected_failures_do_not_keep_orders_from_running(self):
        status, output, errors = self.search("--orders", "random", "--no-canary", "--runs", "12", "--faults",
                                             "alloc,short-io,eintr,timer")
        self.assertEqual(status, 0, output + errors)
        # Only those count that came to a result, and many pairs of benchmarks stood side by side.
        self.assertGreaterEqual(int(re.search(r"(?m)^(\d+) orders .* (\d+) of 1892 pairs", output)[1]), 12)
        self.assertGreater(int(re.search(r"(\d+) of 1892 pairs", output)[1]), 100)

    def test_goes_on_after_it_was_killed(self):
        options = ("--orders", "pairs", "--no-canary", "--quiet")
        command = [DRYDOCK, "search", "--jobs", "2", "--out", str(self.folder), *options]
        record = self.folder / "campaign.jsonl"
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as first:
            deadline = time.monotonic() + WAIT_S
            while time.monotonic() < deadline and not (record.exists() and self.batches_so_far(record) >= 1):
                time.sleep(0.1)
            first.send_signal(signal.SIGKILL)
        done = self.batches_so_far(record)
        self.assertGreaterEqual(done, 1)
        with record.open("a") as file:
            file.write('{"what":"orders","bat')
        status, output, errors = self.search(*options, "--budget", "2")
        self.assertEqual(status, 0, output + errors)
        self.assertIn("going on with the campaign", output)
        batches = [event["batch"] for event in self.events("orders")]
        self.assertGreaterEqual(len(batches), done)
        self.assertEqual(len(batches), len(set(batches)))
        # With other options it is another campaign.
        status, _, errors = self.search("--orders", "rows", "--no-canary")
        self.assertEqual(status, 125)
        self.assertRegex(errors, r"^drydock: [^\n]*other options or another kernel[^\n]*\n$")

    @staticmethod
    def batches_so_far(record):
        return record.read_text().count('{"what":"orders"')

    def test_shards_are_merged(self):
        folders = [self.folder / str(number) for number in (1, 2)]
        for number, folder in enumerate(folders, 3):
            status, output, errors = self.search("--orders", "pairs", "--kernel", "canary", "--no-canary", "--first",
                                                 "--budget", "3", "--shard", f"{number}/44", folder=folder)
            self.assertIn(status, (0, 1), output + errors)
        status, output, errors = drydock("search", "--merge", *map(str, folders))
        self.assertEqual(status, min(1, sum(len(self.events("finding", folder)) for folder in folders)), errors)
        self.assertRegex(output, r"(?m)^2 of 44 shards: \d+ orders ")
        for wrong in ([], [folders[0], folders[0]], [self.folder / "3"]):
            status, output, errors = drydock("search", "--merge", *map(str, wrong))
            self.assertEqual((status, output), (125, ""))
            self.assertRegex(errors, r"^drydock: [^\n]+\n$")

    def test_what_cannot_be_searched(self):
        for options in (["--orders", "all"], ["--schedules", "0"], ["--budget", "0"], ["--budget", "5x"], ["--shard", "3/2"],
                        ["--shard", "1"], ["--jobs", "0"], ["--faults", "fire"], ["--runs", "0"], ["--orders", "none"], ["--kernel", "no-such"],
                        ["--programs", "all"], ["folder"]):
            status, output, errors = self.search(*options)
            self.assertEqual((status, output), (125, ""), options)
            self.assertRegex(errors, r"^drydock: [^\n]+\n$", options)
        self.assertFalse(self.folder.exists())


if __name__ == "__main__":
    unittest.main()
