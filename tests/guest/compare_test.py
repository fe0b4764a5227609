#!/usr/bin/env python3
"""`drydock compare`: the image beside Linux's stored counts, its files, its errors; tools/compare_limits."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.dont_write_bytecode = True
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
DRYDOCK = BUILD / "sim/drydock"
FAILED = 125
WAIT_S = 180


def run(*options, env=None):
    done = subprocess.run([str(DRYDOCK), "compare", *map(str, options)], cwd=REPOSITORY, stdin=subprocess.DEVNULL, env=env,
                          capture_output=True, text=True, timeout=WAIT_S, check=False)
    return done.returncode, done.stdout, done.stderr


def limits_tool():
    loader = importlib.machinery.SourceFileLoader("compare_limits", str(REPOSITORY / "tools/compare_limits"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("compare_limits", loader))
    loader.exec_module(module)
    return module


class Compare(unittest.TestCase):
    def test_two_benchmarks_beside_stored_counts(self):
        with tempfile.TemporaryDirectory(prefix="drydock-compare-") as folder:
            report, picture = pathlib.Path(folder, "r.json"), pathlib.Path(folder, "p.svg")
            status, text, errors = run("--only", "getpid,pipe", "--linux", "stored", "--icount", "--json", report, "--svg", picture)
            self.assertEqual((status, errors), (0, ""))
            data = json.loads(report.read_text())
            root = xml.etree.ElementTree.parse(picture).getroot()
        lines = text.splitlines()
        self.assertRegex(lines[0], r"^instructions +drydock +Linux +ratio +label")
        self.assertRegex(lines[1], r"^getpid +\d+ +\d+ +\d\.\d{3} +(faster|OK|marginal|REGRESSION)")
        self.assertRegex(lines[2], r"^pipe +\d+ +\d+ +\d\.\d{3} ")
        self.assertRegex(text, r"(?m)^\d faster, \d OK, \d marginal, \d regressions; median ratio \d\.\d{3}$")
        self.assertRegex(text, r"(?m)^Linux: linux-image-\S+-cloud-amd64 \S+, mitigations off, stored counts$")
        self.assertRegex(text, r"(?m)^Suite: gcc \S+, musl \S+, static ")
        self.assertEqual([item["name"] for item in data["benchmarks"]], ["getpid", "pipe"])
        self.assertEqual(data["linux"]["source"], "stored")
        self.assertEqual(data["unit"], "instructions")
        for item in data["benchmarks"]:
            ours, theirs = item["drydock"]["per_iteration"], item["linux"]["per_iteration"]
            self.assertGreater(ours, 100)
            self.assertAlmostEqual(item["ratio"], ours / theirs)
            self.assertEqual(item["hidden"]["root_loads"], 0)
        # Four kilobytes each way take more than a call that takes nothing.
        self.assertGreater(data["benchmarks"][1]["drydock"]["per_iteration"],
                           data["benchmarks"][0]["drydock"]["per_iteration"])
        self.assertTrue(root.tag.endswith("svg"))

    def test_counts_of_two_runs_are_the_same(self):
        with tempfile.TemporaryDirectory(prefix="drydock-compare-") as folder:
            report = pathlib.Path(folder, "r.json")
            status, _, errors = run("--only", "uname,fork_exit", "--linux", "stored", "--icount", "--runs", "2", "--json", report)
            self.assertEqual((status, errors), (0, ""))
            for item in json.loads(report.read_text())["benchmarks"]:
                totals = item["drydock"]["totals"]
                self.assertEqual(len(totals), 2)
                self.assertEqual(totals[0], totals[1])

    def check_refusal(self, said, *options, env=None):
        status, text, errors = run(*options, env=env)
        self.assertEqual((status, text), (FAILED, ""))
        self.assertRegex(errors, r"\Adrydock: .+\n\Z")
        self.assertIn(said, errors)

    def test_wrong_options_are_one_line(self):
        self.check_refusal("--mitigations none: give off or default", "--mitigations", "none")
        self.check_refusal("--accel hvf: give tcg or kvm", "--accel", "hvf")
        self.check_refusal("give --accel tcg", "--accel", "kvm", "--icount")
        self.check_refusal("nonsense", "--only", "getpid,nonsense")
        self.check_refusal("give --icount", "--linux", "stored")
        self.check_refusal("leave out --full", "--linux", "stored", "--icount", "--full")
        self.check_refusal("/nowhere", "--linux", "/nowhere", "--only", "getpid")
        self.check_refusal("--store", "--store", "--only", "getpid", "--icount")
        self.check_refusal("--runs", "--runs", "0")
        self.check_refusal("/nowhere/x.json", "--json", "/nowhere/x.json", "--icount", "--linux", "stored")

    def test_a_missing_emulator_is_one_line(self):
        self.check_refusal("install Debian's qemu-system-x86", "--icount", "--linux", "stored", env={"PATH": "/nowhere"})

    def test_no_package_is_one_line(self):
        with tempfile.TemporaryDirectory(prefix="drydock-compare-") as folder:
            for name in ("qemu-system-x86_64", "python3"):
                os.symlink(shutil.which(name), pathlib.Path(folder, name))
            self.check_refusal("apt-get is missing", "--icount", "--only", "getpid",
                               env={"PATH": folder, "DRYDOCK_LINUX_CACHE": folder + "/none"})

    def test_a_kernel_that_is_none_is_one_line(self):
        self.check_refusal("Linux did not run the suite to its end", "--icount", "--only", "getpid", "--linux", "/etc/passwd")


class Limits(unittest.TestCase):
    """Without a boot: what is let through."""

    @staticmethod
    def report(**ratios):
        return {"benchmarks": [{"name": name, "ratio": ratio, "drydock": {"per_iteration": 100 * (ratio or 0), "skipped": "why"},
                                "linux": {"per_iteration": 100}} for name, ratio in ratios.items()]}

    def test_what_is_above_its_limit_is_named(self):
        tool = limits_tool()
        self.assertEqual(tool.problems_of(self.report(getpid=1.0, pipe=2.0), {"pipe": 2.0}), [])
        self.assertEqual(tool.problems_of(self.report(pipe=2.03), {"pipe": 2.0}), [])
        self.assertIn("getpid", tool.problems_of(self.report(getpid=1.001), {})[0])
        self.assertIn("pipe", tool.problems_of(self.report(pipe=2.05), {"pipe": 2.0})[0])
        self.assertIn("why", tool.problems_of(self.report(pipe=None), {"pipe": 2.0})[0])

    def test_limits_only_go_down(self):
        tool = limits_tool()
        self.assertEqual(tool.lowered(self.report(pipe=1.5, stat=2.1, uname=0.9), {"pipe": 2.0, "stat": 2.0, "uname": 1.2}),
                         {"pipe": 1.5, "stat": 2.0})
        self.assertEqual(tool.lowered(self.report(getpid=3.0), {}), {})

    def test_the_stored_limits_can_be_read(self):
        tool = limits_tool()
        tool.read_limits(tool.LIMITS)


if __name__ == "__main__":
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
        sys.exit(77)
    unittest.main()
