#!/usr/bin/env python3
"""Every applet of BusyBox is used by a command line of tests/busybox/table, or tests/busybox/applets.excused says why not."""

import importlib.machinery
import importlib.util
import pathlib
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
BUSYBOX = "/bin/busybox"
# Where a command's name may stand: at the start, behind what ends another command, or behind a word that runs one.
BEFORE = r"(?:^|[\n;|&(`!{]|\$\(|\b(?:do|then|else|if|while|until|time|exec|busybox|env|xargs|nohup|timeout [\d.]+|timeout -s KILL [\d.]+|sh -c ['\"]|trap ['\"]))"
OPTIONS = r"\s*(?:-\w+\s+|\w+=\S*\s+|/(?:usr/)?s?bin/)*"


def load_runner():
    loader = importlib.machinery.SourceFileLoader("run_table", str(HERE / "run_table"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_table", loader))
    loader.exec_module(module)
    return module


def is_used(applet, scripts):
    """Whether some script runs it; a name inside a here-document or a quoted text may pass for a command, which a review has to see."""
    pattern = re.compile(BEFORE + OPTIONS + re.escape(applet) + r"(?=$|[\s;|&)<>`'\"])", re.MULTILINE)
    return any(pattern.search(script) for script in scripts)


def read_excuses():
    excuses = {}
    for line in (HERE / "applets.excused").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            applet, reason = line.split(None, 1)
            excuses[applet] = reason
    return excuses


class Applets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.applets = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True).stdout.split()
        cls.scripts = [entry.script for entry in load_runner().load_table()]
        cls.excuses = read_excuses()

    def test_each_is_used_or_excused(self):
        missing = [applet for applet in self.applets if applet not in self.excuses and not is_used(applet, self.scripts)]
        self.assertEqual(missing, [])

    def test_no_excuse_is_for_one_that_is_used_or_does_not_exist(self):
        wrong = [applet for applet in self.excuses if applet not in self.applets or is_used(applet, self.scripts)]
        self.assertEqual(wrong, [])

    def test_tests_that_excuses_name_use_the_applet(self):
        for applet, reason in self.excuses.items():
            if reason.startswith("tests/"):
                text = (REPOSITORY / reason).read_text()
                self.assertRegex(text, rf"\b{re.escape(applet)}\b", f"{reason} does not use {applet}")

    def test_a_name_in_an_argument_is_no_use(self):
        self.assertTrue(is_used("cat", ["echo x | cat -n"]))
        self.assertTrue(is_used("cat", ["seq 3 | xargs cat"]))
        self.assertTrue(is_used("cat", ["x=$(/bin/cat f)"]))
        self.assertFalse(is_used("cat", ["echo cat"]))
        self.assertFalse(is_used("cat", ["concat f; cat2"]))


if __name__ == "__main__":
    unittest.main()
