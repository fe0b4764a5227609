#!/usr/bin/env python3
"""Kernels that loop, crash or scribble over the simulator, and what the program makes of them: a
report in bounded time, status 125, a terminal as it was. And signals to a run and its supervisor."""

import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import tempfile
import termios
import time
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
DRYDOCK = str(BUILD / "sim/drydock")
SYNC = ["sh", "-c", "echo before; sync; echo after"]


def drydock(*arguments, timeout=60):
    return subprocess.run([DRYDOCK, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=timeout, check=False)


def children_of(process):
    text = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(word) for word in text.split()]


def is_gone(process):
    """Whether a process ended (whoever has yet to collect it)."""
    try:
        return re.search(r"\) Z ", pathlib.Path(f"/proc/{process}/stat").read_text()) is not None
    except FileNotFoundError:
        return True


def state_of(process):
    return re.search(r"\) (\w) ", pathlib.Path(f"/proc/{process}/stat").read_text()).group(1)


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


class KernelsThatFail(unittest.TestCase):
    def fails(self, kernel, *options):
        """The output and the report of a run that is expected to end with 125."""
        with tempfile.TemporaryDirectory(prefix="drydock-test-") as folder:
            report = pathlib.Path(folder) / "report.json"
            trace = pathlib.Path(folder) / "trace"
            done = drydock("run", "--kernel", kernel, "--report", str(report), "--trace", str(trace), *options,
                           "--", *SYNC)
            self.assertEqual(done.returncode, 125, done.stderr)
            self.assertNotIn("after", done.stdout)
            self.assertFalse((pathlib.Path(folder) / "trace.partial").exists())
            return done, json.loads(report.read_text())

    def test_null_pointer_is_a_crash_with_its_place(self):
        done, report = self.fails("null-in-sync")
        self.assertEqual(done.stdout, "before\n")
        self.assertRegex(done.stderr, r"^drydock: kernel crash: segmentation fault at address 0x0 in .*sys_sync.*\(sync\)")
        self.assertEqual(report["outcome"], "kernel crash")
        self.assertEqual(report["kernel"], "null-in-sync")
        self.assertIn("dispatch_syscall", report["details"])

    def test_loop_ends_and_names_its_place(self):
        began = time.monotonic()
        done, report = self.fails("loop-in-sync", "--kernel-limit", "2")
        self.assertLess(time.monotonic() - began, 40)
        self.assertRegex(done.stderr, r"^drydock: kernel loop: .* 2 s of CPU time .*sys_sync.*\(sync\)")
        self.assertEqual(report["outcome"], "kernel loop")
        self.assertRegex(report["details"], r"call +sync\(")

    def test_damaged_simulator_is_reported_by_the_supervisor(self):
        done, report = self.fails("scribble-in-sync")
        self.assertRegex(done.stderr, r"^drydock: kernel crash: .*thread 2 in sync, after event \d+")
        self.assertEqual(report["outcome"], "kernel crash")
        self.assertEqual(report["exit_status"], 125)
        self.assertIn("sys_sync", report["details"])
        self.assertRegex(report["details"].strip().splitlines()[-1], r"call +sync\(")

    def test_loop_that_no_handler_can_leave_is_ended_by_the_supervisor(self):
        began = time.monotonic()
        done, report = self.fails("lost-stack-in-sync", "--kernel-limit", "1")
        self.assertLess(time.monotonic() - began, 60)
        self.assertRegex(done.stderr, r"^drydock: kernel loop: .*sys_sync.*thread 2 in sync")
        self.assertEqual(report["outcome"], "kernel loop")

    def test_unpatched_kernel_passes(self):
        done = drydock("run", "--kernel", "unpatched", "--", *SYNC)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "before\nafter\n", ""))

    def test_terminal_is_as_before_after_each_failure(self):
        for kernel in ("null-in-sync", "scribble-in-sync"):
            leader, terminal = pty.openpty()
            before = termios.tcgetattr(terminal)
            done = subprocess.run([DRYDOCK, "run", "--kernel", kernel, "--", *SYNC], stdin=terminal,
                                  capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 125)
            self.assertEqual(termios.tcgetattr(terminal), before, kernel)
            os.close(leader)
            os.close(terminal)


class SignalsToARun(unittest.TestCase):
    def start(self, *command):
        """A run that has started its program: process, number of the process that simulates."""
        process = subprocess.Popen([DRYDOCK, "run", "--", *command], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        os.set_blocking(process.stdout.fileno(), False)
        self.assertTrue(wait_until(lambda: process.stdout.read() is not None), "the program did not start")
        children = children_of(process.pid)
        self.assertEqual(len(children), 1)
        return process, children[0]

    def test_termination_reaches_both(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process, child = self.start_busy()
            process.send_signal(number)
            self.assertEqual(process.wait(20), -number)
            self.assertTrue(is_gone(child))

    def start_busy(self):
        """A program that prints once and then computes for long."""
        return self.start("sh", "-c", "echo started; cat; while :; do sleep 1000000; done")

    def test_interrupt_of_the_group_ends_both(self):
        process, child = self.start_busy()
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(20), -signal.SIGINT)
        self.assertTrue(is_gone(child))

    def test_child_does_not_outlive_its_supervisor(self):
        process, child = self.start_busy()
        process.kill()
        process.wait(20)
        self.assertTrue(wait_until(lambda: is_gone(child)))

    def test_killed_child_ends_the_run_in_the_same_way(self):
        process, child = self.start_busy()
        os.kill(child, signal.SIGKILL)
        self.assertEqual(process.wait(20), -signal.SIGKILL)

    def test_stop_and_continue_reach_both(self):
        process, child = self.start_busy()
        process.send_signal(signal.SIGTSTP)
        self.assertTrue(wait_until(lambda: state_of(child) == "T" and state_of(process.pid) == "T"))
        process.send_signal(signal.SIGCONT)
        self.assertTrue(wait_until(lambda: state_of(child) != "T" and state_of(process.pid) != "T"))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), -signal.SIGTERM)

    def test_unsupervised_runs_in_one_process(self):
        done = drydock("run", "--unsupervised", "--", "sh", "-c", "exit 7")
        self.assertEqual(done.returncode, 7)


class Patches(unittest.TestCase):
    def refused(self, text):
        """The one line that tools/patched_core says of a patch."""
        with tempfile.TemporaryDirectory(prefix="drydock-test-") as folder:
            patch = pathlib.Path(folder) / "bug.patch"
            patch.write_text(text)
            done = subprocess.run([str(REPOSITORY / "tools/patched_core"), "--patch", str(patch), "--build", str(BUILD),
                                   "--work", folder + "/work", "--output", folder + "/core.o", "--ld", "ld",
                                   "--objcopy", "objcopy"], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn("bug.patch: ", done.stderr)
            self.assertFalse((pathlib.Path(folder) / "core.o").exists())
            return done.stderr

    def test_context_that_is_not_there(self):
        text = self.refused("--- a/core/mm/fault.cpp\n+++ b/core/mm/fault.cpp\n@@ -1,2 +1,2 @@\n never\n-there\n+was\n")
        self.assertIn("does not apply", text)

    def test_file_that_is_not_there(self):
        self.assertIn("does not apply", self.refused(
            "--- a/core/mm/nothing.cpp\n+++ b/core/mm/nothing.cpp\n@@ -1 +1 @@\n-a\n+b\n"))

    def test_file_outside_of_the_core(self):
        self.assertIn("only core/", self.refused("--- a/sim/main.cpp\n+++ b/sim/main.cpp\n@@ -1 +1 @@\n-a\n+b\n"))

    def test_no_patch_at_all(self):
        self.assertIn("not a unified diff", self.refused("hello\n"))

    def test_unknown_kernel_names_those_that_are_there(self):
        done = drydock("run", "--kernel", "no-such-bug", "--", "true")
        self.assertEqual(done.returncode, 125)
        self.assertRegex(done.stderr, r"^drydock: --kernel no-such-bug: no such kernel; there are .*pipe-on-stack.*\n$")


if __name__ == "__main__":
    unittest.main()
