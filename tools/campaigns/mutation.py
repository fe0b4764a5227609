"""Deletes each TLB flush, generation bump, reference count change and wake-up of the core: does a test notice?

Every one of these mutants is in one build (tests/mutation), and a number chooses it when a program starts. It is tried
on the tests that reach its place, the most special ones first, until one comes to something else than without it. What
is known of a mutant holds for one state of the core's sources; one that survived is tried again when tests change.
Survivors that are accepted stand in tests/mutation/survivors.json, each with its reason; they count as survivors and
are tried again with --accepted only, because a survivor takes all the tests.
"""

import collections
import concurrent.futures
import hashlib
import json
import pathlib
import sys
import time

from campaigns.frame import CannotRun

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "tests/mutation"))
import build as mutation_build  # noqa: E402
import kill_set  # noqa: E402
import sites as mutation_sites  # noqa: E402

SURVIVORS = REPOSITORY / "tests/mutation/survivors.json"
TARGET_PERCENT = 90


def add_arguments(parser):
    parser.add_argument("--sample", type=int, metavar="N", help="only N of the mutants, the same ones each time")
    parser.add_argument("--only", metavar="TEXT", help="mutants whose file, kind or code contains this")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    parser.add_argument("--accepted", action="store_true", help="try the accepted survivors too")
    parser.add_argument("--results", type=pathlib.Path, metavar="FILE", help="write what is known of each mutant, as JSON")


def choose(sites, options):
    chosen = [site for site in sites if not options.only or options.only in site.describe()]
    if not chosen:
        raise CannotRun("no such mutant; --list names them")
    if options.sample:
        chosen.sort(key=lambda site: hashlib.sha256(site.key().encode()).digest())
        chosen = sorted(chosen[:options.sample], key=lambda site: site.number)
    return chosen


def measure_units(units, site_count, jobs):
    """Runs each unit without a mutant: what it comes to, and which places it reaches."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        ends = list(pool.map(lambda unit: kill_set.measure(unit, site_count), units))
    broken = [unit.name for unit, end in zip(units, ends) if kill_set.is_broken(unit, end)]
    if broken:
        raise CannotRun(f"these fail without a mutant: {', '.join(broken)}")


def identity_of(units):
    """Of the tests: a mutant that survived them is tried again when they change."""
    digest = hashlib.sha256()
    for unit in units:
        digest.update(repr((unit.name, unit.command[1:], unit.stdin, unit.expected, sorted(unit.reached))).encode())
    return digest.hexdigest()[:16]


def describe_site(site):
    return {"site": site.key(), "kind": site.kind, "place": f"core/{site.path}:{site.line}", "code": site.code}


def try_mutant(site, units):
    """What came of one mutant, as an entry of the journal."""
    began = time.monotonic()
    chosen = sorted((unit for unit in units if site.number in unit.reached),
                    key=lambda unit: (unit.seconds > 5, len(unit.reached), unit.name))
    killer, how, tried = None, "", 0
    while killer is None and tried < len(chosen):
        how = kill_set.judge(chosen[tried], site.number)
        killer = chosen[tried].name if how is not None else None
        tried += 1
    return describe_site(site) | {"killed_by": killer, "how": how or "", "tried": tried, "seconds": round(time.monotonic() - began, 1)}


def accepted_survivors():
    return {entry["site"]: entry["reason"] for entry in json.loads(SURVIVORS.read_text())}


def run_mutants(campaign, sites, units, jobs):
    """What is known of each site, by its key."""
    core, tests = mutation_build.identity(), identity_of(units)
    known = {entry["site"]: entry for entry in campaign.entries()
             if entry["core"] == core and (entry["killed_by"] or entry["tests"] == tests)}
    todo = [site for site in sites if site.key() not in known]
    if len(todo) < len(sites):
        campaign.say(f"{len(sites) - len(todo)} of {len(sites)} mutants are known from before")
    survivors = 0
    for done, (site, entry) in enumerate(campaign.work(jobs, todo, lambda site: try_mutant(site, units)), 1):
        entry |= {"core": core, "tests": tests}
        campaign.note(entry)
        known[site.key()] = entry
        survivors += not entry["killed_by"]
        campaign.show_progress(done, len(todo), f"mutants, {survivors} survive so far")
    return known


def describe(campaign, entries):
    kinds = collections.Counter(entry["kind"] for entry in entries)
    killed = collections.Counter(entry["kind"] for entry in entries if entry["killed_by"])
    for kind, count in sorted(kinds.items()):
        campaign.say(f"{kind:<12} {killed[kind]:4} of {count:4} killed")
    killers = collections.Counter(entry["killed_by"].split()[0] for entry in entries if entry["killed_by"])
    campaign.say("noticed first by: " + ", ".join(f"{name} {count}" for name, count in killers.most_common()))


def findings_of(campaign, entries, is_whole):
    """Survivors that nobody has accepted, accepted ones that do not survive, a score below the target."""
    accepted = accepted_survivors()
    survivors = [entry for entry in entries if not entry["killed_by"]]
    findings = []
    for entry in survivors:
        text = f"{entry['place']}: {entry['kind']}: {entry['code']}"
        if entry["site"] in accepted:
            campaign.say(f"survives {text}\n         {accepted[entry['site']]}")
        else:
            findings.append(f"survives {entry['tried']} tests: {text}")
    surviving = {entry["site"] for entry in survivors}
    seen = {entry["site"] for entry in entries}
    findings += [f"{SURVIVORS.name} lists what is killed or gone: {site}" for site in accepted
                 if site not in surviving and (is_whole or site in seen)]
    killed = len(entries) - len(survivors)
    percent = 100 * killed / len(entries)
    campaign.figures.update(mutants=len(entries), killed=killed, accepted=len(surviving & set(accepted)),
                            score_percent=round(percent, 1))
    if percent < TARGET_PERCENT and is_whole:
        findings.append(f"the score is {percent:.1f} %, below {TARGET_PERCENT} %")
    return findings


def run(campaign, options):
    if options.list:
        for site in mutation_sites.all_sites(REPOSITORY / "core"):
            campaign.say(site.describe())
        return []
    campaign.say("building the core with every mutant in it")
    try:
        sites, programs = mutation_build.build_all(options.build)
    except mutation_build.BuildFailed as failed:
        raise CannotRun(str(failed)) from failed
    chosen = choose(sites, options)
    units = kill_set.all_units(programs, options.build)
    campaign.say(f"running {len(units)} tests without a mutant")
    measure_units(units, len(sites), options.jobs)
    accepted = {} if options.accepted else accepted_survivors()
    known = run_mutants(campaign, [site for site in chosen if site.key() not in accepted], units, options.jobs)
    for site in chosen:
        if site.key() in accepted:
            known[site.key()] = describe_site(site) | {"killed_by": None, "how": "accepted", "tried": 0, "seconds": 0}
    entries = [known[site.key()] for site in chosen]
    if options.results:
        options.results.write_text(json.dumps(entries, indent=1) + "\n")
    describe(campaign, entries)
    return findings_of(campaign, entries, len(chosen) == len(sites))
