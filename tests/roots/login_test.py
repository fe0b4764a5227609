#!/usr/bin/env python3
"""Boots roots by their own init to a login prompt, on a terminal: in the simulator and on the image.

A root is `debian` (tools/make_root debian) and `musl` as a .tar.gz, which is made here if it is missing. init, getty and login are
BusyBox's; the machine is shut down by halt, poweroff or reboot, and ends with status 0.
"""

import argparse
import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
ROOTS = REPOSITORY / "build/roots"
PLACES = {"sim": ["run", "--quiet"], "image": ["boot"]}


def load_sessions():
    specification = importlib.util.spec_from_file_location("sessions", HERE.parent / "busybox/interactive_test.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def log_in(shell):
    shell.wait_for("login: ", "(the prompt of getty)")
    shell.type("root\n")
    shell.wait_for("# ", "(the prompt of root's shell)")
    shell.type("PS1='rea''dy> '\n")
    shell.wait_for("ready> ")


def shut_down(shell, command, failure):
    shell.type(command + "\n")
    status = shell.end()
    if status != 0:
        raise failure(f"exit status {status} after {command!r}")


def session_of_root(shell, failure):
    """A command, the terminal's keys, and what process 1 does."""
    log_in(shell)
    shell.line("echo out:$((6*7)):$(id -u):$(tty)", "out:42:0:/dev/console")
    shell.type("sleep 1000\n")
    shell.settle()
    shell.type("\x03")
    shell.wait_for("ready> ", "after Ctrl-C")
    shell.line("echo status:$?:", "status:130:")
    # init has no handler for SIGUSR2's neighbours that would end it; SIGKILL does not reach it at all.
    shell.line("kill -KILL 1; kill -SEGV 1; echo still:$(cat /proc/1/comm):", "still:init:")
    # An orphan is init's child, and init takes its status.
    shell.line("(sleep 1 & echo $! > /tmp/orphan); sleep 0.3; awk '{print \"parent\" $4}' /proc/$(cat /tmp/orphan)/stat", "parent1")
    shell.line("sleep 2; ls -d /proc/$(cat /tmp/orphan) 2>&1 | grep -c 'No such'", "1")
    shell.type("exit\n")
    log_in(shell)
    shell.line("echo again:$((1+1)):", "again:2:")
    shut_down(shell, "poweroff", failure)


def reboot_at_once(shell, failure):
    log_in(shell)
    shut_down(shell, "reboot -f", failure)


def halt_by_init(shell, failure):
    log_in(shell)
    shut_down(shell, "halt", failure)


def musl_root():
    archive = ROOTS / "musl.tar.gz"
    if not archive.exists():
        subprocess.run([str(REPOSITORY / "tools/make_root"), "musl"], check=True, stdout=subprocess.DEVNULL)
    return archive


def cases(options):
    """Name, root, command line of the guest, what is typed. Without a command the machine starts the root's own init."""
    made = []
    if "musl" in options.roots:
        archive = str(musl_root())
        made += [("musl", archive, [], session_of_root), ("musl_reboot", archive, ["--", "/sbin/init"], reboot_at_once),
                 ("musl_halt", archive, ["--", "init"], halt_by_init)]
    if "debian" in options.roots and (ROOTS / "debian").is_dir():
        made += [("debian", "debian", [], session_of_root), ("debian_init", "debian", ["--", "/sbin/init"], reboot_at_once)]
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", action="append", choices=sorted(PLACES), help="where (default: both)")
    parser.add_argument("--roots", action="append", choices=("musl", "debian"), help="default: musl, and debian if it has been made")
    parser.add_argument("--drydock", default=str(REPOSITORY / "build/release/sim/drydock"))
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    options.roots = options.roots or ["musl", "debian"]
    sessions = load_sessions()
    failures = count = 0
    for place in options.on or ["sim", "image"]:
        if place == "image" and shutil.which("qemu-system-x86_64") is None:
            print("SKIP image: qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
            continue
        for name, root, guest, case in cases(options):
            shell = sessions.Session([options.drydock, *PLACES[place], "--root", root, *guest], options.timeout, options.verbose)
            problem = None
            try:
                case(shell, sessions.Failure)
            except (sessions.Failure, OSError) as failure:
                problem = f"{failure}\n    seen: {re.sub(chr(27), '^[', shell.seen[-600:])!r}"
            finally:
                shell.close()
            count += 1
            failures += problem is not None
            print(f"{'FAIL' if problem else 'ok'} {name}_{place}" + (f": {problem}" if problem else ""), flush=True)
    print(f"{count - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
