#!/usr/bin/env python3
"""Checks what the design depends on and no linter knows.

    tools/tidy.py                    includes, conditional code, nondeterminism, headers' first line,
                                     choices that no test exercises
    tools/tidy.py --headers          also compiles every header alone
    tools/tidy.py --frames BUILD     also reads the stack usage that the compiler reported for core
    tools/tidy.py --sizes            also reports long files (never a failure)

Prints FILE:LINE: MESSAGE for each finding; the exit status is 1 if there is any.
"""

import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys

# A lower rank may not include a higher one; between groups of equal rank, one direction at most.
CORE_RANK = {
    "base": 0, "abi": 0, "platform": 1, "sched": 2, "mm": 3, "vdso": 4, "vfs": 4, "pipe": 5, "fs": 5, "tty": 5,
    "event": 5, "socket": 5,
    "process": 6, "procfs": 7, "syscall": 8, "trap": 9, "kernel": 10,
}
LOWEST = {"base", "abi"}
TOP_FOLDERS = ("core", "hwmodel", "sim", "guest", "tests", "benchmarks")
SOURCE_SUFFIXES = (".h", ".cpp", ".S", ".c", ".cc", ".hpp", ".inc", ".def")
CORE_SYSTEM_HEADERS = {
    "cstdint", "cstddef", "climits", "limits", "type_traits", "concepts", "bit", "compare", "new",
    "utility", "initializer_list",
}
FRAME_LIMIT_BYTES = 1024
LONG_FILE_LINES = 300

HOSTED_FLAGS = ["-std=c++20", "-fno-pie", "-fno-strict-aliasing"]
CORE_FLAGS = [
    "-std=c++20", "-ffreestanding", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics",
    "-mcmodel=kernel", "-fno-pic", "-fno-pie", "-mno-red-zone", "-mgeneral-regs-only",
    "-fno-stack-protector", "-fcf-protection=none",
]
WARNING_FLAGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wundef", "-Werror"]


CALL_END = r")\s*\("


# A call of a library function: not a member, not another namespace's.
def call(names):
    return rf"(?<![\w.>:])(?:std::|::)?(?:{names}" + CALL_END


# The same, for names that are good names of our own functions too: with its namespace only.
def qualified(names):
    return rf"(?<![\w.>:])(?:std::|::)(?:{names}" + CALL_END


def declares(before):
    """Whether the name that follows this text is being declared: a type stands before it."""
    match = re.search(r"(\w+)[*&>]?\s+$", before)
    return bool(match) and match.group(1) not in ("return", "co_return", "else", "do", "case")


class Banned:
    """A source of nondeterminism: what it looks like and what to write instead."""

    def __init__(self, pattern, what, replacement, folders=("core", "hwmodel", "sim")):
        self.is_call = pattern.endswith(CALL_END)
        self.pattern = re.compile(pattern)
        self.what = what
        self.replacement = replacement
        self.folders = folders

    def matches(self, code):
        for match in self.pattern.finditer(code):
            if not (self.is_call and declares(code[:match.start()])):
                yield match

    def message(self, match):
        return f"{match.group(0).strip()}: {self.what}; use {self.replacement}"


HOSTED = ("hwmodel", "sim")
TIME = "virtual time: Platform::now(), or the machine's instruction count"
HOST_SIGNALS = "an event of the simulated machine; host signals belong to sim/host"
SEED = "Platform::entropy() or Platform::choose(), answered from the seed"
BANNED_CODE = (
    Banned(r"\b(?:system_clock|steady_clock|high_resolution_clock|file_clock|utc_clock)\b",
           "a host clock differs between runs", TIME),
    Banned(call("clock_gettime|gettimeofday|getrusage|nanosleep|usleep"),
           "a host clock differs between runs", TIME, HOSTED),
    Banned(qualified("clock|times|sleep"), "a host clock differs between runs", TIME, HOSTED),
    Banned(r"(?<![\w.>])(?:std::|::)?time\s*\(\s*(?:nullptr|NULL|0|&\w+)\s*\)",
           "a host clock differs between runs", TIME),
    Banned(r"\b(?:__rdtscp?|__builtin_ia32_rdtscp?|_rd(?:rand|seed)\d+_step)\b",
           "the host's counter or random numbers differ between runs", TIME + " or " + SEED),
    Banned(r"\b__(?:DATE|TIME|TIMESTAMP)__\b", "the build's date differs between builds",
           "a constant"),
    Banned(r"\brandom_device\b", "host entropy differs between runs", SEED),
    Banned(call("rand|srand|srandom|drand48|rand_r|arc4random|getrandom|getentropy"),
           "host randomness or hidden state", SEED, HOSTED),
    Banned(qualified("random"), "host randomness or hidden state", SEED, HOSTED),
    Banned(call("getenv|secure_getenv|setenv|putenv"), "the environment differs between runs",
           "an option of the run, recorded in the trace header", HOSTED),
    Banned(r"\bstd::(?:jthread|thread|async|mutex|recursive_mutex|shared_mutex|timed_mutex|"
           r"condition_variable\w*|counting_semaphore|binary_semaphore|barrier|latch|future|promise)\b",
           "host threads interleave freely", "kernel threads on fibers, ordered by Platform::choose()"),
    Banned(r"\bpthread_\w+", "host threads interleave freely",
           "kernel threads on fibers, ordered by Platform::choose()"),
    Banned(r"\bthread_local\b", "hidden state per host thread",
           "a member of the object that owns the run"),
    Banned(call("sigaction|sigprocmask|setitimer|timer_create"),
           "host signals arrive at any time", HOST_SIGNALS, HOSTED),
    Banned(qualified("signal|alarm|raise") + r"|\bsignal\s*\(\s*SIG\w+",
           "host signals arrive at any time", HOST_SIGNALS, HOSTED),
    Banned(r"\bstd::(?:less|greater|less_equal|greater_equal|hash)\s*<[^<>;]*\*\s*>",
           "addresses differ between runs", "an id or a sequence number as the key"),
    Banned(r"\bstd::(?:multi)?(?:map|set)\s*<\s*[\w:\s<>]*\*\s*(?:const\s*)?[,>]",
           "ordered by address, which differs between runs", "an id or a sequence number as the key"),
    Banned(r"\bstd::unordered_(?:multi)?(?:map|set)\s*<\s*[\w:\s]*\*\s*(?:const\s*)?[,>]",
           "hashed by address, which differs between runs",
           "an id or a sequence number as the key"),
    Banned(r"\bfmt::ptr\b", "prints an address, which differs between runs",
           "the object's id or name"),
    Banned(r"\b(?:float|double)\b", "floating point in the kernel uses registers that belong to the user",
           "integers (ticks, or a scaled fixed-point value)", ("core",)),
)
BANNED_HEADERS = {
    "chrono": TIME, "ctime": TIME, "time.h": TIME, "sys/time.h": TIME,
    "random": SEED, "sys/random.h": SEED,
    "thread": "kernel threads on fibers", "mutex": "kernel threads on fibers",
    "future": "kernel threads on fibers", "condition_variable": "kernel threads on fibers",
    "shared_mutex": "kernel threads on fibers", "semaphore": "kernel threads on fibers",
    "pthread.h": "kernel threads on fibers",
    "csignal": HOST_SIGNALS,
    "signal.h": HOST_SIGNALS,
}
BANNED_IN_STRINGS = Banned(r"%[-0-9]*p|\{[^{}]*:[^{}]*p\}", "prints an address, which differs between runs",
                           "the object's id or name")

TOKEN = re.compile(
    r"""(?P<line_comment>//[^\n]*)
      | (?P<block_comment>/\*.*?\*/)
      | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<digit_separator>(?<=[0-9a-fA-F])'(?=[0-9a-fA-F]))
      | (?P<character>'(?:\\.|[^'\\\n])+')""", re.VERBOSE | re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<form>["<])(?P<path>[^">\n]+)[">]', re.MULTILINE)
CONDITIONAL = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else)\b", re.MULTILINE)
UNORDERED_NAME = re.compile(r"\bunordered_(?:multi)?(?:map|set)\s*<[^;{}()]*>\s*[&]?\s*(\w+)\s*[;={(,)]")


def is_user_program(path):
    """Programs that run on the kernel are built apart, in C, each from its own folder."""
    return path.parts[:2] in (("guest", "user"), ("tests", "programs"), ("tests", "contracts"))


def blank(text):
    """Spaces of the same shape, so that offsets and lines stay."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    def replace(match):
        is_comment = match.group("line_comment") or match.group("block_comment")
        return blank(match.group(0)) if is_comment else match.group(0)
    return TOKEN.sub(replace, text)


def code_only(text):
    """The text with comments and the inside of literals blanked; include lines are kept."""
    bare = TOKEN.sub(lambda match: match.group(0) if match.group("digit_separator")
                     else blank(match.group(0)), text)
    kept = list(bare)
    for match in INCLUDE.finditer(without_comments(text)):
        kept[match.start():match.end()] = text[match.start():match.end()]
    return "".join(kept)


def literals(text):
    """Offset and text of each string literal outside comments and include lines."""
    includes = [match.span() for match in INCLUDE.finditer(without_comments(text))]
    for match in TOKEN.finditer(text):
        if not (match.group("string") or match.group("raw")):
            continue
        if not any(start <= match.start() < end for start, end in includes):
            yield match.start(), match.group(0)


class Tidy:
    """One pass over a tree; findings collect in `findings`."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.findings = []
        self.texts = {}
        self.level_edges = {}

    def files(self, *suffixes):
        for folder in TOP_FOLDERS:
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and path.suffix in suffixes:
                    yield path.relative_to(self.root)

    def text(self, path):
        if path not in self.texts:
            self.texts[path] = (self.root / path).read_text(errors="replace")
        return self.texts[path]

    def report(self, path, line, message):
        self.findings.append((str(path), line, message))

    def report_at(self, path, text, offset, message):
        self.report(path, text.count("\n", 0, offset) + 1, message)

    # Includes.

    def check_includes(self, path):
        code = code_only(self.text(path))
        for match in INCLUDE.finditer(code):
            target = match.group("path")
            problem = (self.project_include(path, target) if match.group("form") == '"' else
                       self.system_include(path, target))
            if problem:
                self.report_at(path, code, match.start("form"), problem)

    def project_include(self, path, target):
        parts = pathlib.PurePosixPath(target).parts
        if not parts or parts[0] not in TOP_FOLDERS or ".." in parts:
            return f'"{target}": write the path from the root of the repository'
        source = path.parts
        if source[0] == "core":
            return self.core_include(source, target, parts)
        allowed = {
            "hwmodel": lambda: parts[0] == "hwmodel" or parts[:2] == ("core", "base"),
            "sim": lambda: parts[0] in ("sim", "core", "hwmodel"),
            "guest": lambda: parts[0] in ("guest", "core"),
        }.get(source[0], lambda: True)
        if not allowed():
            names = {"hwmodel": "hwmodel and core/base", "sim": "sim, core and hwmodel",
                     "guest": "guest and core"}[source[0]]
            return f'"{target}": {source[0]} may include {names} only'
        return None

    def core_include(self, source, target, parts):
        if parts[0] != "core":
            return f'"{target}": core may include core only'
        if len(source) < 3 or len(parts) < 3:
            return None
        here, there = source[1], parts[1]
        for group in (here, there):
            if group not in CORE_RANK:
                return f"core/{group} has no place in the order of layers (tools/tidy.py CORE_RANK)"
        if CORE_RANK[there] > CORE_RANK[here]:
            return (f'"{target}": core/{here} may not include core/{there}: layers below only '
                    "(forward-declare, or move the concept down)")
        if CORE_RANK[there] == CORE_RANK[here] and here != there and not {here, there} <= LOWEST:
            self.level_edges.setdefault((here, there), (pathlib.Path(*source), target))
        return None

    def check_level_cycles(self):
        for (here, there), (path, target) in self.level_edges.items():
            if (there, here) in self.level_edges:
                other = self.level_edges[(there, here)][0]
                self.report(path, self.line_of_include(path, target), f'"{target}": core/{here} and '
                            f"core/{there} include each other (see {other})")

    def line_of_include(self, path, target):
        return self.text(path).split(f'"{target}"')[0].count("\n") + 1

    @staticmethod
    def system_include(path, target):
        top = path.parts[0]
        if top == "core":
            if target not in CORE_SYSTEM_HEADERS:
                return (f"<{target}>: core is freestanding and may include only " +
                        " ".join(sorted(CORE_SYSTEM_HEADERS)))
        elif top in HOSTED and path.parts[:2] != ("sim", "host") and target in BANNED_HEADERS:
            return f"<{target}>: differs between runs; use {BANNED_HEADERS[target]}"
        return None

    # Conditional code.

    def check_conditionals(self, path):
        if path.parts[0] != "core" or path.parts[:2] == ("core", "base"):
            return
        code = code_only(self.text(path))
        for match in CONDITIONAL.finditer(code):
            self.report_at(path, code, match.start(), "conditional compilation in core outside "
                           "core/base: make it two files, chosen by CMake")

    # Nondeterminism.

    def check_nondeterminism(self, path):
        top = path.parts[0]
        if top not in ("core", "hwmodel", "sim") or path.parts[:2] == ("sim", "host"):
            return
        text = self.text(path)
        code = INCLUDE.sub(lambda match: blank(match.group(0)), code_only(text))
        for banned in BANNED_CODE:
            if top not in banned.folders:
                continue
            for match in banned.matches(code):
                self.report_at(path, code, match.start(), banned.message(match))
        for offset, literal in literals(text):
            match = BANNED_IN_STRINGS.pattern.search(literal)
            if match:
                self.report_at(path, text, offset, BANNED_IN_STRINGS.message(match))
        self.check_unordered(path, code)

    def check_unordered(self, path, code):
        names = set(UNORDERED_NAME.findall(code))
        header = path.with_suffix(".h")
        if path.suffix == ".cpp" and (self.root / header).is_file():
            names |= set(UNORDERED_NAME.findall(code_only(self.text(header))))
        for name in sorted(names):
            loop = re.compile(rf"\bfor\s*\([^;()]*:\s*(?:this->)?{name}\s*\)|\b{name}\s*\.\s*c?begin\s*\(")
            for match in loop.finditer(code):
                self.report_at(path, code, match.start(), f"{name}: the order of an unordered "
                               "container differs between libraries; use a sorted or sequential one")

    # Headers.

    def check_pragma(self, path):
        if path.suffix not in (".h", ".hpp"):
            return
        lines = self.text(path).splitlines()
        first = next((line for line in lines if line.strip()), "")
        if first.strip() != "#pragma once":
            self.report(path, 1, "a header begins with #pragma once")

    def check_headers_alone(self, compiler="g++", jobs=2):
        headers = [path for path in self.files(".h", ".hpp") if not is_user_program(path)]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for path, message in pool.map(lambda path: (path, self.compile_alone(path, compiler)),
                                          headers):
                if message:
                    self.report(path, 1, "does not compile alone: " + message)

    def compile_alone(self, path, compiler):
        flags = CORE_FLAGS if path.parts[0] in ("core", "guest") else HOSTED_FLAGS
        source = f'#include "{path}"\n#include "{path}"\n'
        result = subprocess.run(
            [compiler, *flags, *WARNING_FLAGS, "-fsyntax-only", f"-I{self.root}", "-x", "c++", "-"],
            input=source, capture_output=True, text=True, check=False)
        if result.returncode == 0:
            return None
        errors = [line for line in result.stderr.splitlines() if "error:" in line]
        return (errors or result.stderr.splitlines() or ["the compiler failed"])[0]

    # Stack frames.

    def check_frames(self, build):
        build = pathlib.Path(build)
        reports = sorted(build.rglob("core/**/*.su")) or sorted(build.rglob("*core*/**/*.su"))
        if not reports:
            self.report(build, 0, "no *.su files of core: build a preset that uses g++ first")
            return
        for report in reports:
            for entry in report.read_text(errors="replace").splitlines():
                self.check_frame(entry)

    def check_frame(self, entry):
        fields = entry.split("\t")
        if len(fields) != 3:
            return
        place, size, kind = fields
        match = re.match(r"(?P<path>.*?):(?P<line>\d+):\d+:(?P<function>.*)$", place)
        if not match:
            return
        path, line = match.group("path"), int(match.group("line"))
        source = pathlib.Path(path) if path.startswith("/") else self.root / path
        if not source.is_file():
            return  # Left over from a file that is gone.
        function = match.group("function")
        # "dynamic,bounded" moves the stack pointer around a call; the figure is the most it takes.
        if kind == "dynamic":
            self.report(path, line, f"{function}: the size of its frame is not known before it runs "
                        f"({kind}); use arrays of fixed size")
        if int(size) > FRAME_LIMIT_BYTES:
            self.report(path, line, f"{function}: a frame of {size} bytes, above the limit of "
                        f"{FRAME_LIMIT_BYTES}; put the object on the heap or in frames")

    # Choices.

    def check_choices(self):
        tests = "\n".join(
            path.read_text(errors="replace") for path in sorted((self.root / "tests").rglob("*"))
            if path.is_file() and path.suffix in (".cpp", ".h", ".py", ".cmds", ".sh", ".txt", ""))
        for path in self.files(".h"):
            if path.parts[:2] != ("core", "platform"):
                continue
            code = code_only(self.text(path))
            enum = re.search(r"\benum\s+class\s+Choice\b[^{;]*\{(?P<body>[^}]*)\}", code)
            if not enum:
                continue
            for match in re.finditer(r"(?:^|,)\s*(?P<name>\w+)", enum.group("body")):
                name = match.group("name")
                if not re.search(rf"\b{name}\b", tests):
                    self.report_at(path, code, enum.start("body") + match.start("name"),
                                   f"Choice::{name} is exercised by no test: name it in one under tests/")

    # Patches: kernels and simulators with a bug.

    def check_patches(self):
        for path in sorted(self.root.glob("tests/*/*.patch")):
            done = subprocess.run(["git", "apply", "--check", "--whitespace=nowarn", str(path)], cwd=self.root,
                                  capture_output=True, text=True, errors="replace", check=False)
            if done.returncode != 0:
                lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")] or ["error: git apply failed"]
                self.report(path.relative_to(self.root), 1,
                            f"no longer applies ({lines[0].removeprefix('error: ')}): write the change for the sources as they are")

    # Sizes: for information.

    def long_files(self):
        for path in self.files(".h", ".cpp"):
            lines = self.text(path).count("\n")
            if lines > LONG_FILE_LINES:
                yield path, lines

    def check_sources(self):
        for path in self.files(*SOURCE_SUFFIXES):
            if is_user_program(path):
                continue
            self.check_includes(path)
            self.check_conditionals(path)
            self.check_nondeterminism(path)
            self.check_pragma(path)
        self.check_level_cycles()
        self.check_choices()
        self.check_patches()


def main():
    parser = argparse.ArgumentParser(description="The project's own check.")
    parser.add_argument("--root", default=str(pathlib.Path(__file__).resolve().parent.parent))
    parser.add_argument("--headers", action="store_true", help="compile every header alone")
    parser.add_argument("--frames", metavar="BUILD_DIR", help="check the stack frames of core there")
    parser.add_argument("--sizes", action="store_true", help="report long files")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    tidy = Tidy(options.root)
    tidy.check_sources()
    if options.headers:
        tidy.check_headers_alone(jobs=options.jobs)
    if options.frames:
        tidy.check_frames(options.frames)
    for path, line, message in sorted(set(tidy.findings)):
        print(f"{path}:{line}: {message}")
    if options.sizes:
        for path, lines in tidy.long_files():
            print(f"note: {path} has {lines} lines")
    return 1 if tidy.findings else 0


if __name__ == "__main__":
    sys.exit(main())
