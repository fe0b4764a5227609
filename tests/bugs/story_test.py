#!/usr/bin/env python3
"""`drydock story`: both bugs are shown, in numbers that are the same each time."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
DRYDOCK = str(BUILD / "sim/drydock")
WAIT_S = 60
PUBLISHED_SAVING_US = (10, 40)


def tell(*options):
    with tempfile.TemporaryDirectory(prefix="drydock-test-") as folder:
        path = pathlib.Path(folder) / "story.json"
        done = subprocess.run([DRYDOCK, "story", "--quiet", "--report", str(path), *options], capture_output=True,
                              stdin=subprocess.DEVNULL, text=True, timeout=WAIT_S, check=False)
        return done, json.loads(path.read_text()) if path.exists() else None


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.done, cls.report = tell()

    def test_both_bugs_show(self):
        self.assertEqual((self.done.returncode, self.done.stderr), (0, ""))
        self.assertEqual(self.report["problems"], [])
        self.assertEqual(self.report["cost_table"], "reference-kvm")

    def test_the_published_table_is_reproduced(self):
        rows = {row["benchmark"]: row for row in self.report["template"]["workloads"]}
        self.assertEqual(list(rows), ["exec_true", "shell_noop", "pipe_grep", "sed_pipeline", "sort_uniq", "tar_extract"])
        for name, row in rows.items():
            low, high = row["published_ratio"]
            self.assertGreater(row["before_ns"], row["after_ns"], name)
            self.assertTrue(0.9 * low <= row["ratio"] <= 1.1 * high, (name, row["ratio"], low, high))
            self.assertGreater(row["avoidable_faults_before"], 0, name)
            self.assertEqual(row["avoidable_faults_after"], 0, name)
            if name != "exec_true":
                self.assertTrue(PUBLISHED_SAVING_US[0] <= row["saved_us_per_exec"] <= PUBLISHED_SAVING_US[1], name)

    def test_the_template_is_told_exec_by_exec(self):
        def told(execs):
            return [(item["template"], item["pages_loaded"], item["avoidable_faults"]) for item in execs]
        found = told(self.report["template"]["execs_with_bug"])
        shell, grep = found[0][1], found[1][1]
        self.assertGreater(min(shell, grep), 20)
        self.assertEqual(found, [("miss", shell, 0), ("miss", grep, 0)] + [("hit", 0, 0), ("hit", 0, grep)] * 5)
        found = told(self.report["template"]["execs_without"])
        self.assertEqual(found, [("miss", shell, 0), ("stale", grep, 0), ("stale", 0, 0)] + [("hit", 0, 0)] * 9)
        self.assertIn(f": 49 times {grep}. Without: 0.", self.done.stdout)

    def test_the_pipe_is_found_at_its_first_call(self):
        guarded, published, *others = self.report["pipes"]
        self.assertEqual((guarded["stack"], guarded["outcome"]), ("guarded", "kernel stack overflow"))
        self.assertRegex(guarded["summary"], r"create_pipe.*\(pipe\): a frame of 65\d\d\d bytes, \d+ bytes below the base "
                                             r"of a stack of 16384$")
        self.assertEqual((guarded["failed_in"], guarded["pipe_calls"]), ("pipe", 1))
        self.assertEqual((published["stack"], published["order"]), ("unguarded", ""))
        self.assertFalse(published["is_complete"])
        # Here an order fails if anything in it makes a pipe.
        for run in others:
            self.assertEqual(run["is_complete"], run["pipe_calls"] == 0, run["order"])
            self.assertEqual(run["is_complete"], not {"sort_uniq", "pipe"} & set(run["order"].split(",")), run["order"])
            # Below the stack at the newest pipe(): 64 KiB.
            self.assertEqual(len(run["below"]), 16 if run["pipe_calls"] > 0 else 0)

    def test_it_is_the_same_story_each_time(self):
        again, report = tell()
        self.assertEqual(again.stdout, self.done.stdout)
        self.assertEqual(report, self.report)

    def test_mistakes_are_told_in_one_line(self):
        for option, word in (("--part", "nothing"), ("--report", "/nonexistent/folder/file")):
            done = subprocess.run([DRYDOCK, "story", option, word], capture_output=True, stdin=subprocess.DEVNULL, text=True,
                                  timeout=WAIT_S, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (125, "", 1))
            self.assertTrue(done.stderr.startswith("drydock: "), done.stderr)


if __name__ == "__main__":
    unittest.main()
