#!/usr/bin/env python3
"""Bounds the kernel stack statically: frame sizes and the call graph of the linked core.

Reads the disassembly of the core's pre-linked object, with line numbers. A frame is what the prologue
pushes and subtracts, plus the return address. A call through a vtable goes to the functions in that
slot of any vtable whose name stands in the source line of the call; destructors go to all destructors.
A call through another pointer goes to the methods named there or else to every function whose address
is taken (system calls only from the dispatcher). Where a path would close a cycle it is cut there, and the cycle is named.

usage: stack_bound.py OBJECT [--source DIR] [--entry SYMBOL-PART] [--limit BYTES] [--json FILE]
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

HEADING = re.compile(r"^([0-9a-f]+) <(.+)>:$")
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\t(.*)$")
RELOCATION = re.compile(r"\t([0-9a-f]+): (R_X86_64_\w+)\t(\S+)\s*$")
PLACE = re.compile(r"^(\S+\.(?:cpp|h)):(\d+)")
WORD = re.compile(r"~?\w+")


def run(*command, text_in=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, input=text_in).stdout


def split_addend(text):
    match = re.match(r"^(.*?)(?:([+-])0x([0-9a-f]+))?$", text)
    addend = int(match.group(3) or "0", 16)
    return match.group(1), -addend if match.group(2) == "-" else addend


class Function:
    def __init__(self, name):
        self.name = name
        self.readable = name
        self.frame = 8
        self.is_dynamic = False
        self.calls = set()            # Keys of functions.
        self.virtual_calls = []       # (slot offset, words of the source line)
        self.pointer_calls = []       # Words of the source line.


class Core:
    def __init__(self, path, source):
        self.source = source
        self.lines = {}
        self.functions = {}           # (section, offset) -> Function
        self.by_symbol = {}           # global or local symbol -> key, where it is the only one
        self.slots = collections.defaultdict(set)
        self.address_taken = set()
        self.pending = []             # (caller key, symbol, addend, is_call)
        self._symbols(path)
        self._code(path)
        self._resolve()
        self._data(path)
        self._names()

    def _symbols(self, path):
        self.vtables = collections.defaultdict(list)
        for line in run("objdump", "-t", path).splitlines():
            match = re.match(r"^([0-9a-f]{16}) (.{7}) (\S+)\t([0-9a-f]{16}) (?:\.hidden )?(.+)$", line)
            if not match:
                continue
            value, flags, section, size, name = match.groups()
            if "F" in flags:
                key = (section, int(value, 16))
                self.by_symbol[name] = None if name in self.by_symbol else key
            if name.startswith("_ZTV"):
                self.vtables[section].append((int(value, 16), int(size, 16)))

    def _code(self, path):
        section, key, words = None, None, ()
        for line in run("objdump", "-drwl", "--no-show-raw-insn", path).splitlines():
            if line.startswith("Disassembly of section "):
                section = line.split()[-1].rstrip(":")
                continue
            heading = HEADING.match(line)
            if heading:
                key = (section, int(heading.group(1), 16))
                self.functions[key] = Function(heading.group(2))
                continue
            place = PLACE.match(line)
            if place:
                words = self._words(place.group(1), int(place.group(2)))
                continue
            instruction = INSTRUCTION.match(line)
            if instruction and key is not None:
                self._instruction(key, section, instruction.group(2), words)

    def _words(self, file, number):
        if file not in self.lines:
            # The build leaves paths relative to the repository behind its own folder.
            parts = pathlib.Path(file).parts
            start = max((i for i, part in enumerate(parts) if part == "core"), default=0)
            path = self.source.joinpath(*parts[start:])
            self.lines[file] = path.read_text(errors="replace").splitlines() if path.exists() else []
        text = " ".join(self.lines[file][max(0, number - 1):number + 1])
        return frozenset(WORD.findall(text))

    def _instruction(self, key, section, text, words):
        function = self.functions[key]
        relocation = RELOCATION.search(text)
        if relocation:
            text = text[:relocation.start()].rstrip()
        text = text.split("#")[0].rstrip()
        operation = text.split()[0] if text else ""
        if operation == "push":
            function.frame += 8
        grow = re.match(r"sub\s+\$0x([0-9a-f]+),%rsp", text)
        if grow and int(grow.group(1), 16) < 1 << 31:
            function.frame += int(grow.group(1), 16)
        if re.match(r"sub\s+%r\w+,%rsp", text):
            function.is_dynamic = True
        is_jump = operation == "call" or operation.startswith("j")
        through = re.match(r"(?:call|jmp)\s+\*(?:0x([0-9a-f]+))?\(%r\w+\)$", text)
        if through:
            function.virtual_calls.append((int(through.group(1) or "0", 16), words))
        elif re.match(r"jmp\s+\*.*\(,%r\w+,8\)$", text):
            pass  # The jump table of a switch.
        elif re.match(r"(?:call|jmp)\s+\*", text):
            function.pointer_calls.append(words)
        elif relocation:
            symbol, addend = split_addend(relocation.group(3))
            if relocation.group(2) in ("R_X86_64_PLT32", "R_X86_64_PC32"):
                addend += 4
            self.pending.append((key, symbol, addend, is_jump))
        elif is_jump:
            direct = re.search(r"\s([0-9a-f]+) <[^>]+>$", text)
            target = (section, int(direct.group(1), 16)) if direct else None
            if target is not None and target != key:
                self.pending.append((key, section, target[1], True))

    def _key(self, symbol, addend):
        if symbol.startswith("."):
            return (symbol, addend) if (symbol, addend) in self.functions else None
        return self.by_symbol.get(symbol)

    def _resolve(self):
        for caller, symbol, addend, is_call in self.pending:
            target = self._key(symbol, addend)
            if target is None or target == caller:
                continue
            if is_call:
                self.functions[caller].calls.add(target)
            else:
                self.address_taken.add(target)

    def _data(self, path):
        section = None
        for line in run("objdump", "-r", path).splitlines():
            if line.startswith("RELOCATION RECORDS FOR"):
                section = re.search(r"\[(.+)\]", line).group(1)
                continue
            match = re.match(r"^([0-9a-f]{16}) R_X86_64_(?:64|32S?)\s+(\S+)$", line)
            if not match or section.startswith((".text", ".debug", ".eh_frame")):
                continue
            offset = int(match.group(1), 16)
            target = self._key(*split_addend(match.group(2)))
            if target not in self.functions:
                continue
            for start, size in self.vtables.get(section, []):
                if start <= offset < start + size:
                    # The address point of a vtable lies behind two words (Itanium C++ ABI, 2.5.2).
                    self.slots[offset - start - 16].add(target)
                    break
            else:
                self.address_taken.add(target)

    def _names(self):
        keys = list(self.functions)
        readable = run("c++filt", "-p", text_in="\n".join(self.functions[key].name for key in keys)).splitlines()
        for key, name in zip(keys, readable):
            self.functions[key].readable = name

    def _last_name(self, key):
        return WORD.findall(self.functions[key].readable)[-1] if self.functions[key].readable else ""

    def callees(self, key):
        function = self.functions[key]
        result = set(function.calls)
        for slot, words in function.virtual_calls:
            candidates = self.slots.get(slot, set())
            named = {c for c in candidates if self._last_name(c) in words}
            if not named and slot in (0, 8):
                named = {c for c in candidates if "~" in self.functions[c].readable}
            result |= named or candidates
        is_dispatcher = "dispatch_syscall" in function.readable
        methods = set().union(*self.slots.values()) if self.slots else set()
        for words in function.pointer_calls:
            # Often a method whose vtable slot was loaded a few instructions before.
            named = {c for c in methods if self._last_name(c) in words}
            for target in set() if named else self.address_taken & set(self.functions):
                name = self.functions[target].readable
                if ("::sys_" in name) == is_dispatcher and not re.search("run_(user|first)_thread", name):
                    named.add(target)
            result |= named
        result.discard(key)
        return sorted(result)


def deepest(core, entry):
    """The most bytes below `entry`, the path, and where cycles were cut."""
    best, cycles, active = {}, set(), set()

    def visit(key):
        if key in best:
            return best[key]
        active.add(key)
        depth, path = 0, ()
        for callee in core.callees(key):
            if callee not in core.functions:
                continue
            if callee in active:
                cycles.add(callee)
                continue
            below, rest = visit(callee)
            if below > depth:
                depth, path = below, rest
        active.discard(key)
        best[key] = (depth + core.functions[key].frame, (key,) + path)
        return best[key]

    sys.setrecursionlimit(100000)
    return visit(entry), cycles


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("object")
    parser.add_argument("--source", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--entry", default="run_user_thread", help="part of the name of the first function")
    parser.add_argument("--limit", type=int, default=16384)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    core = Core(arguments.object, arguments.source)
    entries = [key for key, function in core.functions.items() if arguments.entry in function.readable]
    if not entries:
        sys.exit(f"stack_bound: no function named like {arguments.entry} in {arguments.object}")
    (depth, path), cycles = max((deepest(core, key) for key in entries), key=lambda found: found[0][0])
    dynamic = [function.readable for function in core.functions.values() if function.is_dynamic]
    lines = [f"worst path known statically: {depth} bytes of {arguments.limit}"]
    lines += [f"  {core.functions[key].frame:6}  {core.functions[key].readable}" for key in path]
    lines += [f"  cut where it recurs: {core.functions[key].readable}" for key in sorted(cycles)]
    lines += [f"  frame of variable size: {name}" for name in dynamic]
    print("\n".join(lines))
    if arguments.json:
        names = [core.functions[key].readable for key in path]
        pathlib.Path(arguments.json).write_text(json.dumps({"bytes": depth, "path": names}, indent=2))
    sys.exit(1 if dynamic or depth > arguments.limit else 0)


if __name__ == "__main__":
    main()
