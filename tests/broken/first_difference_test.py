#!/usr/bin/env python3
"""Simulators broken on purpose: tools/determinism finds out, and shows the first event that two runs do not share."""

import os
import pathlib
import re
import subprocess
import time
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
MOST_SECONDS = 10
PIPELINE = "for i in 1 2 3; do seq $i 40 | sort -rn | head -n 1; done"


def determinism(program):
    began = time.monotonic()
    done = subprocess.run(["python3", str(REPOSITORY / "tools/determinism"), "--runs", "8", "--shuffle", "1",
                           "--pipeline", PIPELINE, str(BUILD / program)],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr, time.monotonic() - began


class FirstDifference(unittest.TestCase):
    def finds(self, name, culprit):
        """The first event that differs comes right after the one whose time is wrong."""
        status, text, seconds = determinism(f"broken/drydock-broken-{name}")
        self.assertEqual(status, 1, text)
        self.assertLess(seconds, MOST_SECONDS)
        self.assertRegex(text, r"event \d+ is the first that differs")
        sides = re.findall(r"^(?: +\d+ .*\n)*? +\d+ +(\d+ .*)\n  > +\d+ +(\d+) (.*)$", text, re.MULTILINE)
        self.assertEqual(len(sides), 2, text)
        (before, time_one, event_one), (_, time_other, event_other) = sides
        self.assertIn(f" {culprit} ", before)
        self.assertEqual(event_one, event_other)
        self.assertNotEqual(time_one, time_other)

    def test_time_of_the_host(self):
        self.finds("host-time", "reap")

    def test_order_of_addresses(self):
        self.finds("address-order", "exec")

    def test_uninitialised_read(self):
        self.finds("uninitialised-read", "signal")

    def test_a_sound_simulator_has_none(self):
        status, text, _ = determinism("sim/drydock")
        self.assertEqual(status, 0, text)


if __name__ == "__main__":
    unittest.main()
