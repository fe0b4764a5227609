"""Every kept trace replayed many times: all replays of one have one hash.

From replay to replay the host changes: addresses are randomised or not, the environment has another size, the time zone
is another. First, each trace shows its bug on the kernel that has it and the unpatched kernel passes it
(tests/bugs/replay_traces). Where two replays differ, the first event that they do not share is shown.
"""

import collections
import fnmatch
import json
import os
import pathlib
import random
import re
import subprocess
import tempfile

from campaigns.frame import CannotRun, digest_of
from surroundings import can_fix_addresses, random_environment

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
TIME_LIMIT_S = 300
MOST_RECORDED = 40


def add_arguments(parser):
    parser.add_argument("names", nargs="*", metavar="NAME", help="traces, by name or pattern (default: all)")
    parser.add_argument("--runs", type=int, default=1000, metavar="N", help="replays of each (default: 1000)")
    parser.add_argument("--traces", type=pathlib.Path, default=REPOSITORY / "traces", metavar="DIR")
    parser.add_argument("--drydock", type=pathlib.Path, help="the simulator (default: that of the build folder)")


class Subject:
    """A trace, and what it is replayed with."""

    def __init__(self, path, drydock, build):
        self.name = path.stem
        self.path = path
        kernel = re.search(r"^kernel: (\S+) ", path.read_text(errors="replace"), re.MULTILINE)
        if not kernel:
            raise CannotRun(f"{path}: not a trace's header")
        variant = build / "bugs" / f"drydock-bug-{kernel[1]}"
        if kernel[1] != "unpatched" and not os.access(variant, os.X_OK):
            raise CannotRun(f"the kernel {kernel[1]} is not built: cmake --build {build} --target bugs")
        self.identity = digest_of(path, drydock, *([variant] if kernel[1] != "unpatched" else []))
        self.results = {}  # By number of the replay.

    def condition(self, run, may_fix):
        """What the host is like in one replay; the same each time for the same number."""
        chance = random.Random(f"{self.name} {run}")
        environment = random_environment(chance)
        return (["setarch", "-R"] if may_fix and run % 2 == 1 else []), environment


def result_of(status, text):
    """What must be the same in all replays of a trace: exit status, number of events, hash."""
    counted = re.search(r"^(\d+) events.*hash ([0-9a-f]{32})", text, re.MULTILINE)
    if counted:
        return [status, f"{counted[1]} events, hash {counted[2]}"]
    other = re.search(r"hash [0-9a-f]{32} recorded, ([0-9a-f]{32}) now", text)
    return [status, f"hash {other[1]}" if other else text.strip()[:2000]]


class Replays:
    def __init__(self, campaign, options):
        self.campaign = campaign
        self.options = options
        self.drydock = (options.drydock or options.build / "sim/drydock").resolve()
        if not os.access(self.drydock, os.X_OK):
            raise CannotRun(f"{self.drydock} is not there; build it first")
        self.may_fix = can_fix_addresses()
        paths = sorted(options.traces.glob("*.trace"))
        wanted = options.names or ["*"]
        unknown = [name for name in wanted if not fnmatch.filter([path.stem for path in paths], name)]
        if unknown:
            raise CannotRun(f"no trace {' '.join(unknown)} in {options.traces}")
        self.subjects = [Subject(path, self.drydock, options.build) for path in paths
                         if any(fnmatch.fnmatch(path.stem, name) for name in wanted)]

    def replay(self, subject, run, *extra):
        prefix, environment = subject.condition(run, self.may_fix)
        command = [*prefix, str(self.drydock), "replay", *map(str, extra), str(subject.path)]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                                  timeout=TIME_LIMIT_S, check=False, env=environment)
        except subprocess.TimeoutExpired:
            return [None, f"no end after {TIME_LIMIT_S} s"]
        return result_of(done.returncode, done.stdout + done.stderr)

    def recall(self):
        """Takes what an earlier call has done with the same traces and programs."""
        by_name = {subject.name: subject for subject in self.subjects}
        for name, identity, run, result in self.campaign.entries():
            subject = by_name.get(name)
            if subject and subject.identity == identity and run < self.options.runs:
                subject.results[run] = result

    def replay_all(self):
        total = self.options.runs * len(self.subjects)
        done = sum(len(subject.results) for subject in self.subjects)
        if done:
            self.campaign.say(f"{done} of {total} replays were done before")
        missing = ((subject, run) for subject in self.subjects for run in range(self.options.runs)
                   if run not in subject.results)
        for (subject, run), result in self.campaign.work(self.options.jobs, missing, lambda item: self.replay(*item)):
            subject.results[run] = result
            self.campaign.note([subject.name, subject.identity, run, result])
            done += 1
            self.campaign.show_progress(done, total, subject.name)
            if len(subject.results) == self.options.runs:
                self.campaign.say(self.summary(subject))

    @staticmethod
    def common_result(subject):
        counted = collections.Counter(map(tuple, subject.results.values()))
        return counted.most_common(1)[0]

    def summary(self, subject):
        (status, text), count = self.common_result(subject)
        return f"{subject.name}: {count} of {len(subject.results)} replays have {text.splitlines()[0]}, status {status}"

    def judge(self, subject):
        """What is wrong with the replays of one trace; empty if nothing is."""
        (status, text), count = self.common_result(subject)
        if count == len(subject.results):
            return "" if status == 0 else f"{subject.name}: every replay ends with status {status}: {text}"
        run = min(run for run, result in subject.results.items() if tuple(result) != (status, text))
        prefix, environment = subject.condition(run, self.may_fix)
        size = sum(len(key) + len(value) + 2 for key, value in environment.items())
        other = subject.results[run]
        return (f"{subject.name}: {len(subject.results) - count} replays differ from the other {count} ({text}); the first "
                f"is replay {run} ({'fixed' if prefix else 'randomised'} addresses, environment of {size} bytes): "
                f"status {other[0]}, {other[1]}\n{self.first_difference(subject, run)}")

    def first_difference(self, subject, suspect):
        """Replays that are recorded, until two differ: the first event that they do not share."""
        agreeing = min(set(range(len(subject.results))) - {suspect}, default=0)
        with tempfile.TemporaryDirectory(prefix="drydock-campaign-") as folder:
            one, other = pathlib.Path(folder) / "one", pathlib.Path(folder) / "other"
            self.replay(subject, agreeing, "--trace", one)
            for attempt in range(MOST_RECORDED):
                self.replay(subject, suspect + attempt // 2, "--trace", other)
                done = subprocess.run([str(self.drydock), "trace", "--diff", str(one), str(other)], capture_output=True,
                                      text=True, errors="replace", stdin=subprocess.DEVNULL, check=False)
                if done.returncode != 0:
                    return done.stdout + done.stderr
        return f"{MOST_RECORDED} recorded replays were all the same"

    def unpatched_passes(self):
        """Findings of tests/bugs/replay_traces, which knows how each bug ends and that the unpatched kernel passes."""
        known = {bug["name"] for bug in json.loads((REPOSITORY / "tests/bugs/bugs.json").read_text())}
        names = [subject.name for subject in self.subjects if subject.name in known]
        if self.options.traces != REPOSITORY / "traces" or self.options.drydock or not names:
            return []
        done = subprocess.run([str(REPOSITORY / "tests/bugs/replay_traces"), "--jobs", str(self.options.jobs), "--build",
                               str(self.options.build), *names], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        self.campaign.say(f"each bug on its kernel, none on the unpatched one: {(done.stdout.splitlines() or ['-'])[-1]}")
        return [] if done.returncode == 0 else [done.stdout + done.stderr]


def run(campaign, options):
    if options.runs < 1:
        raise CannotRun("--runs: at least 1")
    replays = Replays(campaign, options)
    if not replays.may_fix:
        campaign.say("note: setarch -R does not work here; addresses are randomised in every replay")
    findings = replays.unpatched_passes()
    replays.recall()
    replays.replay_all()
    findings += [finding for finding in map(replays.judge, replays.subjects) if finding]
    campaign.figures = {"traces": len(replays.subjects), "replays of each": options.runs,
                        "traces with one hash": sum(replays.common_result(subject)[1] == options.runs
                                                    for subject in replays.subjects)}
    return findings
