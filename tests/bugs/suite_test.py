#!/usr/bin/env python3
"""The benchmark suite on kernels with a bug: it stops with the benchmark named, or counts what the bug costs each."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
DRYDOCK = str(BUILD / "sim/drydock")
WAIT_S = 60


def run_suite(*options):
    """Exit status, standard error, report."""
    with tempfile.TemporaryDirectory(prefix="drydock-test-") as folder:
        report = pathlib.Path(folder) / "report.json"
        done = subprocess.run([DRYDOCK, "suite", "--quiet", "--report", str(report), *options], capture_output=True,
                              stdin=subprocess.DEVNULL, text=True, timeout=WAIT_S, check=False)
        return done.returncode, done.stderr, json.loads(report.read_text())


def children_of(process):
    text = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(word) for word in text.split()]


class SuiteOnKernelsWithABug(unittest.TestCase):
    def stops(self, kernel, place, benchmark, problem, *options):
        status, errors, report = run_suite("--kernel", kernel, *options)
        self.assertEqual(status, 125)
        self.assertFalse(report["complete"])
        self.assertEqual(report["kernel"], kernel)
        self.assertEqual(report["stopped_in"], {"place": place, "benchmark": benchmark})
        self.assertRegex(report["problem"], rf"^in benchmark {place} of \d+, {benchmark}: {problem}")
        self.assertEqual(len(report["benchmarks"]), place - 1)
        self.assertIn(report["problem"], errors)

    def test_the_benchmark_is_named_in_any_order(self):
        self.stops("pipe-on-stack", 4, "pipe", "kernel stack overflow in .*create_pipe")
        self.stops("pipe-on-stack", 3, "sort_uniq", "kernel stack overflow in .*create_pipe", "--order",
                   "getpid,stat,sort_uniq,tar_extract")
        self.stops("close-wakes-nobody", 2, "pipe_pingpong", "no progress", "--order", "pipe,pipe_pingpong")

    def test_avoidable_faults_belong_to_their_benchmark(self):
        options = ("--kernel", "stale-template", "--only", "exec_true,shell_noop,pipe_grep")
        status, _, report = run_suite(*options)
        self.assertEqual(status, 125)
        self.assertEqual(report["outcome"], "avoidable faults")
        self.assertIsNone(report["stopped_in"])
        found = {item["name"]: item["avoidable_faults"] for item in report["benchmarks"]}
        self.assertEqual(found["exec_true"], 0)
        self.assertGreater(found["shell_noop"], 0)
        # Of two execs each, grep's is the one that faults: the same pages each time.
        self.assertGreater(found["pipe_grep"], 20 * 50)
        self.assertEqual(run_suite(*options)[2]["benchmarks"], report["benchmarks"])
        status, _, sound = run_suite(*options[2:])
        self.assertEqual(status, 0)
        self.assertEqual([item["avoidable_faults"] for item in sound["benchmarks"]], [0, 0, 0])

    def test_template_is_seen_going_stale_exec_by_exec(self):
        """The shell and grep in turn: the published story of a template that is never rebuilt."""
        def story(kernel):
            execs = run_suite("--kernel", kernel, "--order", "pipe_grep")[2]["benchmarks"][0]["first_execs"]
            return [(item["template"], item["pages_loaded"], item["pages_mapped"], item["avoidable_faults"])
                    for item in execs]
        found = story("stale-template")
        shell_pages, grep_pages = found[0][1], found[1][1]
        self.assertGreater(shell_pages, 40)
        self.assertGreater(grep_pages, 25)
        steady = [("hit", 0, 0, 0), ("hit", 0, grep_pages, grep_pages)] * 5
        self.assertEqual(found, [("miss", shell_pages, 0, 0), ("miss", grep_pages, 0, 0), *steady])
        found = story("unpatched")
        self.assertEqual(found, [("miss", shell_pages, 0, 0), ("stale", grep_pages, 0, 0), ("stale", 0, 0, 0)] +
                         [("hit", 0, 0, 0)] * 9)

    def test_a_time_limit_names_the_benchmark(self):
        self.stops("unpatched", 2, "read_null", "time limit", "--time-limit", "0.001")

    def test_a_run_whose_process_is_lost_names_the_benchmark(self):
        with tempfile.TemporaryDirectory(prefix="drydock-test-") as folder:
            path = pathlib.Path(folder) / "report.json"
            command = [DRYDOCK, "suite", "--quiet", "--full", "--order", "stat,getpid", "--repeat", "500", "--report",
                       str(path)]
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True) as process:
                process.stdout.readline()
                self.assertIn("stat", process.stdout.readline())
                (child,) = children_of(process.pid)
                began = time.monotonic()
                os.kill(child, signal.SIGABRT)
                _, errors = process.communicate(timeout=WAIT_S)
            self.assertLess(time.monotonic() - began, WAIT_S)
            report = json.loads(path.read_text())
            self.assertEqual(process.returncode, 125)
            self.assertFalse(report["complete"])
            self.assertGreaterEqual(report["stopped_in"]["place"], 2)
            self.assertIn(f"in benchmark {report['stopped_in']['place']} of 1000, ", errors)
            self.assertIn("crash", report["problem"])


if __name__ == "__main__":
    unittest.main()
