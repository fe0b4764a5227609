#!/usr/bin/env python3
"""tools/campaign: what it finds, what it refuses, and that it goes on after it was killed."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
DRYDOCK = BUILD / "sim/drydock"
PIPELINE = "for i in 1 2 3; do seq $i 40 | sort -rn | head -n 1; done"


class Replays(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="drydock-campaign-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.traces = self.folder / "traces"
        self.traces.mkdir()
        trace = self.folder / "events"
        subprocess.run([DRYDOCK, "run", "--quiet", "--trace", trace, "--", "sh", "-c", PIPELINE],
                       stdin=subprocess.DEVNULL, capture_output=True, check=True)
        header = subprocess.run([DRYDOCK, "trace", "--header", trace], capture_output=True, check=True).stdout
        (self.traces / "pipeline.trace").write_bytes(header)

    def command(self, *arguments):
        return [sys.executable, str(REPOSITORY / "tools/campaign"), "replays", "--build", str(BUILD), "--state",
                str(self.folder / "state"), "--traces", str(self.traces), *map(str, arguments)]

    def campaign(self, *arguments):
        done = subprocess.run(self.command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    def journal(self):
        return (self.folder / "state/replays.journal").read_text()

    def test_replays_of_a_sound_simulator_are_the_same(self):
        status, text = self.campaign("--runs", 6)
        self.assertEqual(status, 0, text)
        self.assertRegex(text, r"pipeline: 6 of 6 replays have \d+ events, hash [0-9a-f]{32}, status 0")
        result = json.loads((self.folder / "state/replays.json").read_text())
        self.assertEqual(result["figures"]["traces with one hash"], 1)
        self.assertEqual(result["findings"], [])

    def test_what_differs_is_shown_with_its_first_event(self):
        status, text = self.campaign("--runs", 8, "--drydock", BUILD / "broken/drydock-broken-address-order")
        self.assertEqual(status, 1, text)
        self.assertRegex(text, r"FINDING pipeline: \d replays differ from the other \d")
        self.assertRegex(text, r"event \d+ is the first that differs")

    def test_a_trace_that_no_longer_ends_as_recorded_is_a_finding(self):
        path = self.traces / "pipeline.trace"
        path.write_text(path.read_text().replace('outcome: "exited" 0', 'outcome: "exited" 7'))
        subprocess.run([DRYDOCK, "trace", "--reseal", path], stdin=subprocess.DEVNULL, capture_output=True, check=True)
        status, text = self.campaign("--runs", 2)
        self.assertEqual(status, 1, text)
        self.assertIn("every replay ends with status 1", text)

    def test_killed_it_goes_on(self):
        runs = 30
        first = subprocess.Popen(self.command("--runs", runs), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            path = self.folder / "state/replays.journal"
            if path.exists() and len(path.read_text().splitlines()) >= 5:
                break
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
        first.wait()
        kept = len(self.journal().splitlines())
        self.assertLess(kept, runs)
        with open(self.folder / "state/replays.journal", "a", encoding="utf-8") as journal:
            journal.write('["pipeline", "cut in the mid')
        status, text = self.campaign("--runs", runs)
        self.assertEqual(status, 0, text)
        self.assertIn(f"{kept} of {runs} replays were done before", text)
        numbers = [json.loads(line)[2] for line in self.journal().splitlines()]
        self.assertEqual(sorted(numbers), list(range(runs)))

    def test_what_was_done_with_another_program_does_not_count(self):
        self.campaign("--runs", 2)
        other = self.folder / "drydock"
        shutil.copy(DRYDOCK, other)
        with open(other, "ab") as program:
            program.write(b"\0")
        status, text = self.campaign("--runs", 2, "--drydock", other)
        self.assertEqual(status, 0, text)
        self.assertNotIn("were done before", text)

    def test_mistakes_are_told_in_one_line(self):
        for arguments, words in ((("no-such-trace",), "no trace no-such-trace"), (("--runs", 0), "--runs: at least 1"),
                                 (("--drydock", "/none"), "/none is not there")):
            status, text = self.campaign(*arguments)
            self.assertEqual(status, 2, text)
            self.assertEqual(text.count("\n"), 1, text)
            self.assertIn(words, text)
        path = self.traces / "pipeline.trace"
        path.write_text(path.read_text().replace("kernel: unpatched", "kernel: never-built"))
        status, text = self.campaign()
        self.assertEqual((status, text.count("\n")), (2, 1), text)
        self.assertIn("the kernel never-built is not built", text)


class Museum(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="drydock-campaign-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def campaign(self, build, *arguments):
        done = subprocess.run([sys.executable, str(REPOSITORY / "tools/campaign"), "museum", "--build", str(build), "--state",
                               str(self.folder / "state"), *map(str, arguments)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=200, check=False)
        return done.returncode, done.stdout + done.stderr

    def search_that(self, events, status):
        """A build folder whose simulator writes this record of a search, and whose replays all end well."""
        build = self.folder / "build"
        for name in ("sim/drydock", "bugs/drydock-bug-pipe-on-stack"):
            program = build / name
            program.parent.mkdir(parents=True)
            program.write_text("#!/bin/sh\n[ $1 = replay ] && exit 0\nwhile [ \"$1\" != --out ]; do shift; done\n"
                               f"mkdir -p $2; echo header > $2/small; echo '{events}' > $2/campaign.jsonl; exit {status}\n")
            program.chmod(0o755)
        return build

    def test_a_bug_is_found_from_seeds_alone(self):
        status, text = self.campaign(BUILD, "pipe-on-stack")
        self.assertEqual(status, 0, text)
        self.assertRegex(text, r"pipe-on-stack: kernel stack overflow after [\d.]+ s, 1 step left")
        status, text = self.campaign(BUILD, "pipe-on-stack")
        self.assertIn("found 1", text)

    def test_what_is_not_found_is_a_finding(self):
        status, text = self.campaign(self.search_that("{}", 0), "pipe-on-stack", "--budget", 5)
        self.assertEqual(status, 1, text)
        self.assertIn("FINDING pipe-on-stack: not found within 5 s", text)

    def test_what_is_not_minimal_or_fails_on_the_unpatched_kernel_is_a_finding(self):
        finding = json.dumps({"what": "finding", "name": "n", "outcome": "o", "summary": "s", "file": "small", "steps": ["a"],
                              "minimal": False, "executions": 1, "found_ns": 1})
        status, text = self.campaign(self.search_that(finding, 1), "pipe-on-stack")
        self.assertEqual(status, 1, text)
        self.assertIn("not minimal after shrinking", text)
        self.assertIn("the unpatched kernel does not pass it (status 0)", text)

    def test_a_search_that_cannot_run_is_told_in_one_line(self):
        status, text = self.campaign(self.search_that("", 125), "pipe-on-stack")
        self.assertEqual(status, 2, text)
        self.assertIn("search on pipe-on-stack: status 125", text)
        status, text = self.campaign(BUILD, "no-such-bug")
        self.assertEqual((status, text.count("\n")), (2, 1), text)


class Alarms(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="drydock-campaign-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def campaign(self, *arguments, build=BUILD):
        done = subprocess.run([sys.executable, str(REPOSITORY / "tools/campaign"), "alarms", "--build", str(build), "--state",
                               str(self.folder / "state"), *map(str, arguments)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=200, check=False)
        return done.returncode, done.stdout + done.stderr

    def search_that(self, text):
        """A build folder whose simulator says this, as Python, about its words; it leaves nothing undone."""
        build = self.folder / "build"
        for name in ("sim/drydock", "guest/user/suite", "guest/user/probe"):
            (build / name).parent.mkdir(parents=True, exist_ok=True)
            (build / name).write_text("")
        script = build / "sim/drydock"
        script.write_text("#!/usr/bin/env python3\nimport json, pathlib, sys\nwords = sys.argv\n"
                          "record = pathlib.Path(words[words.index('--out') + 1], 'campaign.jsonl')\n"
                          "def note(**event): record.open('a').write(json.dumps(event) + '\\n')\n" + text)
        script.chmod(0o755)
        return build

    def test_orders_rows_and_schedules_are_counted_apart(self):
        build = self.search_that("kind = 'programs' if words[words.index('--orders') + 1] == 'none' else 'orders'\n"
                                 "if not record.exists():\n"
                                 "    for batch in (0, 1): note(what=kind, batch=batch, count=6, worked_ns=30 * 10 ** 9)\n")
        for _ in range(2):  # The second time everything is there.
            status, text = self.campaign("--orders", 30, "--programs", 20, build=build)
            self.assertEqual(status, 0, text)
            figures = json.loads((self.folder / "state/alarms.json").read_text())["figures"]
            self.assertEqual({name: figures[name] for name in ("orders", "rows", "programs", "rows a minute")},
                             {"orders": 36, "rows": 12, "programs": 24, "rows a minute": 24})
            # The default, one of two batches with schedules, both with failures, twice.
            self.assertEqual((figures["schedules"], figures["orders a minute"]), (6, 24))

    def test_what_is_found_is_told_with_the_file_that_replays_it(self):
        build = self.search_that("note(what='finding', name='some benchmark alone', outcome='frames leaked', summary='4',\n"
                                 "     file='finding-1.header')\nsys.exit(1)\n")
        status, text = self.campaign("--programs", 0, build=build)
        self.assertEqual(status, 1, text)
        self.assertRegex(text, r"FINDING rows: some benchmark alone: frames leaked: 4 \(\S+/rows-\S+/finding-1.header\)")

    def test_it_hears_a_real_alarm(self):
        status, text = self.campaign("rows", "--kernel", "pipe-on-stack")
        self.assertEqual(status, 1, text)
        self.assertIn("FINDING rows: ", text)
        self.assertIn("kernel stack overflow", text)

    def test_mistakes_are_told_in_one_line(self):
        for arguments, words in ((("--orders", 0), "--orders: at least 1"), (("--kernel", "none-such"), "none-such is not built"),
                                 (("columns",), "no search columns")):
            status, text = self.campaign(*arguments)
            self.assertEqual((status, text.count("\n")), (2, 1), text)
            self.assertIn(words, text)
        status, text = self.campaign(build=self.search_that("sys.exit('broken')\n"))
        self.assertEqual((status, text.count("\n")), (2, 1), text)
        self.assertIn("search for schedules: status 1: broken", text)


if __name__ == "__main__":
    unittest.main()
