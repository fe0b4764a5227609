"""System calls at random on the simulated kernel: libFuzzer with the coverage of the core, every oracle on.

Slices of tools/fuzz run, one after the other, over a corpus that grows. What another fuzzer (another kernel) has done
does not count; its corpus is where the next one begins. A finding is a list of calls and, where it shows in
build/release too, a trace's header for drydock replay and drydock shrink.
"""

import json
import os
import pathlib
import subprocess

from campaigns.frame import CannotRun, digest_of

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent


def add_arguments(parser):
    parser.add_argument("--fuzz-build", type=pathlib.Path, default=REPOSITORY / "build/fuzz", metavar="DIR",
                        help="build folder of the preset fuzz (default: build/fuzz)")
    parser.add_argument("--minutes", type=int, default=60, metavar="N", help="in all (default: 60)")
    parser.add_argument("--slice", type=int, default=60, metavar="SECONDS", help="of one piece of work (default: 60)")


def run_slice(number, options, folder):
    report = folder / "slice.json"
    report.unlink(missing_ok=True)
    command = [str(REPOSITORY / "tools/fuzz"), "--build", str(options.build), "--fuzz-build", str(options.fuzz_build), "run",
               "--seconds", str(options.slice), "--jobs", str(options.jobs), "--seed", str(number + 1), "--state", str(folder),
               "--report", str(report)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if not report.exists():
        lines = done.stdout.decode(errors="replace").strip().splitlines()
        raise CannotRun(lines[-1] if lines else f"{command[0]} ended with status {done.returncode}")
    return json.loads(report.read_text())


def run(campaign, options):
    fuzzer = options.fuzz_build / "tests/drydock_fuzz"
    if not os.access(fuzzer, os.X_OK):
        raise CannotRun(f"{fuzzer} is not there; cmake --preset fuzz && cmake --build --preset fuzz")
    if options.minutes < 1 or options.slice < 1:
        raise CannotRun("--minutes and --slice: at least 1")
    kernel = digest_of(fuzzer)
    folder = (options.state or options.build / "campaigns") / "fuzz"
    slices = [entry for entry in campaign.entries() if entry["kernel"] == kernel]
    seconds = sum(entry["seconds"] for entry in slices)
    while seconds < 60 * options.minutes:
        entry = dict(run_slice(len(slices), options, folder), kernel=kernel)
        campaign.note(entry)
        slices.append(entry)
        seconds += entry["seconds"]
        inputs = sum(done["inputs"] for done in slices)
        names = {name for done in slices for name in done["findings"]}
        campaign.show_progress(int(seconds // 60), options.minutes,
                               f"minutes, {inputs} inputs, {entry['edges']} edges, {len(names)} findings")
    for key in ("inputs", "system_calls"):
        campaign.figures[key] = sum(entry[key] for entry in slices)
    campaign.figures["edges"] = max(entry["edges"] for entry in slices)
    campaign.figures["inputs_per_second"] = round(campaign.figures["inputs"] / max(seconds, 1e-9), 1)
    return sorted({f"{name}: {path}" for entry in slices for name, path in entry["findings"].items()})
