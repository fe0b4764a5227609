"""What a mutant has to survive: unit tests of the core, BusyBox command lines, test and contract programs under the
oracles, the suite, injected failures, a shell on a terminal. Each unit says what it came to as a value; a
mutant is killed by the first unit that comes to something else than without it, or that an oracle ends.
"""

import dataclasses
import importlib.machinery
import importlib.util
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
ORACLES = ["--check", "tlb", "--check", "tables"]
RUN_LIMITS = ["--kernel-limit", "3", "--time-limit", "3000"]
ORACLE_STATUS = 125
SEEDS = 6
# Half a minute each under the oracles, and no place that others do not reach.
LEFT_OUT = ("sort_large", "awk_pi")
INJECTED_SCRIPT = ("mkdir /tmp/d; for i in 1 2 3; do seq $i 50 > /tmp/d/$i; done; cat /tmp/d/* | sort -n | uniq -c | wc; "
                   "tar cf - -C /tmp d | tar tf -; (sleep 0.01; kill $$) & wait; rm -r /tmp/d; ls -la /tmp /proc/self")


@dataclasses.dataclass
class Unit:
    name: str
    command: list
    stdin: bytes = b""
    # Whether only the oracles judge it: under injected failures another schedule may print another text.
    oracles_only: bool = False
    compares_errors: bool = False
    is_status_only: bool = False
    expected: tuple = ()
    seconds: float = 0.0
    reached: frozenset = frozenset()


@dataclasses.dataclass
class End:
    status: object
    output: bytes
    errors: bytes
    seconds: float


def load(path):
    name = path.name.replace(".", "_")
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


def run_once(unit, number, limit_s, reached_file=None):
    environment = dict(os.environ, DRYDOCK_MUTANT=str(number))
    if reached_file is not None:
        environment["DRYDOCK_MUTANTS_REACHED"] = str(reached_file)
    began = time.monotonic()
    process = subprocess.Popen(unit.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment, start_new_session=True)
    try:
        output, errors = process.communicate(unit.stdin, timeout=limit_s)
        status = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, errors = process.communicate()
        status = "no end"
    return End(status, output, errors, time.monotonic() - began)


def value_of(unit, end):
    """What of an end is compared."""
    if unit.oracles_only:
        return (end.status in (ORACLE_STATUS, "no end") or (isinstance(end.status, int) and end.status < 0),)
    if unit.is_status_only:
        return (end.status,)
    return (end.status, end.output) + ((end.errors,) if unit.compares_errors else ())


def reason_of(unit, end):
    """How a unit noticed, in a few words: the oracle, the failed test, or what differs."""
    errors = end.errors.decode(errors="replace")
    if end.status == "no end":
        return "no end"
    failed = re.search(r"\[  FAILED  \] (\S+)", end.output.decode(errors="replace"))
    if failed:
        return "test " + failed.group(1).rstrip(",")
    if end.status == ORACLE_STATUS:
        told = re.search(r"^drydock: (.*)$", errors, re.MULTILINE)
        return "oracle: " + (told.group(1) if told else "status 125")[:160]
    if isinstance(end.status, int) and end.status < 0:
        told = re.search(r"^.*(?:assert|ASSERT).*$", errors, re.MULTILINE)
        return (told.group(0)[:160] if told else f"signal {-end.status}")
    first = next((line for line in end.output.decode(errors="replace").splitlines() if line.startswith("FAIL")), "")
    return first[:160] or ("difference in status" if (end.status,) != unit.expected[:1] else "difference in output")


def drydock_run(programs, *words):
    return [str(programs.drydock), "run", "--quiet", *ORACLES, *RUN_LIMITS, *words]


def unit_tests(programs):
    return [Unit(f"{name}_tests", [str(path), "--gtest_brief=1", "--gtest_fail_fast"], is_status_only=True)
            for name, path in programs.unit_tests.items()]


def table_lines(programs):
    table = load(REPOSITORY / "tests/busybox/run_table")
    return [Unit(f"busybox {entry.name}", drydock_run(programs, "--", "sh", "-c", entry.script),
                 entry.stdin or b"", compares_errors="stderr" in entry.marks)
            for entry in table.load_table() if entry.name not in LEFT_OUT]


def test_programs(programs, build):
    folder = build / "tests/programs"
    names = sorted(path.stem for path in (REPOSITORY / "tests/programs").glob("*.c"))
    return [Unit(f"program {name}", drydock_run(programs, "--in", f"{folder / name}:/{name}", "--", f"/{name}"))
            for name in names if (folder / name).exists()]


def contracts(programs):
    """Each promise of Linux, with the translations checked."""
    listed = subprocess.run([str(programs.drydock), "contracts", "--list"], capture_output=True, text=True, check=True).stdout
    return [Unit(f"contract {name}", [str(programs.drydock), "contracts", "--on", "sim", "--jobs", "1", name])
            for name in listed.split()]


def sessions(programs):
    script = REPOSITORY / "tests/busybox/interactive_test.py"
    listed = subprocess.run(["python3", str(script), "--list"], capture_output=True, text=True, check=True).stdout
    return [Unit(f"session {name}", ["python3", str(script), "--drydock", str(programs.drydock), "--timeout", "8", name],
                 is_status_only=True) for name in listed.split()]


def conservation(programs, build):
    script = REPOSITORY / "tests/busybox/conservation"
    listed = subprocess.run(["python3", str(script), "--list"], capture_output=True, text=True, check=True).stdout
    return [Unit(f"conservation {name}", ["python3", str(script), "--drydock", str(programs.drydock), "--programs",
                                          str(build / "tests/programs"), name], is_status_only=True)
            for name in listed.split()]


def injected_failures(programs):
    units = []
    for seed in range(1, SEEDS + 1):
        rate = (30, 100, 300, 1000)[seed % 4]
        units.append(Unit(f"failures seed {seed}", drydock_run(
            programs, "--seed", str(seed), "--faults", f"alloc,short-io,eintr,rate={rate}", "--", "sh", "-c",
            INJECTED_SCRIPT), oracles_only=True))
    return units


def all_units(programs, build):
    """In the order in which they are tried, but for what `order` says."""
    suite = Unit("suite", [str(programs.drydock), "suite", "--quiet", "--check", "tlb", "--kernel-limit", "3",
                           "--time-limit", "3000"], is_status_only=True)
    return (unit_tests(programs) + test_programs(programs, build) + contracts(programs) + table_lines(programs) + injected_failures(programs)
            + conservation(programs, build) + [suite] + sessions(programs))


def measure(unit, site_count):
    """Runs a unit without a mutant: what it comes to, how long it takes, which sites it reaches."""
    with tempfile.NamedTemporaryFile(prefix="drydock-reached-") as file:
        file.truncate(site_count + 1)
        end = run_once(unit, 0, 300, file.name)
        data = pathlib.Path(file.name).read_bytes()
    unit.expected = value_of(unit, end)
    unit.seconds = end.seconds
    unit.reached = frozenset(number for number, mark in enumerate(data) if mark and number > 0)
    return end


def is_broken(unit, end):
    """Whether a unit fails without a mutant, so that it can tell nothing."""
    return end.status in ("no end", ORACLE_STATUS) or (unit.is_status_only and end.status != 0)


def limit_of(unit):
    """Seconds after which a run counts as one without an end; the machine may be busy."""
    return 20 + 10 * unit.seconds


def judge(unit, number):
    """None if the mutant gets through, else how it was noticed."""
    end = run_once(unit, number, limit_of(unit))
    if value_of(unit, end) == unit.expected:
        return None
    return reason_of(unit, end)
