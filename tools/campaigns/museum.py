"""Every kernel with a bug put back is found by drydock search from seeds alone, made small, and replayed.

One after the other (the search uses all processors given by --jobs), with nothing but the machine's options and oracles
that tests/bugs/bugs.json names for it. Each must be found within the budget; what was found must be minimal after
shrinking; its header must show the failure again on its kernel; the unpatched kernel must end otherwise, with status 0.
"""

import fnmatch
import json
import os
import pathlib
import re
import shutil
import subprocess

from campaigns.frame import CannotRun, digest_of

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
REPLAY_LIMIT_S = 120
# Shrinking goes on when the budget is used up.
GRACE_S = 300
# No bug of the list, but a kernel that every search must see through.
CANARY = {"name": "canary", "kernel": "canary"}


def add_arguments(parser):
    parser.add_argument("names", nargs="*", metavar="NAME", help="of bugs.json, or patterns (default: all)")
    parser.add_argument("--budget", type=int, default=600, metavar="S", help="seconds for each (default: 600)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the searches (default: 0)")


class Museum:
    def __init__(self, campaign, options):
        self.campaign = campaign
        self.options = options
        self.drydock = options.build / "sim/drydock"
        if not os.access(self.drydock, os.X_OK):
            raise CannotRun(f"{self.drydock} is not there; build it first")
        self.folder = campaign.result_path.parent / "museum"
        bugs = {bug["name"]: bug for bug in [*json.loads((REPOSITORY / "tests/bugs/bugs.json").read_text()), CANARY]}
        wanted = options.names or ["*"]
        unknown = [name for name in wanted if not fnmatch.filter(bugs, name)]
        if unknown:
            raise CannotRun(f"no bug {' '.join(unknown)} in tests/bugs/bugs.json")
        self.bugs = [bug for name, bug in bugs.items() if any(fnmatch.fnmatch(name, pattern) for pattern in wanted)]
        missing = [bug["name"] for bug in self.bugs if not os.access(self.program(bug), os.X_OK)]
        if missing:
            raise CannotRun(f"{', '.join(missing)} not built: cmake --build {options.build} --target bugs")

    def program(self, bug):
        return self.options.build / "bugs" / f"drydock-bug-{bug['kernel']}"

    def identity(self, bug):
        return f"{digest_of(self.drydock, self.program(bug))} seed {self.options.seed} budget {self.options.budget}"

    def search(self, bug):
        """The first finding of a search, or None. A search that was killed goes on in its folder."""
        folder = self.folder / f"{bug['name']}-{self.identity(bug)[:16]}-{self.options.seed}"
        command = [str(self.drydock), "search", "--kernel", bug["kernel"], "--first", "--no-canary", "--quiet", "--seed",
                   str(self.options.seed), "--budget", str(self.options.budget), "--jobs", str(self.options.jobs), "--out",
                   str(folder), *bug.get("options", [])]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                                  timeout=self.options.budget + GRACE_S, check=False)
        except subprocess.TimeoutExpired:
            return None, f"the search did not end {GRACE_S} s after its budget"
        if done.returncode not in (0, 1):
            lines = (done.stderr or done.stdout).strip().splitlines()
            raise CannotRun(f"search on {bug['kernel']}: status {done.returncode}: {lines[-1] if lines else 'no message'}")
        events = (folder / "campaign.jsonl").read_text().splitlines()
        findings = [json.loads(line) for line in events if '"finding"' in line]
        findings = [finding for finding in findings if finding.get("file")]
        if not findings:
            return None, f"not found within {self.options.budget} s"
        return dict(findings[0], path=str(folder / findings[0]["file"])), ""

    def replay(self, path, *more):
        done = subprocess.run([str(self.drydock), "replay", *more, str(path)], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace", timeout=REPLAY_LIMIT_S, check=False)
        return done.returncode, done.stdout + done.stderr

    def examine(self, bug):
        """What the search for one bug came to: an entry of the journal."""
        finding, problem = self.search(bug)
        if finding is None:
            return {"problem": problem}
        problems = [] if finding["minimal"] else ["not minimal after shrinking"]
        status, text = self.replay(finding["path"])
        if status != 0:
            problems.append(f"its header does not show it again (status {status}): {text.strip()[:300]}")
        status, text = self.replay(finding["path"], "--kernel", "unpatched")
        if status != 1 or not re.search(r"(this one ended|this run ended as the recorded one)[:,] +exited \(status 0\)", text):
            problems.append(f"the unpatched kernel does not pass it (status {status}): {text.strip()[:300]}")
        kept = self.folder / f"{bug['name']}.trace"
        shutil.copyfile(finding["path"], kept)
        return {"seconds": round(finding["found_ns"] / 1e9, 1), "steps": len(finding["steps"]), "name": finding["name"],
                "outcome": finding["outcome"], "summary": finding["summary"], "executions": finding["executions"],
                "problem": "; ".join(problems)}

    def run(self):
        known = {name: (identity, entry) for name, identity, entry in self.campaign.entries()}
        results = {}
        for bug in self.bugs:
            name = bug["name"]
            identity, entry = known.get(name, (None, None))
            if identity != self.identity(bug):
                self.campaign.show_progress(len(results), len(self.bugs), name)
                entry = self.examine(bug)
                self.campaign.note([name, self.identity(bug), entry])
            results[name] = entry
            if entry["problem"]:
                self.campaign.say(f"{name}: {entry['problem']}")
            else:
                self.campaign.say(f"{name}: {entry['outcome']} after {entry['seconds']} s, {entry['steps']} "
                                  f"step{'s' if entry['steps'] != 1 else ''} left: {entry['name']}")
        return results


def run(campaign, options):
    museum = Museum(campaign, options)
    results = museum.run()
    found = [entry for entry in results.values() if "seconds" in entry]
    campaign.figures = {"bugs": len(results), "found": len(found), "slowest": max((e["seconds"] for e in found), default=0),
                        "most steps left": max((e["steps"] for e in found), default=0)}
    return [f"{name}: {entry['problem']}" for name, entry in results.items() if entry["problem"]]
