"""No false alarm: drydock search finds nothing on the kernel without a known bug.

Searches of several kinds, one after the other, each until it has had its share of the orders of the suite: with several
schedules; with failures injected (memory, short transfers, interrupted waits, late timers); with more oracles; the 44
rows, which share nothing but the boot, so that their rate is told apart. Then random programs with and without failures.
Whatever they find is a bug of the kernel or of an oracle.
"""

import fnmatch
import json
import os
import pathlib
import shutil
import subprocess

from campaigns.frame import CannotRun, digest_of

FAULTS = ["--faults", "alloc,short-io,eintr,timer"]
CHECKS = ["--check", "tlb", "--check", "tables"]
ORDERS = ["--orders", "random", "--programs", "none"]
PROGRAMS = ["--orders", "none", "--programs", "random"]
# Name, options of the search, share of the orders or of the programs (percent; None: all there are).
ORDER_SEARCHES = [("schedules", [*ORDERS, "--schedules", "4"], 40), ("failures", [*ORDERS, *FAULTS], 40),
                  ("oracles", [*ORDERS, "--schedules", "4", *FAULTS, *CHECKS], 20),
                  ("rows", ["--orders", "rows", "--programs", "none"], None)]
PROGRAM_SEARCHES = [("programs", PROGRAMS, 50), ("programs with failures", [*PROGRAMS, *FAULTS], 50)]
NAMES = [name for name, _, _ in ORDER_SEARCHES + PROGRAM_SEARCHES]
NO_END = "10000h"
SECONDS_BETWEEN_LOOKS = 0.5


def add_arguments(parser):
    parser.add_argument("names", nargs="*", metavar="NAME", help="searches, by name or pattern (default: all)")
    parser.add_argument("--orders", type=int, default=1000, metavar="N", help="random orders (default: 1000)")
    parser.add_argument("--programs", type=int, default=500, metavar="N", help="random programs (default: 500)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the searches (default: 0)")
    parser.add_argument("--kernel", default="unpatched", metavar="NAME", help="a kernel with a bug, to see it found")


class Search:
    """One `drydock search`: what it was asked for, and what its record tells."""

    def __init__(self, name, options, runs):
        self.name, self.options, self.runs = name, options, runs
        self.folder = None
        self.figures = {"orders": 0, "programs": 0, "batches": 0, "own_schedules": 0, "seconds": 0.0}
        self.findings = []

    def read(self):
        """Of its record, which may be in the middle of a line."""
        path = self.folder / "campaign.jsonl"
        text = path.read_bytes() if path.exists() else b""
        events = [json.loads(line) for line in text[:text.rfind(b"\n") + 1].splitlines()]
        batches = [event for event in events if event["what"] in ("orders", "programs")]
        plain_every = 0 if FAULTS[0] in self.options else int(self.options[self.options.index("--schedules") + 1]) \
            if "--schedules" in self.options else 1
        own = [batch for batch in batches if batch["what"] == "orders" and
               (plain_every == 0 or batch["batch"] % plain_every != 0)]
        self.figures = {"orders": sum(batch["count"] for batch in batches if batch["what"] == "orders"),
                        "programs": sum(batch["count"] for batch in batches if batch["what"] == "programs"),
                        "batches": len(batches), "own_schedules": len(own),
                        "seconds": max((batch["worked_ns"] for batch in batches), default=0) / 1e9}
        self.findings = [event for event in events if event["what"] == "finding"]
        return self.figures

    def rate(self):
        count = self.figures["orders"] + self.figures["programs"]
        return round(60 * count / self.figures["seconds"]) if self.figures["seconds"] > 0 else 0


class Alarms:
    def __init__(self, campaign, options):
        self.campaign = campaign
        self.options = options
        self.drydock = options.build / "sim/drydock"
        if not os.access(self.drydock, os.X_OK):
            raise CannotRun(f"{self.drydock} is not there; build it first")
        if options.orders < 1 or options.programs < 0:
            raise CannotRun("--orders: at least 1; --programs: at least 0")
        self.program = self.drydock
        if options.kernel != "unpatched":
            self.program = options.build / "bugs" / f"drydock-bug-{options.kernel}"
            if not os.access(self.program, os.X_OK):
                raise CannotRun(f"the kernel {options.kernel} is not built: cmake --build {options.build} --target bugs")
        guest = [options.build / "guest/user" / name for name in ("suite", "probe")]
        self.identity = f"{digest_of(self.drydock, self.program, *guest)}-{options.seed}"
        self.folder = campaign.result_path.parent / "alarms"
        wanted = options.names or ["*"]
        unknown = [name for name in wanted if not fnmatch.filter(NAMES, name)]
        if unknown:
            raise CannotRun(f"no search {' '.join(unknown)}; there are {', '.join(NAMES)}")
        self.searches = [Search(name, more, self.share(whole, percent))
                         for whole, group in ((options.orders, ORDER_SEARCHES), (options.programs, PROGRAM_SEARCHES)) if whole
                         for name, more, percent in group if any(fnmatch.fnmatch(name, pattern) for pattern in wanted)]

    @staticmethod
    def share(whole, percent):
        return None if percent is None else -(-whole * percent // 100)

    def command(self, search):
        runs = ["--runs", str(search.runs)] if search.runs else []
        return [str(self.program), "search", "--no-canary", "--quiet", "--first", "--budget", NO_END,
                "--jobs", str(self.options.jobs), "--seed", str(self.options.seed), *runs, *search.options, "--out", str(search.folder)]

    def follow(self, search, before):
        """Runs a search to its end; one that was stopped goes on in its folder."""
        search.folder = self.folder / f"{search.name.replace(' ', '-')}-{self.identity}"
        search.folder.mkdir(parents=True, exist_ok=True)
        with open(search.folder / "output", "wb") as output:
            worker = subprocess.Popen(self.command(search), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            try:
                while worker.poll() is None:
                    try:
                        worker.wait(SECONDS_BETWEEN_LOOKS)
                    except subprocess.TimeoutExpired:
                        figures = search.read()
                        done = before + figures["orders"] + figures["programs"]
                        self.campaign.show_progress(done, self.options.orders + self.options.programs, search.name)
            finally:
                worker.kill()
                worker.wait()
        search.read()
        if worker.returncode != (1 if search.findings else 0):
            lines = (search.folder / "output").read_text(errors="replace").strip().splitlines()
            raise CannotRun(f"search for {search.name}: status {worker.returncode}: {lines[-1] if lines else 'no message'}")

    def run(self):
        self.forget_others()
        done = 0
        for search in self.searches:
            self.follow(search, done)
            figures = search.figures
            done += figures["orders"] + figures["programs"]
            self.campaign.note([search.name, self.identity, figures])
            self.campaign.say(f"{search.name}: {figures['orders']} orders, {figures['programs']} programs, {search.rate()} a "
                              f"minute, {len(search.findings)} findings")

    def forget_others(self):
        """Records of other programs are of no use: their searches cannot go on."""
        for folder in self.folder.glob("*") if self.folder.exists() else []:
            if not folder.name.endswith(f"-{self.identity}"):
                shutil.rmtree(folder)


def run(campaign, options):
    alarms = Alarms(campaign, options)
    alarms.run()
    rows = [search for search in alarms.searches if search.name == "rows"]
    random_orders = [search for search in alarms.searches if "random" in search.options and search.figures["orders"] > 0]
    programs = [search for search in alarms.searches if search.figures["programs"] > 0]
    orders = sum(search.figures["orders"] for search in random_orders)
    seconds = sum(search.figures["seconds"] for search in random_orders)
    program_seconds = sum(search.figures["seconds"] for search in programs)
    count = sum(search.figures["programs"] for search in programs)
    campaign.figures = {"orders": orders, "rows": sum(search.figures["orders"] for search in rows),
                        "schedules": 1 + sum(search.figures["own_schedules"] for search in alarms.searches),
                        "programs": count, "orders a minute": round(60 * orders / seconds) if seconds else 0,
                        "orders a minute by kind": {search.name: search.rate() for search in random_orders},
                        "rows a minute": sum(search.rate() for search in rows),
                        "programs a minute": round(60 * count / program_seconds) if program_seconds else 0}
    return [f"{search.name}: {finding['name']}: {finding['outcome']}: {finding['summary']} ({search.folder}/{finding['file']})"
            for search in alarms.searches for finding in search.findings]
