#!/usr/bin/env python3
"""Bounds the kernel stack statically: frame sizes and the call graph of the linked core.

Reads the disassembly of the core's pre-linked object, with line numbers. A frame is what the prologue
pushes and subtracts, plus the return address; a call of Platform costs what its door does. A call through a
vtable goes to the functions in that slot of any vtable whose name stands in the source line of the call;
destructors go to all destructors. A call through another pointer goes to the functions whose address is taken
and whose parameters are those of a pointer that is declared by a name in that line (system calls: to the table).
A function that recurs counts twice, and is named.

With --calls, for `drydock stack`: the bound of every system call, with its path, as JSON.

usage: stack_bound.py OBJECT [--source DIR] [--patched DIR] [--limit BYTES] [--calls FILE]
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
# What is above the first frame of a thread, and what a call of Platform takes (sim/kernel_stacks.cpp,
# sim/platform_state.h; the same on the image).
START_BYTES = 16
DOOR_BYTES = 16
SWITCH_BYTES = 56
POINTER_ALIAS = re.compile(r"\busing (\w+) =\s+[\w:<>*& ]+\(\*\)\(([^()]*)\)")
POINTER_NAME = re.compile(r"[\w>*&] \(\*(\w+)\)\(([^()]*)\)")
ALIASED_TYPES = {"Ticks": "unsigned long", "u64": "unsigned long", "usize": "unsigned long", "u32": "unsigned int"}


def run(*command, text_in=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, input=text_in).stdout


def split_addend(text):
    match = re.match(r"^(.*?)(?:([+-])0x([0-9a-f]+))?$", text)
    addend = int(match.group(3) or "0", 16)
    return match.group(1), -addend if match.group(2) == "-" else addend


def parameter_types(text):
    """A list of parameters as c++filt would print it, without namespaces, names and const."""
    types = []
    for part in text.split(","):
        part = re.sub(r"\b(?:const|\w+::|\(anonymous namespace\)::)\s*", "", part).strip()
        match = re.match(r"(unsigned \w+|\w+)\s*([&*]*)", part)
        types.append((ALIASED_TYPES.get(match.group(1), match.group(1)) + match.group(2)) if match else part)
    return tuple(types)


def pointer_signatures(source):
    """By the name of a pointer to a function, or of a member or variable of such a type: its parameters."""
    texts = [path.read_text() for path in sorted(source.glob("core/**/*.h")) + sorted(source.glob("core/**/*.cpp"))]
    found = collections.defaultdict(set)
    for text in texts:
        for name, parameters in POINTER_ALIAS.findall(text) + POINTER_NAME.findall(text):
            found[name].add(parameter_types(parameters))
    aliases = {name: types for name, types in found.items() if name[0].isupper()}
    declared = re.compile(rf"\b(?:\w+::)?({'|'.join(aliases)}) (?:const )?(\w+)\b") if aliases else None
    for text in texts if declared else ():
        for alias, name in declared.findall(text):
            found[name] |= aliases[alias]
    return found


class Function:
    def __init__(self, name):
        self.name = name
        self.readable = name
        self.parameters = ()
        self.frame = 8
        self.is_dynamic = False
        self.calls = set()            # Keys of functions.
        self.resolved = []            # All that it may call.
        self.is_resolved = False
        self.virtual_calls = []       # (slot offset, words of the source line)
        self.pointer_calls = []       # Words of the source line.


class Core:
    def __init__(self, path, source, patched=None):
        self.sources = [patched, source] if patched else [source]
        self.signatures = pointer_signatures(source)
        self.unresolved = set()       # Functions with an indirect call of which nothing is known.
        self.tables = {}              # name of an object -> (section, offset, size)
        self.table_entries = {}       # (section, offset) -> key of the function that is named there
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
            if "O" in flags:
                self.tables[name] = (section, int(value, 16), int(size, 16))

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
            paths = [folder.joinpath(*parts[start:]) for folder in self.sources]
            found = next((path for path in paths if path.is_file()), None)
            self.lines[file] = found.read_text(errors="replace").splitlines() if found else []
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
            if target is None and is_call and "Platform" in symbol:
                target = self._door(symbol)
            if target is None or target == caller:
                continue
            if is_call:
                self.functions[caller].calls.add(target)
            else:
                self.address_taken.add(target)

    def _door(self, symbol):
        key = ("door", symbol)
        if key not in self.functions:
            self.functions[key] = Function(symbol)
            self.functions[key].frame = SWITCH_BYTES if "switch_stack" in symbol else DOOR_BYTES
        return key

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
            self.table_entries[section, offset] = target
            for start, size in self.vtables.get(section, []):
                if start <= offset < start + size:
                    # The address point of a vtable lies behind two words (Itanium C++ ABI, 2.5.2).
                    self.slots[offset - start - 16].add(target)
                    break
            else:
                self.address_taken.add(target)

    def _names(self):
        keys = list(self.functions)
        symbols = "\n".join(self.functions[key].name for key in keys)
        readable = run("c++filt", "-p", text_in=symbols).splitlines()
        whole = run("c++filt", text_in=symbols).splitlines()
        for key, name, full in zip(keys, readable, whole):
            self.functions[key].readable = name
            listed = re.search(r"\((.*)\)(?: const)?$", full[len(name):])
            self.functions[key].parameters = parameter_types(listed.group(1)) if listed else ()

    def _last_name(self, key):
        return WORD.findall(self.functions[key].readable)[-1] if self.functions[key].readable else ""

    def pointed_at(self, words):
        """The functions that a call through a pointer which is named among the words may reach."""
        types = set().union(*(self.signatures.get(word, set()) for word in words))
        return {key for key in self.address_taken if key in self.functions and self.functions[key].parameters in types
                and not re.search("run_(user|first)_thread", self.functions[key].readable)}

    def callees(self, key):
        function = self.functions[key]
        if function.is_resolved:
            return function.resolved
        result = set(function.calls)
        for slot, words in function.virtual_calls:
            candidates = self.slots.get(slot, set())
            named = {c for c in candidates if self._last_name(c) in words}
            if not named and slot in (0, 8):
                named = {c for c in candidates if "~" in self.functions[c].readable}
            named = named or self.pointed_at(words)
            if not named:
                self.unresolved.add(key)
            result |= named or candidates
        methods = set().union(*self.slots.values()) if self.slots else set()
        for words in function.pointer_calls:
            # Often a method whose vtable slot was loaded a few instructions before.
            named = {c for c in methods if self._last_name(c) in words} or self.pointed_at(words)
            if not named:
                self.unresolved.add(key)
            result |= named
        result.discard(key)
        function.resolved = sorted(result)
        function.is_resolved = True
        return function.resolved

    def handlers(self):
        """Number of a system call -> key of its handler, as the dispatcher's table has them."""
        found = {}
        for name, (section, start, size) in self.tables.items():
            numbers = {(offset - start) // 8: key for (of, offset), key in self.table_entries.items()
                       if of == section and start <= offset < start + size
                       and "::sys_" in self.functions[key].readable}
            if size % 4096 == 0 and len(numbers) > len(found):
                found = numbers
        return found


class Depths:
    """The most bytes below functions, and the paths. `excluded` functions are not entered."""

    # The core has no recursion without bound; what recurs is one step inside itself (a stopped child's
    # signal to its parent).
    MOST_TIMES = 2

    def __init__(self, core, excluded=()):
        self.core = core
        self.excluded = set(excluded)
        self.best = {}
        self.recurring = set()

    def below(self, key):
        """(bytes of this function and what it calls, the path)"""
        active = collections.Counter()

        def visit(key):
            if key in self.best:
                return *self.best[key], set()
            active[key] += 1
            depth, path, cut = 0, (), set()
            for callee in self.core.callees(key):
                if callee not in self.core.functions or callee in self.excluded:
                    continue
                if active[callee] == self.MOST_TIMES:
                    self.recurring.add(callee)
                    cut.add(callee)
                    continue
                bytes_below, rest, cut_below = visit(callee)
                cut |= cut_below
                if bytes_below > depth:
                    depth, path = bytes_below, rest
            active[key] -= 1
            if active[key] == 0:
                cut.discard(key)
            found = (depth + self.core.functions[key].frame, (key,) + path)
            if not cut:
                self.best[key] = found  # Else it is a figure for this place only.
            return *found, cut

        return visit(key)[:2]


def only(core, part):
    keys = [key for key, function in core.functions.items() if re.search(part, function.readable)]
    if len(keys) != 1:
        sys.exit(f"stack_bound: {len(keys)} functions are named like {part}, and one is wanted")
    return keys[0]


def way_to(core, target, entries):
    """The most expensive chain of direct calls from an entry to the function, without the function."""
    best = (0, ())

    def climb(key, path):
        nonlocal best
        if key in entries and path:
            cost = sum(core.functions[step].frame for step in path)
            best = max(best, (cost, path))
        for caller, function in core.functions.items():
            if key in function.calls and caller not in path:
                climb(caller, (caller,) + path)

    climb(target, ())
    if not best[1]:
        sys.exit(f"stack_bound: nothing calls {core.functions[target].readable}")
    return best


class Bounds:
    """The bound of each system call, and of what the kernel does besides."""

    def __init__(self, core):
        self.core = core
        dispatch = only(core, r"::dispatch_syscall$")
        loop = only(core, r"::run_user_thread$")
        first = only(core, r"::run_first_thread$")
        entries = {loop, first}
        handlers = core.handlers()
        if not handlers:
            sys.exit("stack_bound: the table of system calls was not found in the object")
        depths = Depths(core, set(handlers.values()) | {dispatch})
        # What the first thread does before it runs user code, or any other.
        start, start_path = depths.below(first)
        self.start = (START_BYTES + start, start_path)
        to_loop = way_to(core, loop, entries)
        to_dispatch = way_to(core, dispatch, entries)
        # Faults, interrupts, signals, the return to user code: the loop without the dispatcher.
        rest, path = depths.below(loop)
        self.other = (START_BYTES + to_loop[0] + rest, to_loop[1] + path)
        around, around_path = depths.below(dispatch)
        self.unknown = (START_BYTES + to_dispatch[0] + around, to_dispatch[1] + around_path)
        frame = core.functions[dispatch].frame
        depths = Depths(core, {dispatch})
        self.calls = {}
        for number, handler in sorted(handlers.items()):
            most, path = max((frame + depths.below(handler)[0], (dispatch,) + depths.below(handler)[1]),
                             (around, around_path))
            self.calls[number] = (START_BYTES + to_dispatch[0] + most, to_dispatch[1] + path)
        self.recurring = depths.recurring

    def worst(self):
        return max([self.start, self.other, self.unknown, *self.calls.values()], key=lambda found: found[0])

    def bound(self, found):
        functions = self.core.functions
        return {"bytes": found[0],
                "path": [{"function": functions[key].readable, "bytes": functions[key].frame} for key in found[1]]}

    def as_json(self, limit):
        calls = [{"number": number} | self.bound(found) for number, found in self.calls.items()]
        readable = self.core.functions
        return {"format": "drydock stack bound 1", "limit": limit, "start": START_BYTES, "calls": calls,
                "start_of_thread": self.bound(self.start), "unknown_call": self.bound(self.unknown),
                "other": self.bound(self.other),
                "recurring": sorted(readable[key].readable for key in self.recurring)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("object")
    parser.add_argument("--source", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--patched", type=pathlib.Path, help="a folder with sources that were compiled in place of the tree's")
    parser.add_argument("--limit", type=int, default=16384)
    parser.add_argument("--calls", type=pathlib.Path, metavar="FILE",
                        help="write the bound of each system call, and say nothing of a bound that is too high")
    arguments = parser.parse_args()
    sys.setrecursionlimit(100000)
    core = Core(arguments.object, arguments.source, arguments.patched)
    bounds = Bounds(core)
    dynamic = [function.readable for function in core.functions.values() if function.is_dynamic]
    unknown = sorted(core.functions[key].readable for key in core.unresolved)
    if arguments.calls:
        arguments.calls.write_text(json.dumps(bounds.as_json(arguments.limit)) + "\n")
        return
    depth, path = bounds.worst()
    lines = [f"worst path known statically: {depth} bytes of {arguments.limit}"]
    lines += [f"  {core.functions[key].frame:6}  {core.functions[key].readable}" for key in path]
    lines += [f"  recurs, and counts twice: {core.functions[key].readable}" for key in sorted(bounds.recurring)]
    lines += [f"  frame of variable size: {name}" for name in dynamic]
    lines += [f"  a call through a pointer of which nothing is known: {name}" for name in unknown]
    print("\n".join(lines))
    sys.exit(1 if dynamic or unknown or depth > arguments.limit else 0)


if __name__ == "__main__":
    main()
