#!/usr/bin/env python3
"""`drydock diff`: equal runs, differences that a kernel with a bug makes, errors of use.

Exits with 77 (skipped) where this host lets no program be traced in namespaces of its own, or BusyBox is missing.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
SKIPPED = 77
EQUAL, DIFFERENT, TROUBLE = 0, 1, 125


class DiffTest(unittest.TestCase):
    drydock = None

    def diff(self, *words, stdin=b""):
        result = subprocess.run([self.drydock, "diff", *words], input=stdin, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=300, check=False)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def expect_equal(self, *words, stdin=b""):
        status, output, errors = self.diff(*words, stdin=stdin)
        self.assertEqual((status, errors), (EQUAL, ""), output)
        self.assertRegex(output, r"^drydock: diff: equal: \d+ tasks, \d+ system calls")
        return output

    def expect_difference(self, pattern, *words, stdin=b""):
        status, output, errors = self.diff(*words, stdin=stdin)
        self.assertEqual((status, errors), (DIFFERENT, ""), output)
        self.assertRegex(output, pattern)
        return output

    def expect_trouble(self, pattern, *words):
        status, output, errors = self.diff(*words)
        self.assertEqual((status, output), (TROUBLE, ""), errors)
        self.assertRegex(errors, pattern)
        self.assertEqual(errors.count("\n"), 1)

    def program(self, name):
        path = pathlib.Path(self.drydock).parent.parent / "tests/programs" / name
        if not path.exists():
            self.skipTest("the test programs are not built")
        return "--in", f"{path}:/{name}", "--", f"/{name}"

    def need_kernel(self, name):
        folder = pathlib.Path(self.drydock).parent
        if not any((place / f"drydock-bug-{name}").exists() for place in (folder, folder.parent / "bugs")):
            self.skipTest(f"the kernel {name} is not built (target bugs)")

    def test_equal_pipelines(self):
        self.assertIn("1 tasks", self.expect_equal("--", "true"))
        self.assertIn("exit status 3", self.expect_equal("--", "sh", "-c", "seq 100 | sort -r | head -n 3; exit 3"))
        self.expect_equal("--", "sh", "-c", "mkdir /tmp/d; cp /etc/passwd /tmp/d; ls -l /tmp/d; grep -c root /tmp/d/*; rm -r /tmp/d")
        self.expect_equal("--", "sh", "-c", "seq 5000 | tee /tmp/x | md5sum; wc -l < /tmp/x; find /tmp /etc | sort")
        self.expect_equal("--", "sh", "-c", "trap 'echo got it' USR1; kill -USR1 $$; (exit 7); echo $?; sleep 0.1 & wait")

    def test_ends_by_a_signal(self):
        self.assertIn("exit status 137", self.expect_equal("--", "sh", "-c", "kill -9 $$"))
        self.expect_equal("--", "sh", "-c", "yes | head -n 2; sh -c 'kill -SEGV $$'; echo $?")

    def test_numbers_of_processes_are_places(self):
        self.expect_equal("--", "sh", "-c", "echo $$; sh -c 'echo $PPID'; echo $!; sleep 0 & echo $!; wait $!")

    def test_programs(self):
        for name in ("descriptors", "signals", "threads"):
            self.expect_equal(*self.program(name))

    def test_input_and_options(self):
        self.expect_equal("--", "sort", stdin=b"b\na\n" * 5000)
        self.expect_equal("--env", "A=1 2", "--memory", "64", "--", "sh", "-c", "echo $A | cat")
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"imported\n" * 3000)
            file.flush()
            self.expect_equal("--in", f"{file.name}:/tmp/x", "--", "md5sum", "/tmp/x")
        status, output, _ = self.diff("--quiet", "--", "true")
        self.assertEqual((status, output), (EQUAL, ""))

    def test_a_value_of_proc_differs(self):
        output = self.expect_difference(r"standard output differs in line 2\n  linux: .*\n  simulator: .*", "--context", "2",
                                        "--", "sh", "-c", "echo a; cat /proc/version")
        self.assertRegex(output, r"(?s)the system calls of task 1 differ \(linux \d+, simulator \d+\)\n"
                                 r"  before, in linux:\n(    [^\n]*\n){2}  linux:\n  > .*  simulator:\n  > ")

    def test_handlers_that_stay_are_found(self):
        self.need_kernel("exec-keeps-handlers")
        self.expect_difference(r"rt_sigaction|SIGSEGV|the end of process|standard output",
                               "--kernel", "exec-keeps-handlers", *self.program("exec_state"))

    def test_a_reader_that_sleeps_on_is_found(self):
        self.need_kernel("close-wakes-nobody")
        self.expect_difference(r"simulator: no progress", "--kernel", "close-wakes-nobody",
                               "--", "sh", "-c", "sleep 0.3 | cat")

    def test_trouble(self):
        self.expect_trouble("no program given", "--memory", "64")
        self.expect_trouble("no-such-program: No such file or directory", "--", "no-such-program")
        self.expect_trouble("--time-limit", "--time-limit", "x", "--", "true")
        self.expect_trouble("No such file", "--root", "/no/such", "--", "true")
        self.expect_trouble("no kernel|no such kernel|unknown kernel|is not built|nosuch", "--kernel", "nosuch", "--", "true")

    def test_time_limit(self):
        self.expect_difference("linux: did not come to its end in time", "--time-limit", "1", "--", "sleep", "1000")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drydock", default=str(REPOSITORY / "build/release/sim/drydock"))
    options, rest = parser.parse_known_args()
    probe = subprocess.run([options.drydock, "diff", "--quiet", "--", "true"], capture_output=True, text=True, check=False)
    if probe.returncode == TROUBLE:
        print("skipped: " + probe.stderr.strip().removeprefix("drydock: "))
        return SKIPPED
    DiffTest.drydock = options.drydock
    return 0 if unittest.main(argv=[sys.argv[0], *rest], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
