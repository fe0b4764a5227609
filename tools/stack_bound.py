#!/usr/bin/env python3
"""Bounds the kernel stack statically: frame sizes and the call graph of the linked core.

Reads the disassembly of the core's pre-linked object. A frame is what the prologue pushes and
subtracts, plus the return address. A call through a vtable goes to every function in that slot of any
vtable; a call through any other pointer goes to every function whose address is taken outside of
vtables. Paths through a cycle are cut where the cycle closes, and the cycle is named.

usage: stack_bound.py OBJECT [--entry SYMBOL-PART]... [--json FILE] [--top N]
"""
import argparse
import collections
import json
import re
import subprocess
import sys

FUNCTION = re.compile(r"^([0-9a-f]+) <(.+)>:$")
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\t(?:[0-9a-f]{2} )+\s*\t(.*)$")
RELOCATION = re.compile(r"^\s*([0-9a-f]+): (R_X86_64_\w+)\t(\S+?)(?:([+-])0x([0-9a-f]+))?$")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Core:
    def __init__(self, path):
        self.frames = {}
        self.calls = collections.defaultdict(set)       # function -> functions
        self.slots = collections.defaultdict(set)       # function -> vtable offsets called
        self.pointers = set()                           # functions that call through a pointer
        self.vtables = collections.defaultdict(set)     # offset -> functions
        self.address_taken = set()
        self.names_at = {}
        self.dynamic = set()
        self._symbols(path)
        self._code(path)
        self._data(path)

    def _symbols(self, path):
        self.sections = {}
        for line in run("objdump", "-t", path).splitlines():
            match = re.match(r"^([0-9a-f]{16}) (.{7}) (\S+)\t([0-9a-f]{16}) (?:\.hidden )?(.+)$", line)
            if not match:
                continue
            value, flags, section, size, name = match.groups()
            if "F" in flags:
                self.names_at[(section, int(value, 16))] = name
            if "O" in flags and name.startswith("_ZTV"):
                self.sections.setdefault(section, []).append((int(value, 16), int(size, 16), name))

    def _target(self, symbol, addend):
        if symbol.startswith("."):
            return self.names_at.get((symbol, addend))
        return symbol

    def _code(self, path):
        section, function, depth, pending = None, None, 0, None
        in_prologue = False
        for line in run("objdump", "-dr", "--no-addresses" if False else "-w", path).splitlines():
            if line.startswith("Disassembly of section "):
                section = line.split()[-1].rstrip(":")
                continue
            match = FUNCTION.match(line)
            if match:
                function = match.group(2)
                self.frames[function] = 8
                in_prologue = True
                continue
            if function is None:
                continue
            self._line(line, section, function)

    def _line(self, line, section, function):
        # With -w the relocation follows on the same line.
        match = re.match(r"^\s*([0-9a-f]+):\t(?:[0-9a-f]{2} )+\s*\t?(.*)$", line)
        if not match:
            return
        text = match.group(2)
        relocation = None
        found = re.search(r"\t([0-9a-f]+): (R_X86_64_\w+)\t(\S+)$", text)
        if found:
            relocation = found
            text = text[:found.start()].rstrip()
        text = text.split("#")[0].rstrip()
        push = re.match(r"push\s", text)
        if push:
            self.frames[function] += 8
        grow = re.match(r"sub\s+\$0x([0-9a-f]+),%rsp", text)
        if grow:
            self.frames[function] += int(grow.group(1), 16)
        elif re.match(r"sub\s+%r\w+,%rsp", text):
            self.dynamic.add(function)
        operation = text.split()[0] if text else ""
        if relocation is not None:
            name = re.match(r"^(.*?)(?:([+-])0x([0-9a-f]+))?$", relocation.group(3))
            symbol, addend = name.group(1), int(name.group(3) or "0", 16)
            if name.group(2) == "-":
                addend = -addend
            if relocation.group(2) in ("R_X86_64_PLT32", "R_X86_64_PC32"):
                addend += 4
            target = self._target(symbol, addend)
            if operation in ("call", "jmp") or operation.startswith("j"):
                if target is not None and not re.match(r"jmp\s+\*", text):
                    self.calls[function].add(target)
            elif target is not None:
                self.address_taken.add(target)
        elif operation in ("call", "jmp") or operation.startswith("j"):
            direct = re.search(r"\s([0-9a-f]+) <([^+>]+)>$", text)
            if direct and direct.group(2) != function:
                self.calls[function].add(direct.group(2))
            through = re.match(r"(?:call|jmp)\s+\*(?:0x([0-9a-f]+))?\(%r(\w+)\)$", text)
            if through:
                self.slots[function].add(int(through.group(1) or "0", 16))
            elif re.match(r"(?:call|jmp)\s+\*%r", text):
                self.pointers.add(function)

    def _data(self, path):
        in_vtable = collections.defaultdict(list)
        for section, tables in self.sections.items():
            in_vtable[section] = sorted(tables)
        section = None
        for line in run("objdump", "-r", path).splitlines():
            if line.startswith("RELOCATION RECORDS FOR"):
                section = re.search(r"\[(.+)\]", line).group(1)
                continue
            match = re.match(r"^([0-9a-f]{16}) (R_X86_64_(?:64|32S?))\s+(\S+)$", line)
            if not match or section is None or section.startswith((".text", ".debug", ".eh_frame")):
                continue
            offset = int(match.group(1), 16)
            name = re.match(r"^(.*?)(?:\+0x([0-9a-f]+))?$", match.group(3))
            target = self._target(name.group(1), int(name.group(2) or "0", 16))
            if target is None or target not in self.frames:
                continue
            for start, size, _ in in_vtable.get(section, []):
                if start <= offset < start + size:
                    self.vtables[offset - start - 16].add(target)
                    break
            else:
                self.address_taken.add(target)

    def callees(self, function):
        result = set(self.calls.get(function, ()))
        for slot in self.slots.get(function, ()):
            result |= self.vtables.get(slot, set())
        if function in self.pointers:
            result |= {name for name in self.address_taken if name in self.frames}
        return sorted(name for name in result if name != function)


def deepest(core, entry):
    """The most bytes below `entry`, and the path; cycles are cut at the edge that closes them."""
    best, cycles = {}, set()
    active = []

    def visit(name):
        if name in best:
            return best[name]
        if name in active:
            cycles.add(name)
            return (0, ())
        active.append(name)
        depth, path = 0, ()
        for callee in core.callees(name):
            below, rest = visit(callee)
            if below > depth:
                depth, path = below, rest
        active.pop()
        best[name] = (depth + core.frames.get(name, 8), (name,) + path)
        return best[name]

    sys.setrecursionlimit(100000)
    return visit(entry), cycles


def demangle(names):
    if not names:
        return []
    output = subprocess.run(["c++filt", "-p"], input="\n".join(names), capture_output=True, text=True)
    return output.stdout.splitlines()


def main():
    parser = argparse.ArgumentParser(description="static bound of the kernel stack")
    parser.add_argument("object")
    parser.add_argument("--entry", action="append", default=[], help="part of a symbol's name")
    parser.add_argument("--limit", type=int, default=16384)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    core = Core(arguments.object)
    entries = arguments.entry or ["run_user_thread"]
    worst = None
    for part in entries:
        for name in sorted(core.frames):
            if part not in name:
                continue
            (depth, path), cycles = deepest(core, name)
            if worst is None or depth > worst[0]:
                worst = (depth, path, cycles)
    if worst is None:
        sys.exit(f"stack_bound: no function named like {', '.join(entries)} in {arguments.object}")
    depth, path, cycles = worst
    print(f"worst path known statically: {depth} bytes of {arguments.limit}")
    for name, readable in zip(path, demangle(list(path))):
        print(f"  {core.frames.get(name, 8):6}  {readable}")
    for readable in demangle(sorted(cycles)):
        print(f"  cycle cut at {readable}")
    for readable in demangle(sorted(core.dynamic)):
        print(f"  frame of variable size: {readable}")
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"bytes": depth, "path": list(path), "cycles": sorted(cycles)}, file, indent=2)
    sys.exit(1 if core.dynamic or depth > arguments.limit else 0)


if __name__ == "__main__":
    main()
