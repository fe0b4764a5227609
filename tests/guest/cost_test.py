#!/usr/bin/env python3
"""The cost table image-icount tells what the image takes: benchmarks that it was not calibrated on."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
WAIT_S = 120
# A kernel that got faster or slower by so much wants a new calibration (tools/calibrate_costs).
MEDIAN_LIMIT = 15.0


class Costs(unittest.TestCase):
    def test_instructions_of_the_suite_are_foretold(self):
        done = subprocess.run(["tools/calibrate_costs", "--build", str(BUILD), "--check"], cwd=REPOSITORY, timeout=WAIT_S,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = re.search(r"^(\d+) benchmarks, .*median error ([\d.]+)%, \d+ within 10 %, (\d+) within 25 %", done.stdout,
                          re.MULTILINE)
        self.assertIsNotNone(found, done.stdout)
        self.assertGreaterEqual(int(found[1]), 40, done.stdout)
        self.assertLess(float(found[2]), MEDIAN_LIMIT, done.stdout)
        self.assertGreaterEqual(int(found[3]), int(found[1]) * 3 // 4, done.stdout)


if __name__ == "__main__":
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
        sys.exit(77)
    unittest.main()
