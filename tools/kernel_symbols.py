#!/usr/bin/env python3
"""Makes the table of function names that the image carries (guest/symbols.h).

    kernel_symbols.py NM OUTPUT.S              an empty table, for the first link
    kernel_symbols.py NM OUTPUT.S IMAGE        the functions of a linked image
    kernel_symbols.py --check NM TABLE.S IMAGE whether the table is that image's: exit status 1 if not
"""

import pathlib
import re
import subprocess
import sys

START = "drydock_guest_image_start"


def short_name(name):
    """Without return type, parameters, template arguments and the project's namespaces."""
    name = name.replace("(anonymous namespace)::", "").replace("operator()", "operator\0")
    name = re.sub(r"operator(<<=?|>>=?|<=>|<=?|>=?)", lambda match: "operator" + "\1" * len(match.group(1)), name)
    kept = []
    depth = 0
    for character in name:
        if character == "<":
            depth += 1
        elif character == ">":
            depth -= 1
        elif character == "(" and depth == 0:
            break
        elif depth == 0:
            kept.append(character)
    text = "".join(kept).strip()
    if "operator" not in text:
        text = text.split(" ")[-1]
    return text.replace("\0", "()").replace("\1", "?").removeprefix("drydock::") or name


def functions(nm, image):
    """(offset from the image's start, name), by offset, one a place."""
    listed = subprocess.run([nm, "--numeric-sort", "--demangle", image], stdout=subprocess.PIPE, check=True).stdout.decode()
    rows = [line.split(" ", 2) for line in listed.splitlines()]
    start = next(int(row[0], 16) for row in rows if row[2] == START)
    found = {}
    for address, kind, name in rows:
        if kind in "tTwW" and int(address, 16) >= start:
            found.setdefault(int(address, 16) - start, short_name(name))
    return sorted(found.items())


def table(entries):
    lines = ["// Made by tools/kernel_symbols.py.", '    .section .symbols, "a"', "    .balign 4",
             "    .globl drydock_guest_symbols", "drydock_guest_symbols:", f"    .long {len(entries)}"]
    position = 0
    for offset, name in entries:
        lines.append(f"    .long {offset:#x}, {position}")
        position += len(name.encode()) + 1
    for _, name in entries:
        lines.append(f'    .asciz "{name}"')
    return "\n".join(lines + ['    .section .note.GNU-stack, "", @progbits', ""])


def main():
    is_check = sys.argv[1:2] == ["--check"]
    words = sys.argv[2:] if is_check else sys.argv[1:]
    if len(words) not in ((3,) if is_check else (2, 3)):
        raise SystemExit(__doc__)
    nm, path = words[0], pathlib.Path(words[1])
    text = table(functions(nm, words[2]) if len(words) == 3 else [])
    if not is_check:
        path.write_text(text)
        return 0
    if path.read_text() == text:
        return 0
    print(f"{words[2]}: its functions are not where {path} says")
    return 1


if __name__ == "__main__":
    sys.exit(main())
