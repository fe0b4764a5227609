#!/usr/bin/env python3
"""`drydock replay --gdb`: the debugger stands in the kernel's code where the kept bugs show."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
DRYDOCK = pathlib.Path(os.environ.get("DRYDOCK", REPOSITORY / "build/release/sim/drydock"))
TIME_LIMIT_S = 120


def debug(trace, *commands, options=()):
    words = [str(DRYDOCK), "replay", *options, str(REPOSITORY / "traces" / f"{trace}.trace"), "--gdb"]
    for command in commands:
        words += ["--gdb-run", command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          timeout=TIME_LIMIT_S, check=False)
    return done.stdout + done.stderr


def names_of_frames(text):
    return re.findall(r"^#\d+ +\d+ bytes  (\S.*?)  ", text, re.MULTILINE)


@unittest.skipUnless(shutil.which("gdb"), "gdb is not installed")
class Debugger(unittest.TestCase):
    def test_stops_before_the_first_avoidable_fault(self):
        text = debug("stale-template", "drydock-frames",
                     "frame function drydock::AddressSpace::handle_fault", "p address")
        self.assertRegex(text, r"the kernel about to make event \d+:\n#\d+ +drydock::AddressSpace::check_avoidable")
        frames = names_of_frames(text)
        self.assertIn("drydock::AddressSpace::handle_fault", frames)
        self.assertEqual(frames[-1], "drydock::run_user_thread")
        self.assertRegex(text, r"\$1 = 0x[0-9a-f]+\n")
        self.assertEqual(text.count("about to make event"), 1)

    def test_stops_where_the_stack_overflows(self):
        text = debug("pipe-on-stack", "drydock-frames")
        self.assertRegex(text, r"(?s)SIGSEGV.*the kernel stopped at or before event \d+:\n#0 +drydock::create_pipe")
        sizes = re.findall(r"^#\d+ +(\d+) bytes  drydock::create_pipe", text, re.MULTILINE)
        self.assertGreater(int(sizes[0]), 65536)

    def test_stops_at_an_assertion(self):
        text = debug("uncounted-prefault", "drydock-frames")
        self.assertRegex(text, r"#1 .*drydock::FrameAllocator::release")
        self.assertIn("drydock::AddressSpace::~AddressSpace", names_of_frames(text))

    def test_shows_types_of_the_kernel(self):
        text = debug("stale-template", "frame function drydock::ProcessTable::exit_process", "p *this", "p process.space",
                     options=["--kernel", "unpatched"])
        self.assertRegex(text, r"all_ = 1 elements = \{0x[0-9a-f]+\}")
        self.assertIn(" = null\n", text)


if __name__ == "__main__":
    unittest.main()
