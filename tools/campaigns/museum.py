"""Every kernel with a bug put back is found by drydock search from seeds alone, made small, and replayed.

One kernel after the other (the search uses all processors given by --jobs). Each must be found within the budget; what was
found must be minimal after shrinking; its header must show the failure again on its kernel; the unpatched kernel must end
otherwise, with status 0.
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
# Of `drydock run`: a search has checks of its own, and stacks that are not guarded are another search.
SEARCH_OPTIONS = ("--tags", "--memory")


def add_arguments(parser):
    parser.add_argument("names", nargs="*", metavar="NAME", help="kernels, by name or pattern (default: all)")
    parser.add_argument("--budget", type=int, default=600, metavar="S", help="seconds for each (default: 600)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the searches (default: 0)")


def search_options(options):
    """What of a bug's options a search needs too: what the machine is, not what looks at it."""
    return [word for name, value in zip(options[::2], options[1::2]) if name in SEARCH_OPTIONS for word in (name, value)]


class Museum:
    def __init__(self, campaign, options):
        self.campaign = campaign
        self.options = options
        self.drydock = options.build / "sim/drydock"
        if not os.access(self.drydock, os.X_OK):
            raise CannotRun(f"{self.drydock} is not there; build it first")
        self.folder = campaign.result_path.parent / "museum"
        bugs = json.loads((REPOSITORY / "tests/bugs/bugs.json").read_text())
        kernels = {}
        for bug in bugs:
            kernels.setdefault(bug["kernel"], search_options(bug.get("options", [])))
        wanted = options.names or ["*"]
        unknown = [name for name in wanted if not fnmatch.filter(kernels, name)]
        if unknown:
            raise CannotRun(f"no kernel {' '.join(unknown)} in tests/bugs/bugs.json")
        self.kernels = {kernel: more for kernel, more in kernels.items()
                        if any(fnmatch.fnmatch(kernel, name) for name in wanted)}
        missing = [kernel for kernel in self.kernels if not os.access(self.program(kernel), os.X_OK)]
        if missing:
            raise CannotRun(f"{', '.join(missing)} not built: cmake --build {options.build} --target bugs")

    def program(self, kernel):
        return self.options.build / "bugs" / f"drydock-bug-{kernel}"

    def identity(self, kernel):
        return f"{digest_of(self.drydock, self.program(kernel))} seed {self.options.seed} budget {self.options.budget}"

    def search(self, kernel):
        """The first finding of a search, or None. A search that was killed goes on in its folder."""
        folder = self.folder / f"{kernel}-{self.identity(kernel)[:16]}-{self.options.seed}"
        command = [str(self.drydock), "search", "--kernel", kernel, "--first", "--no-canary", "--quiet", "--seed",
                   str(self.options.seed), "--budget", str(self.options.budget), "--jobs", str(self.options.jobs), "--out",
                   str(folder), *self.kernels[kernel]]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                                  timeout=self.options.budget + GRACE_S, check=False)
        except subprocess.TimeoutExpired:
            return None, f"the search did not end {GRACE_S} s after its budget"
        if done.returncode not in (0, 1):
            lines = (done.stderr or done.stdout).strip().splitlines()
            raise CannotRun(f"search on {kernel}: status {done.returncode}: {lines[-1] if lines else 'no message'}")
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

    def examine(self, kernel):
        """What the search came to on one kernel: an entry of the journal."""
        finding, problem = self.search(kernel)
        if finding is None:
            return {"problem": problem}
        problems = [] if finding["minimal"] else ["not minimal after shrinking"]
        status, text = self.replay(finding["path"])
        if status != 0:
            problems.append(f"its header does not show it again (status {status}): {text.strip()[:300]}")
        status, text = self.replay(finding["path"], "--kernel", "unpatched")
        if status != 1 or not re.search(r"(this one ended|this run ended as the recorded one)[:,] +exited \(status 0\)", text):
            problems.append(f"the unpatched kernel does not pass it (status {status}): {text.strip()[:300]}")
        kept = self.folder / f"{kernel}.trace"
        shutil.copyfile(finding["path"], kept)
        return {"seconds": round(finding["found_ns"] / 1e9, 1), "steps": len(finding["steps"]), "name": finding["name"],
                "outcome": finding["outcome"], "summary": finding["summary"], "executions": finding["executions"],
                "problem": "; ".join(problems)}

    def run(self):
        known = {kernel: (identity, entry) for kernel, identity, entry in self.campaign.entries()}
        results = {}
        for kernel in self.kernels:
            identity, entry = known.get(kernel, (None, None))
            if identity != self.identity(kernel):
                self.campaign.show_progress(len(results), len(self.kernels), kernel)
                entry = self.examine(kernel)
                self.campaign.note([kernel, self.identity(kernel), entry])
            results[kernel] = entry
            if entry["problem"]:
                self.campaign.say(f"{kernel}: {entry['problem']}")
            else:
                self.campaign.say(f"{kernel}: {entry['outcome']} after {entry['seconds']} s, {entry['steps']} "
                                  f"step{'s' if entry['steps'] != 1 else ''} left: {entry['name']}")
        return results


def run(campaign, options):
    museum = Museum(campaign, options)
    results = museum.run()
    found = [entry for entry in results.values() if "seconds" in entry]
    campaign.figures = {"kernels": len(results), "found": len(found), "slowest": max((e["seconds"] for e in found), default=0),
                        "most steps left": max((e["steps"] for e in found), default=0)}
    return [f"{kernel}: {entry['problem']}" for kernel, entry in results.items() if entry["problem"]]
