#!/usr/bin/env python3
"""Explains the report of one run (drydock run --report FILE) in plain words."""

import json
import sys

MEBIBYTE_FRAMES = 256


def number(value):
    return f"{value:,}".replace(",", " ")


def duration(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.2f} {unit}"
    return f"{nanoseconds} ns"


def counted(value, noun, plural=None):
    return f"{number(value)} {noun if value == 1 else plural or noun + 's'}"


def rows(report):
    """Label and sentence of each figure that the report has."""
    template = report.get("template", {})
    cache = report.get("page_cache", {})
    frames = report.get("frames", {})
    if "trace_hash" in report:
        yield "trace", (f"{report['trace_hash']} - the name of this run: the same inputs and seed "
                        f"{report.get('seed', 0)} give it again, on any machine")
    if "user_instructions" in report:
        yield "work", (f"{counted(report['user_instructions'], 'user instruction')} in "
                       f"{counted(report.get('processes', 0), 'process', 'processes')}, "
                       f"{counted(report.get('system_calls', 0), 'system call')}")
    if "virtual_ns" in report:
        yield "virtual time", (f"{duration(report['virtual_ns'])} on the modelled machine, counted, "
                               "not measured")
    if "demand_faults" in report:
        avoidable = report.get("avoidable_faults", 0)
        verdict = ("none of them avoidable" if avoidable == 0 else
                   f"{avoidable} AVOIDABLE: the page was cached when exec ran, and exec missed it")
        yield "page faults", f"{number(report['demand_faults'])} on demand, {verdict}"
    if template:
        yield "exec", (f"{number(template.get('hits', 0))} replayed a fresh page template, "
                       f"{number(template.get('misses', 0))} had none yet, "
                       f"{number(template.get('stale', 0))} found it stale and rebuilt it")
    if cache:
        yield "page cache", (f"{counted(cache.get('pages', 0), 'page')} of files in memory, "
                             f"{counted(cache.get('inserts', 0), 'insert')}")
    if "peak_stack_bytes" in report:
        yield "kernel stack", (f"at most {number(report['peak_stack_bytes'])} of 16 384 bytes, in "
                               f"{report.get('peak_stack_call', 'an unnamed call')}")
    if frames:
        leaked = frames.get("leaked", 0)
        verdict = "nothing leaked" if leaked == 0 else f"{counted(leaked, 'frame')} LEAKED"
        yield "memory", (f"{frames.get('total', 0) // MEBIBYTE_FRAMES} MiB: "
                         f"{number(frames.get('free', 0))} frames free, "
                         f"{number(frames.get('cached', 0))} cached, "
                         f"{number(frames.get('live', 0))} in use; {verdict}")
    unknown = report.get("unknown_system_calls")
    if unknown is not None:
        if isinstance(unknown, dict):
            unknown = [f"{name} ({count})" for name, count in sorted(unknown.items())]
        if isinstance(unknown, list):
            unknown = ", ".join(str(item) for item in unknown)
        yield "unknown calls", str(unknown) if unknown else "none"


def main():
    if len(sys.argv) != 2:
        print("usage: explain_report.py FILE.json", file=sys.stderr)
        return 2
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            report = json.load(file)
    except (OSError, json.JSONDecodeError) as error:
        print(f"explain_report: no report: {error}", file=sys.stderr)
        return 1
    for label, sentence in rows(report):
        print(f"  {label:<14} {sentence}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
