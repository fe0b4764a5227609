"""Builds the core once with every mutant in it, and links the programs of the kill set with it.

The rewritten sources, the objects and the programs are in BUILD/mutation; drydock stands there as in
BUILD/sim, one folder below the build's own. The tree is not changed.
"""

import concurrent.futures
import hashlib
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import shlex
import shutil
import subprocess

import sites as mutation_sites

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
UNIT_TESTS = ("base", "event", "fs", "mm", "pipe", "process", "sched", "socket", "syscall", "tty", "vfs")


class BuildFailed(Exception):
    """What went wrong, for people."""


def load_patched_core():
    """tools/patched_core as a module; it knows how the core is compiled and merged."""
    loader = importlib.machinery.SourceFileLoader("patched_core", str(REPOSITORY / "tools/patched_core"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("patched_core", loader))
    loader.exec_module(module)
    return module


def run(command, **options):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if result.returncode != 0:
        raise BuildFailed(f"{' '.join(map(str, command))[:200]}:\n{result.stdout[-3000:]}")
    return result.stdout


def cached(build, name):
    match = re.search(rf"^{name}:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.MULTILINE)
    return match.group(1) if match else ""


class Programs:
    """What the kill set runs."""

    def __init__(self, folder):
        self.folder = folder
        self.drydock = folder / "drydock"
        self.unit_tests = {name: folder / f"{name}_tests" for name in UNIT_TESTS}


def write_if_changed(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def write_sources(sites, work):
    """The rewritten files, and nothing else, under `work`."""
    shutil.rmtree(work / "core", ignore_errors=True)
    by_path = {}
    for site in sites:
        by_path.setdefault(site.path, []).append(site)
    for path, of_file in by_path.items():
        source = REPOSITORY / "core" / path
        write_if_changed(work / "core" / path, mutation_sites.rewritten(source.read_text(), of_file))
    write_if_changed(work / "core/base/mutants.h", (HERE / "mutants.h").read_text())
    return ["core/" + path for path in by_path]


def compile_core(build, work, touched, launcher):
    """Object by source, those that see a rewritten file made new."""
    tool = load_patched_core()
    try:
        commands = tool.core_commands(build)
        known = {}
        affected = [path for path in commands
                    if (work / path).exists() or tool.includes_of(path, work, known) & set(touched)]
        objects = {path: command[2] for path, command in commands.items()}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            compiled = pool.map(lambda path: tool.compile_patched(path, commands[path], work, launcher), affected)
            objects.update(zip(affected, compiled))
    except tool.Refused as refused:
        raise BuildFailed(str(refused)) from refused
    return objects


def link_command(build, target):
    """How the build links a program, without its own name for the result."""
    line = run(["ninja", "-C", str(build), "-t", "commands", target]).strip().splitlines()[-1]
    words = [word for word in shlex.split(line) if word not in (":", "&&")]
    place = words.index("-o")
    return words[:place] + words[place + 2:], words[place + 1]


def link(build, target, output, objects, without=()):
    """Links a program of the build with other objects before its own."""
    words, _ = link_command(build, target)
    words = [word for word in words if not any(word.endswith(name) for name in without)]
    first = next(index for index, word in enumerate(words) if word.endswith(".o"))
    run(words[:first] + [str(path) for path in objects] + words[first:] + ["-o", str(output)], cwd=build)


def require_same_kernel(build, programs):
    """With nothing deleted it must be the same kernel: the same trace."""
    hashes = []
    for drydock in (build / "sim/drydock", programs.drydock):
        report = programs.folder / "same.json"
        run([str(drydock), "run", "--quiet", "--report", str(report), "--", "sh", "-c", "seq 300 | sort -n | tail -n 1; ls /proc/self"])
        hashes.append(json.loads(report.read_text())["trace_hash"])
    if hashes[0] != hashes[1]:
        raise BuildFailed("the rewritten core does something else with nothing deleted; is the build up to date?")


def build_all(build):
    """Returns the sites and the programs; what is there already and still fits is kept."""
    build = build.resolve()
    work = build / "mutation"
    sites = mutation_sites.all_sites(REPOSITORY / "core")
    programs = Programs(work)
    launcher = cached(build, "CCACHE")
    launcher = "" if launcher.endswith("NOTFOUND") else launcher
    touched = write_sources(sites, work)
    objects = compile_core(build, work, touched, launcher)
    chooser = work / "mutants.o"
    run([cached(build, "CMAKE_CXX_COMPILER"), "-std=c++20", "-O1", "-fno-pie", f"-I{REPOSITORY}", "-c",
         str(HERE / "mutants.cpp"), "-o", str(chooser)])
    core = work / "core.o"
    run([cached(build, "GNU_LD"), "-r", "--force-group-allocation", "-o", str(core) + ".tmp", *objects.values()])
    run([cached(build, "GNU_OBJCOPY"), "--wildcard", "-w",
         f"--keep-global-symbols={REPOSITORY / 'core/interface.symbols'}", str(core) + ".tmp", str(core)])
    link(build, "sim/drydock", programs.drydock, [core, chooser])
    own = [path for source, path in objects.items() if source != "core/base/language_support.cpp"]
    for name, program in programs.unit_tests.items():
        link(build, f"tests/{name}_tests", program, [chooser, *own], ["core/libdrydock_core_open.a"])
    require_same_kernel(build, programs)
    return sites, programs


def identity():
    """Of everything that decides what a mutant does: the core's sources."""
    digest = hashlib.sha256()
    for path in sorted((REPOSITORY / "core").rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(REPOSITORY).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
