#!/usr/bin/env python3
"""The interactive sessions of tests/busybox/interactive_test.py, typed into the image's serial console."""

import argparse
import fnmatch
import importlib.util
import pathlib
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


def load_sessions():
    specification = importlib.util.spec_from_file_location("sessions", HERE.parent / "busybox/interactive_test.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def run_case(sessions, case, command, timeout, verbose):
    shell = sessions.Session(command, timeout, verbose)
    try:
        # The machine first has to come up; what is typed before that is typed to the firmware.
        shell.wait_for("# ", "(the shell's own prompt)")
        case(shell.open())
        return None
    except sessions.Failure as failure:
        return f"{failure}\n    seen: {shell.seen[-400:]!r}"
    finally:
        shell.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="CASE")
    parser.add_argument("--drydock", default=str(REPOSITORY / "build/release/sim/drydock"))
    parser.add_argument("--timeout", type=float, default=20)
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    sessions = load_sessions()
    cases = [case for case in sessions.CASES
             if not options.names or any(fnmatch.fnmatch(case.__name__, name) for name in options.names)]
    command = [options.drydock, "boot", "--", "sh"]
    failures = 0
    for case in cases:
        problem = run_case(sessions, case, command, options.timeout, options.verbose)
        failures += problem is not None
        print(f"{'FAIL' if problem else 'ok'} {case.__name__}" + (f": {problem}" if problem else ""), flush=True)
    print(f"{len(cases) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
