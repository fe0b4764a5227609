"""Finds in the core what a mutation run deletes, and rewrites sources so that a number says what is deleted.

A site is one TLB flush, generation bump, change of a reference count or wake-up. A statement that is one
becomes `{ if (mutant_keeps(N)) statement; }`; an expression that contains one, `(mutant_keeps(N) ? it : what is
left of it)`. One build then holds every mutant, and the number decides at run time.
"""

import dataclasses
import re

CALL_END = r"\s*\("
# Counts that decide how long something lives: the last one frees, closes or ends it.
COUNTS = (r"(?:references_?|open|openings|mounts_|links|inode_count_|thread_count_?|process_count_|stopped_threads|"
          r"open_count_|live|(?:leaf|parent|leaf\.value\(\)|static_cast<Branch\*>\(\*links\[[^\]]*\]\))->count)\b")


@dataclasses.dataclass(frozen=True)
class Kind:
    """What is looked for: a name for people, a pattern, and where."""

    name: str
    pattern: re.Pattern
    folders: tuple = ("",)


def kind(name, pattern, folders=("",)):
    return Kind(name, re.compile(pattern), folders)


KINDS = (
    kind("flush", r"\b(?:flush_page|flush_all|add_page|add_table|flush_everything|commit)" + CALL_END, ("mm/", "kernel/")),
    kind("flush", r"\bchanged = true(?=;)", ("mm/",)),
    kind("generation", r"\+\+\w*generation_?\b"),
    kind("generation", r"\b\w*generations?(?:\[\w+\])? = (?!\{)"),
    kind("reference", r"\bframes_?\.(?:share|release|free)" + CALL_END),
    kind("reference", r"\b(?:add_frame|add_reference|drop_reference|add_mount|remove_mount|add_link|remove_links?|set_links|reset)" + CALL_END),
    kind("reference", r"(?:\+\+|--)[\w.>\-()]*" + COUNTS),
    kind("reference", r"(?:\+\+|--)static_cast<Branch\*>\(\*links\[[^\]]*\]\)->count"),
    kind("reference", r"\battributes_\.links [-+]?= "),
    kind("wake", r"\b(?:wake|wake_all|wake_waiters|wake_taker|make_ready|continue_thread|interrupt)" + CALL_END),
)

COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
# The beginning of a declaration or definition of a function, up to its name.
DECLARATION = re.compile(r"^(?:(?:virtual|static|inline|friend|explicit|constexpr|const)\s+)*"
                         r"(?!return\b|else\b|case\b|co_return\b)[\w:<>]+[&*]?\s+(?:\w+::)*$")
VARIABLE = re.compile(r"^(?:auto|bool|u8|u16|u32|u64|usize|i32|i64|Result<[^;=]*>|Ref<[^;=]*>|Own<[^;=]*>|PhysAddr|Ticks)"
                      r"[&*]?\s+(?:const\s+)?[&*]?\w+ = ")
CONDITIONAL = ("if", "while", "for", "switch")


@dataclasses.dataclass
class Site:
    kind: str
    path: str
    line: int
    code: str           # The statement, on one line.
    place: int          # From 0: which of the equal statements of this file.
    start: int
    end: int
    is_statement: bool
    number: int = 0     # From 1.
    rest: str = ""      # Of an expression: what it is without the change.

    def key(self):
        return f"{self.path}:{self.kind}:{self.place}:{self.code}"

    def describe(self):
        return f"{self.path}:{self.line}: {self.kind}: {self.code}"


def blanked(text):
    """The text with comments, literals and directives blanked, places unchanged; a directive ends a statement."""
    text = COMMENT_OR_TEXT.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)
    return re.sub(r"^[ \t]*#[^\n]*", lambda match: " " * (len(match.group(0)) - 1) + ";", text, flags=re.MULTILINE)


def matching_open(code, position):
    """Where the bracket that closes at `position` opens."""
    depth = 0
    for index in range(position, -1, -1):
        depth += (code[index] in ")]}") - (code[index] in "([{")
        if depth == 0:
            return index
    return 0


def matching_close(code, position):
    depth = 0
    for index in range(position, len(code)):
        depth += (code[index] in "([{") - (code[index] in ")]}")
        if depth == 0:
            return index
    return len(code)


def statement_start(code, position):
    """Where the statement around `position` starts, and whether it is in brackets of one."""
    index = position - 1
    while index >= 0:
        letter = code[index]
        if letter in ";{}":
            break
        if letter in "([":
            return index + 1, True
        if letter in ")]":
            opened = matching_open(code, index)
            word = re.search(r"(\w+)\s*$", code[:opened])
            if letter == ")" and word and word.group(1) in CONDITIONAL:
                break
            index = opened
        elif letter == ":" and code[index - 1] != ":" and code[index + 1] != ":" and \
                re.search(r"\bcase\b[^;{}?]*$|\b(?:default|public|protected|private)\s*$", code[:index]):
            break
        index -= 1
    start = index + 1
    skipped = re.match(r"\s*(?:else\s+)?", code[start:])
    return start + skipped.end(), False


def statement_end(code, position):
    """Where the statement around `position` ends (behind its semicolon); None in brackets."""
    index = position
    while index < len(code):
        if code[index] in "([{":
            index = matching_close(code, index)
        elif code[index] in ")]}":
            return None
        elif code[index] == ";":
            return index + 1
        index += 1
    return None


def expression_site(code, match):
    """Where the expression of a match in a larger one is, and what is left of it without the change; or None."""
    text = match.group(0)
    if text[:2] in ("++", "--"):
        return match.start(), match.end(), text[2:]
    if not text.rstrip().endswith("("):
        return None
    end = matching_close(code, match.end() - 1) + 1
    receiver = re.search(r"(?:[\w\])]+(?:\([^()]*\))?(?:\.|->))*$", code[:match.start()])
    start = receiver.start()
    return start, end, f"decltype({code[start:end]}){{}}"


def sites_in(path, text):
    """The sites of one file, by place; `path` is relative to core/."""
    code = blanked(text)
    found = {}
    for sort in KINDS:
        if not path.startswith(sort.folders):
            continue
        for match in sort.pattern.finditer(code):
            start, is_inside = statement_start(code, match.start())
            before = code[start:match.start()]
            if not is_inside and "(" in match.group(0) and DECLARATION.match(before):
                continue
            end = None if is_inside else statement_end(code, match.start())
            is_statement = end is not None and not before.startswith("return") and not VARIABLE.match(before) \
                and not re.match(r"(?:TRY|ASSERT|MUST)\b|[\w:<>]+(?: const)?&? \w+ = ", before)
            rest = ""
            if not is_statement:
                if re.match(r"[^=]*generation", match.group(0)) or "ASSERT" in before:
                    continue
                place = expression_site(code, match)
                if place is None or "Own<" in code[place[0]:place[1]]:
                    continue
                start, end, rest = place
            elif re.match(r"\.|[\w:<>]+ (?:const )?\w+ = ", code[start:end]):
                continue  # A temporary owner, or a declaration.
            found.setdefault((start, end), Site(sort.name, path, text.count("\n", 0, match.start()) + 1,
                                                " ".join(text[start:end].split()), 0, start, end, is_statement, 0, rest))
    result = [found[place] for place in sorted(found)]
    seen = {}
    for site in result:
        site.place = seen.get((site.kind, site.code), 0)
        seen[site.kind, site.code] = site.place + 1
    # A statement around an expression that is a site of its own would delete two.
    return [site for site in result if not any(
        other is not site and site.start <= other.start and other.end <= site.end and site.is_statement
        and not other.is_statement for other in result)]


def all_sites(core):
    """Every site of the core, numbered from 1 in the order of files and places."""
    sites = []
    for path in sorted(list(core.rglob("*.cpp")) + list(core.rglob("*.h"))):
        sites += sites_in(path.relative_to(core).as_posix(), path.read_text())
    for number, site in enumerate(sites, 1):
        site.number = number
    return sites


def rewritten(text, sites):
    """The file with a switch at each of its sites."""
    for site in sorted(sites, key=lambda site: site.start, reverse=True):
        code = text[site.start:site.end]
        if site.is_statement:
            code = f"{{ if (mutant_keeps({site.number})) {code} }}"
        else:
            code = f"(mutant_keeps({site.number}) ? {code} : {site.rest})"
        text = text[:site.start] + code + text[site.end:]
    lines = text.split("\n")
    first = next(index for index, line in enumerate(lines) if line.startswith("#include") or line.startswith("#pragma once"))
    lines.insert(first + 1, '#include "core/base/mutants.h"')
    return "\n".join(lines)
