#!/usr/bin/env python3
"""Runs the stages of tools/test and sums their test cases.

Stages build what they need: release for most, and one preset each for clang, debug and sanitize.
The last line is `N passed, N failed`, with the skipped ones after it if there are any.
"""

import argparse
import concurrent.futures
import glob
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
JOBS = 2
GTEST_TIMEOUT_S = 900
# What the slower presets run of the BusyBox table: every kind of call, little computation.
OTHER_TABLE = ("files", "jobs", "redirection", "shell")
SANITIZE_TABLE = ("jobs", "redirection")
# Kernels with a bug whose images are booted, too (tests/bugs/stack_test.py, image_test.py).
BOOTED_BUGS = ("deep-call-in-sync", "pipe-on-stack", "null-in-sync", "uncounted-prefault", "stale-template",
               "stack-leaked-per-fork", "close-wakes-nobody")
# Kernels with a bug whose difference from Linux is found (tests/diff/diff_test.py).
DIFF_BUGS = ("exec-keeps-handlers", "close-wakes-nobody")
INJECTED_SEEDS = 12
FUZZ_SECONDS = 60
INJECTED_SCRIPT = ("mkdir /tmp/d; for i in 1 2 3; do seq $i 50 > /tmp/d/$i; done; cat /tmp/d/* | sort -n | uniq -c | wc; "
                   "tar cf - -C /tmp d | tar tf -; (sleep 0.01; kill $$) & wait; rm -r /tmp/d; ls -la /tmp /proc/self")
LAYOUT_FOLDERS = ("core", "hwmodel", "sim", "guest", "tests", "benchmarks")


class Tally:
    """Results of one stage. A skipped or failed case has a name and a reason."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []
        self.seconds = 0.0
        self.build_seconds = 0.0

    def add(self, name, is_passed, reason=""):
        if is_passed:
            self.passed += 1
        else:
            self.failed.append((name, reason))

    def skip(self, name, reason):
        self.skipped.append((name, reason))


def run(command, timeout=None, env=None):
    """Exit status and everything printed; 124 after a time-out."""
    try:
        result = subprocess.run(command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, env=env,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
                                check=False)
        return result.returncode, result.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as expired:
        text = (expired.stdout or b"").decode(errors="replace")
        return 124, text + f"\n(no end within {timeout} s)"
    except FileNotFoundError as missing:
        return 127, str(missing)


def layout_files():
    return sorted(str(path.relative_to(REPOSITORY)) for folder in LAYOUT_FOLDERS for suffix in ("*.h", "*.cpp")
                  for path in (REPOSITORY / folder).rglob(suffix))


def skip_reason(text, case):
    """What a test printed when it skipped itself."""
    match = re.search(r": Skipped\n(.*)\n+\[  SKIPPED \] " + re.escape(case) + r"\b", text)
    return match.group(1).strip() if match and match.group(1).strip() else "skipped itself"


def only_failures(text):
    """Google Test's output without what passed."""
    quiet = ("[ RUN", "[       OK", "[-----", "[=====", "Note: ", "Running main")
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.startswith(quiet))


def show(text, lines=40):
    kept = text.rstrip().splitlines()
    if len(kept) > lines:
        print(f"    ... ({len(kept) - lines} lines before)")
    for line in kept[-lines:]:
        print("    " + line)
    sys.stdout.flush()


class Runner:
    def __init__(self, options, scratch):
        self.options = options
        self.scratch = pathlib.Path(scratch)
        self.built = {}

    # Building.

    def build(self, preset, tally):
        """Configures and builds a preset once, or the part of it that the stage needs; whether it is there."""
        if preset in self.built:
            return self.built[preset]
        if self.options.no_build:
            self.built[preset] = self.binary(preset).exists()
        else:
            began = time.monotonic()
            print(f"  building preset {preset}", flush=True)
            status, text = run(["cmake", "--preset", preset])
            if status == 0:
                targets = self.part_of(preset)
                only = ["--target", *targets] if targets else []
                status, text = run(["cmake", "--build", "--preset", preset, "-j", str(JOBS), *only])
            if status != 0:
                show(text)
            tally.build_seconds += time.monotonic() - began
            self.built[preset] = status == 0
        tally.add(f"build {preset}", self.built[preset], "see above")
        return self.built[preset]

    def part_of(self, preset):
        """The targets that are enough for the preset's stage; none means all."""
        return () if self.is_thorough(preset) else PARTS.get(preset, ())

    def binary(self, preset):
        """The simulator: in a part of a preset the smaller program that only runs and prints traces."""
        return REPOSITORY / "build" / preset / "sim" / ("drydock_run" if self.part_of(preset) else "drydock")

    # Stages.

    def stage_style(self, tally):
        for name, command in (
                ("tidy", ["python3", "tools/tidy.py", "--headers", "--jobs", str(JOBS)]),
                ("layout", ["clang-format", "--dry-run", "-Werror", *layout_files()])):
            status, text = run(command)
            if status != 0:
                print(f"  {name}:")
                show(text, 60)
            tally.add(name, status == 0, "see above")
        self.python_tests(tally, "tools/tidy_test.py", "tests/mutation/sites_test.py")

    def python_tests(self, tally, *paths):
        """Programs of unittest, as many at a time as there are processors."""
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            for path, outcome in zip(paths, pool.map(lambda path: run(["python3", path, "-v"]), paths)):
                self.count_python_tests(tally, path, *outcome)

    @staticmethod
    def count_python_tests(tally, path, status, text):
        if status == 77:
            tally.skip(path, text.strip().removeprefix("skipped: "))
            return
        count = re.search(r"^Ran (\d+) tests?", text, re.MULTILINE)
        bad = re.findall(r"^(?:FAIL|ERROR): (\S+)", text, re.MULTILINE)
        skipped = re.findall(r"^(\S+) .*\.\.\. skipped ['\"](.*)['\"]$", text, re.MULTILINE)
        for name, reason in skipped:
            tally.skip(f"{path} {name}", reason)
        tally.passed += max(int(count.group(1)) - len(bad) - len(skipped), 0) if count else 0
        for name in bad:
            tally.add(f"{path} {name}", False, "see above")
        if status != 0:
            show(text)
            if not bad:
                tally.add(path, False, f"exit status {status}")

    def stage_unit(self, tally, preset="release"):
        if not self.build(preset, tally):
            return
        programs = sorted(path for path in glob.glob(str(REPOSITORY / "build" / preset / "tests/**/*_tests"),
                                                     recursive=True)
                          if os.path.isfile(path) and os.access(path, os.X_OK))
        others = self.other_ctests(preset, set(programs))
        part = self.part_of(preset)
        if part:
            programs, others = [path for path in programs if pathlib.Path(path).name in part], []
        if not programs and not others:
            tally.add(f"unit tests of {preset}", False, "the build made none")
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            for program, outcome in zip(programs, pool.map(self.run_gtest, programs)):
                self.count_gtest(tally, preset, program, outcome)
        if others:
            self.run_ctests(tally, preset, others)

    def run_gtest(self, program):
        report = self.scratch / (pathlib.Path(program).relative_to(REPOSITORY).as_posix().replace("/", "_") + ".json")
        status, text = run([program, f"--gtest_output=json:{report}"], GTEST_TIMEOUT_S)
        try:
            return status, text, json.loads(report.read_text())
        except (OSError, json.JSONDecodeError):
            return status, text, None

    @staticmethod
    def count_gtest(tally, preset, program, outcome):
        status, text, report = outcome
        name = f"{preset}/{pathlib.Path(program).name}"
        if report is None:
            show(text)
            tally.add(name, False, f"ended with status {status} before its report")
            return
        failed = 0
        for suite in report.get("testsuites", []):
            for case in suite.get("testsuite", []):
                full = f"{name} {suite['name']}.{case['name']}"
                if case.get("status") == "NOTRUN":
                    tally.skip(full, "disabled")
                elif case.get("result") == "SKIPPED":
                    tally.skip(full, skip_reason(text, f"{suite['name']}.{case['name']}"))
                else:
                    failed += bool(case.get("failures"))
                    tally.add(full, not case.get("failures"), "see above")
        if status != 0:
            print(f"  {name}:")
            show(only_failures(text), 80)
            if not failed:
                tally.add(name, False, f"ended with status {status}")

    @staticmethod
    def other_ctests(preset, programs):
        """Tests that ctest knows and that are not cases of the programs run directly."""
        folder = REPOSITORY / "build" / preset
        status, text = run(["ctest", "--test-dir", str(folder), "--show-only=json-v1"])
        if status != 0:
            return []
        try:
            tests = json.loads(text[text.index("{"):]).get("tests", [])
        except ValueError:
            return []
        return [test["name"] for test in tests
                if not test.get("command") or os.path.realpath(test["command"][0]) not in
                {os.path.realpath(program) for program in programs}]

    def run_ctests(self, tally, preset, names):
        report = self.scratch / f"ctest-{preset}.xml"
        chosen = "^(" + "|".join(re.escape(name) for name in names) + ")$"
        status, text = run(["ctest", "--test-dir", str(REPOSITORY / "build" / preset), "-R", chosen, "-j", str(JOBS),
                            "--output-on-failure", "--timeout", str(GTEST_TIMEOUT_S), "--output-junit", str(report)])
        try:
            cases = re.findall(r'<testcase name="([^"]*)"[^>]*status="(\w+)"', report.read_text())
        except OSError:
            cases = []
        for name, result in cases:
            if result in ("notrun", "disabled"):
                tally.skip(f"{preset} {name}", "ctest did not run it: " + result)
            else:
                tally.add(f"{preset} {name}", result == "run", "see above")
        if status != 0:
            show(text)
            if not cases:
                tally.add(f"ctest {preset}", False, f"ended with status {status}")

    def stage_frames(self, tally):
        if not self.build("release", tally):
            return
        status, text = run(["python3", "tools/tidy.py", "--frames", "build/release"])
        findings = [line for line in text.splitlines() if "frame" in line or ".su" in line]
        if status != 0 and findings:
            show("\n".join(findings))
        tally.add("stack frames of core", not findings, "see above")
        core = str(REPOSITORY / "build/release/core/drydock_core.o")
        status, text = run(["python3", "tools/stack_bound.py", core])
        show(text, 12)
        tally.add("static bound of the kernel stack", status == 0, "the worst path does not fit, see above")
        status, text = run(["nm", "-C", "-u", core])
        foreign = [line for line in text.splitlines() if "drydock::Platform::" not in line
                   and "drydock::assertion_failed(" not in line]
        if foreign:
            show("\n".join(foreign))
        tally.add("the core needs nothing but Platform", status == 0 and not foreign, "see above")

    def stage_programs(self, tally):
        if not self.build("release", tally):
            return
        for kind, tool in (("program", "tests/programs/run_programs"), ("conservation", "tests/busybox/conservation")):
            status, text = run([tool, "--jobs", str(JOBS), "--drydock", str(self.binary("release"))])
            cases = re.findall(r"^(ok|FAIL) +(\w+)", text, re.MULTILINE)
            for result, name in cases:
                tally.add(f"{kind} {name}", result == "ok", "see above")
            if status != 0:
                show(text, 200)
                if all(result == "ok" for result, _ in cases):
                    tally.add(tool, False, f"ended with status {status}")

    def stage_contracts(self, tally):
        """Contract programs on Linux, in the simulator and on the image; where one cannot run them, it is skipped."""
        if not self.build("release", tally):
            return
        report = self.scratch / "contracts.json"
        status, text = run([str(self.binary("release")), "contracts", "--quiet", "--report", str(report)], 600)
        show(text, 200 if status else 4)
        if not report.exists():
            tally.add("contracts", False, f"ended with status {status}")
            return
        results = json.loads(report.read_text())
        for program in results["programs"]:
            for place in ("sim", "image"):
                verdict = program[place]["verdict"]
                if verdict == "not run":
                    tally.skip(f"{program['name']} {place}", results.get("not_run", {}).get(place, "the run ended early"))
                else:
                    tally.add(f"{program['name']} {place}", verdict != "different", "see above")
        if status != 0 and not tally.failed:
            tally.add("contracts", False, f"ended with status {status}")

    def stage_diff(self, tally):
        """Programs on Linux and in the simulator, call by call; a selection of what there is to run."""
        if not self.build("release", tally):
            return
        self.build_bugs(tally, [f"drydock-bug-{name}" for name in DIFF_BUGS])
        self.python_tests(tally, "tests/diff/diff_test.py")
        status, _ = run([str(self.binary("release")), "diff", "--quiet", "--", "true"], 60)
        if status == 125:
            tally.skip("diff table", "this host lets no program be traced in namespaces of its own")
            return
        selection = [] if self.options.all else ["--short"]
        status, text = run(["tests/diff/diff_table", "-v", *selection, "--drydock", str(self.binary("release")), "--jobs", str(JOBS)])
        cases = re.findall(r"^(ok|FAIL|known) +([^:\s]+)(.*)", text, re.MULTILINE)
        for result, name, rest in cases:
            if result == "known":
                tally.skip(f"diff {name}", rest.lstrip(": "))
            else:
                tally.add(f"diff {name}", result == "ok", "see above")
        if status != 0 or not cases:
            show(text, 100)
            if all(result != "FAIL" for result, _, _ in cases):
                tally.add("diff table", False, f"ended with status {status}")

    def build_bugs(self, tally, targets):
        """Kernels with bugs, where a stage needs some; whether they are there."""
        if self.options.no_build:
            return True
        began = time.monotonic()
        status, text = run(["cmake", "--build", "--preset", "release", "-j", str(JOBS), "--target", *targets])
        tally.build_seconds += time.monotonic() - began
        tally.add("build of the kernels with bugs", status == 0, "see above")
        if status != 0:
            show(text)
        return status == 0

    def stage_fuzz(self, tally):
        """Lists of calls that have once shown a difference from Linux; without a sandbox only the oracles judge."""
        if not self.build("release", tally):
            return
        lists = sorted(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "tests/fuzz/regressions").glob("*.calls"))
        command = [str(self.binary("release")), "calls", "--quiet"]
        status, text = run([*command, "--compare", *lists], 300)
        if status not in (0, 1):
            tally.skip("lists of calls compared with Linux", text.strip().splitlines()[-1] if text.strip() else "no reason")
            status, text = run([*command, *lists], 300)
        if status != 0:
            show(text, 60)
        for path in lists:
            tally.add(path, status in (0, 1) and f"FINDING {path}:" not in text, "see above")
        # The fuzzer is a build of its own: not for everybody who runs the tests.
        if self.is_thorough("fuzz") or os.environ.get("CI"):
            self.guided_fuzzing(tally)

    def guided_fuzzing(self, tally):
        """A minute of libFuzzer, from the lists that are kept."""
        if not self.options.no_build:
            began = time.monotonic()
            print("  building preset fuzz", flush=True)
            status, text = run(["cmake", "--preset", "fuzz"])
            if status == 0:
                status, text = run(["cmake", "--build", "--preset", "fuzz", "-j", str(JOBS)])
            tally.build_seconds += time.monotonic() - began
            tally.add("build fuzz", status == 0, "see above")
            if status != 0:
                show(text)
                return
        state = os.path.join(self.scratch, "fuzz")
        status, text = run(["tools/fuzz", "run", "--seconds", str(FUZZ_SECONDS), "--state", state], FUZZ_SECONDS + 120)
        show(text, 20 if status else 1)
        tally.add(f"{FUZZ_SECONDS} seconds of guided fuzzing", status == 0, "see above")

    def stage_table(self, tally, preset="release", names=(), extra=()):
        if not self.build(preset, tally):
            return
        report = self.scratch / f"table-{preset}.json"
        status, text = run(["tests/busybox/run_table", "--jobs", str(JOBS), "--drydock", str(self.binary(preset)),
                            "--json", str(report), *extra, *names])
        if status != 0:
            show(text, 200)
        else:
            print("  " + text.splitlines()[0])
        try:
            results = json.loads(report.read_text())["results"]
        except OSError:
            tally.add(f"busybox table with {preset}", False, f"ended with status {status}")
            return
        if preset == "release":
            self.python_tests(tally, "tests/busybox/applets_test.py")
        for name, result in results.items():
            if result == "skipped":
                tally.skip(f"busybox {name}", "no recorded output, and Linux cannot run it here")
            else:
                tally.add(f"busybox {name} {preset}", result == "passed", "see above")

    def root(self, tally, name):
        """Whether a root of tools/make_root is there; makes it, which needs a network the first time."""
        if (REPOSITORY / "build/roots" / f"{name}.cpio").exists():
            return True
        status, text = run(["python3", "tools/make_root", name], 900)
        if status != 0:
            tally.skip(f"root {name}", text.strip().splitlines()[-1] if text.strip() else "it could not be made")
        return status == 0

    def roots_table(self, tally, *options):
        """Command lines in a root; the verdict of each."""
        report = self.scratch / "roots.json"
        status, text = run(["tests/roots/run_roots", "--jobs", str(JOBS), "--drydock", str(self.binary("release")),
                            "--json", str(report), *options])
        if status != 0:
            show(text, 200)
        try:
            results = json.loads(report.read_text())["results"]
            report.unlink()
        except OSError:
            tally.add("roots " + " ".join(options), False, f"ended with status {status}")
            return
        for name, result in results.items():
            tally.add(f"{' '.join(options)} {name}", result == "passed", "see above")

    def stage_roots(self, tally):
        """Debian's programs compared with Linux, and roots that boot to a login; in full: on the image, and BusyBox's table in dash and bash."""
        if not self.build("release", tally):
            return
        if self.root(tally, "debian-shell"):
            self.roots_table(tally, "--root", "debian-shell", "--ci")
            if self.is_thorough("roots"):
                for shell in ("dash", "bash"):
                    self.roots_table(tally, "--root", "debian-shell", "--shell", shell)
        if self.is_thorough("roots") and self.root(tally, "debian"):
            places = ["linux", "sim"] + (["image"] if shutil.which("qemu-system-x86_64") else [])
            self.roots_table(tally, "--root", "debian", *(word for place in places for word in ("--on", place)))
        if not self.root(tally, "musl"):
            return
        selection = [] if self.is_thorough("roots") else ["--roots", "musl"]
        status, text = run(["tests/roots/login_test.py", *selection, "--drydock", str(self.binary("release"))])
        cases = re.findall(r"^(ok|FAIL) +(\w+)", text, re.MULTILINE)
        for result, name in cases:
            tally.add(f"login {name}", result == "ok", "see above")
        for place, reason in re.findall(r"^SKIP (\S+): (.*)", text, re.MULTILINE):
            tally.skip(f"login {place}", reason)
        if status != 0:
            show(text, 60)
            if all(result == "ok" for result, _ in cases):
                tally.add("login", False, f"ended with status {status}")

    def stage_interactive(self, tally):
        if not self.build("release", tally):
            return
        status, text = run(["python3", "tests/busybox/interactive_test.py", "--drydock", str(self.binary("release"))],
                           600)
        cases = re.findall(r"^(ok|FAIL) +(\w+)", text, re.MULTILINE)
        for result, name in cases:
            tally.add(f"interactive {name}", result == "ok", "see above")
        if status != 0:
            show(text)
            if all(result == "ok" for result, _ in cases):
                tally.add("interactive", False, f"ended with status {status}")

    def same_traces(self, tally, preset, seeds=1):
        """A dozen command lines: the trace of each is that of the release build."""
        if not (self.build("release", tally) and self.build(preset, tally)):
            return
        status, text = run(["tools/same_traces", "--jobs", str(JOBS), "--seeds", str(seeds),
                            str(self.binary("release")), str(self.binary(preset))])
        cases = re.findall(r"^(ok|FAIL) +(\w+)", text, re.MULTILINE)
        for result, name in cases:
            tally.add(f"{name} of release and {preset}", result == "ok", "see above")
        if status != 0:
            show(text, 60)
            if all(result == "ok" for result, _ in cases):
                tally.add(f"traces of release and {preset}", False, f"ended with status {status}")

    def other_preset(self, tally, preset, table):
        self.stage_unit(tally, preset)
        self.same_traces(tally, preset)
        self.stage_table(tally, preset, table)

    def is_thorough(self, stage):
        return self.options.all or stage in self.options.stages

    def stage_image(self, tally):
        """The bare image in QEMU under TCG, which needs no KVM."""
        if shutil.which("qemu-system-x86_64") is None:
            tally.skip("the image", "qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
            return
        if not self.build("release", tally):
            return
        self.python_tests(tally, "tests/guest/boot_test.py", "tests/guest/firmware_test.py", "tests/guest/cost_test.py")
        for what, pattern, command in (
                ("table", r"^(ok|FAIL) +(\S+)", ["tests/guest/run_table", "-v", "--jobs", str(JOBS)]),
                ("interactive", r"^(ok|FAIL) +(\w+)", ["tests/guest/interactive_test.py"])):
            status, text = run(["python3", *command, "--drydock", str(self.binary("release"))])
            cases = re.findall(pattern, text, re.MULTILINE)
            for result, name in cases:
                tally.add(f"image {what} {name}", result == "ok", "see above")
            for name, reason in re.findall(r"^SKIP (\S+): (.*)", text, re.MULTILINE):
                tally.skip(f"image {what} {name}", reason)
            if status != 0:
                show(text, 100)
                if all(result == "ok" for result, _ in cases):
                    tally.add(f"image {what}", False, f"ended with status {status}")

    def stage_compare(self, tally):
        """The image beside Linux's stored counts of instructions."""
        if shutil.which("qemu-system-x86_64") is None:
            tally.skip("compare", "qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
            return
        if not self.build("release", tally):
            return
        status, text = run(["tools/compare_limits", "--drydock", str(self.binary("release"))])
        tally.add("instructions beside Linux's", status == 0, "see above")
        show(text)
        self.python_tests(tally, "tests/guest/compare_test.py")

    def stage_parity(self, tally):
        """The same program in the simulator and on the image, event by event; a selection of what there is to run."""
        if shutil.which("qemu-system-x86_64") is None:
            tally.skip("parity", "qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
            return
        if not self.build("release", tally):
            return
        self.python_tests(tally, "tests/guest/parity_test.py")
        selection = [] if self.options.all else ["--short"]
        status, text = run(["python3", "tests/guest/parity_table", "-v", *selection,
                            "--drydock", str(self.binary("release")), "--jobs", str(JOBS)])
        cases = re.findall(r"^(ok|FAIL|known) +([^:\s]+)(.*)", text, re.MULTILINE)
        for result, name, rest in cases:
            if result == "known":
                tally.skip(f"parity {name}", rest.lstrip(": "))
            else:
                tally.add(f"parity {name}", result == "ok", "see above")
        if status != 0 or not cases:
            show(text, 100)
            if all(result != "FAIL" for result, _, _ in cases):
                tally.add("parity table", False, f"ended with status {status}")

    def stage_bugs(self, tally):
        """Kernels with a known bug put back: each is caught by its oracle, the unpatched one passes."""
        if not self.build("release", tally):
            return
        if not self.build_bugs(tally, ["bugs", *(f"drydock-bug-{name}_elf" for name in BOOTED_BUGS)]):
            return
        for what, tool in (("bug", "run_bugs"), ("trace of", "replay_traces")):
            status, text = run([f"tests/bugs/{tool}", "--jobs", str(JOBS), "--build", str(REPOSITORY / "build/release")])
            cases = re.findall(r"^(ok|FAIL) +([\w-]+)", text, re.MULTILINE)
            for result, name in cases:
                tally.add(f"{what} {name}", result == "ok", "see above")
            if status != 0:
                show(text, 200)
                if all(result == "ok" for result, _ in cases):
                    tally.add(tool, False, f"ended with status {status}")
        self.python_tests(tally, *(f"tests/bugs/{name}_test.py" for name in (
            "supervision", "search", "story", "stack_depth", "suite", "image", "stack", "gdb", "refusal")))

    def stage_clang(self, tally):
        self.other_preset(tally, "clang", OTHER_TABLE)

    def stage_debug(self, tally):
        if self.is_thorough("debug"):
            self.other_preset(tally, "debug", OTHER_TABLE)
        else:
            self.same_traces(tally, "debug")

    def stage_sanitize(self, tally):
        if self.is_thorough("sanitize"):
            self.other_preset(tally, "sanitize", SANITIZE_TABLE)
        else:
            self.stage_unit(tally, "sanitize")
        self.injected_faults(tally)

    def injected_faults(self, tally):
        """Failures of every kind, under the sanitizers: the guest may fail, the kernel may not."""
        for seed in range(1, INJECTED_SEEDS + 1):
            rate = (30, 100, 300, 1000)[seed % 4]
            command = [str(self.binary("sanitize")), "run", "--quiet", "--seed", str(seed),
                       "--faults", f"alloc,short-io,eintr,rate={rate}", "--", "sh", "-c", INJECTED_SCRIPT]
            status, text = run(command, 300)
            is_sound = status not in (124, 125) and "Sanitizer" not in text and "runtime error" not in text
            if not is_sound:
                show(" ".join(command) + "\n" + text, 40)
            tally.add(f"sanitize, failures injected, seed {seed}", is_sound, f"status {status}, see above")

    def stage_determinism(self, tally):
        presets = ["release"] if self.options.quick else ["release", "clang"]
        binaries = [str(self.binary(preset)) for preset in presets if self.build(preset, tally)]
        if not binaries:
            return
        if not self.options.no_build:
            status, text = run(["cmake", "--build", "--preset", "release", "-j", str(JOBS), "--target", "broken"])
            tally.add("build of the simulators that are not deterministic", status == 0, "see above")
            if status != 0:
                show(text)
                return
        self.python_tests(tally, "tests/broken/first_difference_test.py", "tools/campaign_test.py")
        runs = 10 if self.options.quick else 200
        status, text = run(["python3", "tools/determinism", "--runs", str(runs), *binaries])
        tally.add(f"one trace in {runs} runs of {len(binaries)} binaries", status == 0, "see above")
        show(text, 20 if status else 3)


STAGES = {
    "style": "the project's own check, its tests, layout",
    "unit": "release build and every unit test",
    "frames": "stack frames of the kernel, their static bound, what the core links to",
    "table": "BusyBox command lines, compared with Linux",
    "programs": "test programs, compared with Linux; what many rounds leave behind",
    "contracts": "contract programs, one promise each: Linux, simulator and image do the same",
    "diff": "Linux and the simulator do the same, call by call; in full: the BusyBox table, the test programs",
    "fuzz": "lists of system calls: those that have shown something, on Linux and in the simulator; in full and where CI is set: a minute of guided fuzzing",
    "interactive": "a shell on a terminal",
    "roots": "Debian's programs compared with Linux, roots that boot to a login; in full: more programs, the image, the BusyBox table in dash and bash",
    "image": "the bare image in QEMU: boots, errors, BusyBox command lines, a shell on a terminal",
    "compare": "the 44 benchmarks on the image and on Linux, in instructions: none takes more than it may",
    "parity": "simulator and image do the same, event by event; in full: the BusyBox table, the test programs, the benchmarks",
    "bugs": "kernels with a bug put back: each is caught; loops and crashes of the kernel are reported",
    "clang": "the clang build: unit tests of the core, traces equal to release, part of the table; in full: all unit tests",
    "debug": "the debug build: traces equal to release; in full: unit tests, part of the table",
    "sanitize": "AddressSanitizer and UBSan: unit tests of the core, injected failures; in full: all unit tests, equal traces, part of the table",
    "determinism": "one trace: every run, compiler and optimisation level",
}
CORE_TESTS = tuple(f"{folder}_tests" for folder in
                   ("base", "event", "fs", "mm", "pipe", "process", "sched", "socket", "syscall", "tty", "vfs"))
# What these presets build and run without --all or their name, as the whole takes minutes.
PARTS = {"clang": ("drydock_run", *CORE_TESTS), "debug": ("drydock_run",), "sanitize": ("drydock_run", *CORE_TESTS)}
NOT_QUICK = ("clang", "debug", "sanitize")


def arguments():
    parser = argparse.ArgumentParser(prog="tools/test", description="Run every test, or the named stages.",
                                     epilog="stages: " + "; ".join(f"{k}: {v}" for k, v in STAGES.items()))
    parser.add_argument("stages", nargs="*", metavar="STAGE")
    parser.add_argument("--list", action="store_true", help="print the stages and stop")
    parser.add_argument("--all", action="store_true", help="the stages that run in part by default, in full: diff, fuzz, roots, parity, clang, debug, sanitize")
    parser.add_argument("--quick", action="store_true", help="the release build only, fewer repetitions")
    parser.add_argument("--no-setup", action="store_true", help="do not look for missing packages")
    parser.add_argument("--no-build", action="store_true", help="use the builds that are there")
    options = parser.parse_args()
    unknown = [stage for stage in options.stages if stage not in STAGES]
    if unknown:
        parser.error(f"no stage {' '.join(unknown)}; tools/test --list names them")
    return options


def summary(tallies):
    print("\n== Summary")
    print(f"  {'stage':<12} {'passed':>7} {'failed':>7} {'skipped':>8} {'build':>8} {'tests':>8}")
    for stage, tally in tallies.items():
        tests = tally.seconds - tally.build_seconds
        print(f"  {stage:<12} {tally.passed:>7} {len(tally.failed):>7} {len(tally.skipped):>8} "
              f"{tally.build_seconds:>6.0f} s {tests:>6.0f} s")
    for label, field in (("FAILED", "failed"), ("skipped", "skipped")):
        for stage, tally in tallies.items():
            for name, reason in getattr(tally, field):
                print(f"  {label} [{stage}] {name}: {reason}")
    totals = {field: sum(len(getattr(tally, field)) for tally in tallies.values()) for field in ("failed", "skipped")}
    passed = sum(tally.passed for tally in tallies.values())
    skipped = f", {totals['skipped']} skipped" if totals["skipped"] else ""
    print(f"{passed} passed, {totals['failed']} failed{skipped}")
    return 1 if totals["failed"] else 0


def restore_signals():
    """A shell's background job is started with some signals ignored, and its children inherit that."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def main():
    options = arguments()
    restore_signals()
    if options.list:
        for name, text in STAGES.items():
            print(f"{name:<12} {text}{' (not with --quick)' if name in NOT_QUICK else ''}")
        return 0
    chosen = options.stages or [name for name in STAGES if not (options.quick and name in NOT_QUICK)]
    tallies = {}
    with tempfile.TemporaryDirectory(prefix="drydock-test-") as scratch:
        runner = Runner(options, scratch)
        for stage in [name for name in STAGES if name in chosen]:
            print(f"== {stage}: {STAGES[stage]}", flush=True)
            tally = tallies.setdefault(stage, Tally())
            began = time.monotonic()
            getattr(runner, f"stage_{stage}")(tally)
            tally.seconds = time.monotonic() - began
    return summary(tallies)


if __name__ == "__main__":
    sys.exit(main())
