#!/usr/bin/env python3
"""Boots roots by their own init to a login prompt, on a terminal: in the simulator and on the image.

A root is `debian` (tools/make_root debian) and `musl` as a .tar.gz, which is made here if it is missing. init, getty and login are
BusyBox's; the machine is shut down by halt, poweroff or reboot, and ends with status 0. Without a terminal standard input is what is
typed; a machine that waits for more than it has ends with status 124 and says so, as does one whose terminal has gone.
"""

import argparse
import importlib.util
import os
import pathlib
import pty
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


STANDSTILL = "drydock: the console's input has ended, and everything waits for more"
# Input of a machine without a terminal: what it prints (a part), its status.
PIPED = {
    "piped_session": ("root\necho out:$((6*7)):$(tty)\nexit\nroot\ncat\nsome text\n\x04sleep 3; echo again:$((1+1)):\npoweroff\n",
                      ["out:42:/dev/console", "some text\r\nsome text", "again:2:"], 0),
    "piped_unfinished": ("root\nsleep 5; echo late:$((5*5)):\n", ["late:25:", STANDSTILL], 124),
    "no_input": ("", ["login: ", STANDSTILL], 124),
}


def piped(command, case, timeout, failure):
    typed, expected, wanted = PIPED[case]
    done = subprocess.run(command, input=typed.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False)
    text = done.stdout.decode(errors="replace")
    for part in expected:
        if part not in text:
            raise failure(f"{part!r} is missing in {text[-1500:]!r}")
    if text.count("login: ") > 3 or done.returncode != wanted:
        raise failure(f"exit status {done.returncode} after {text[-1500:]!r}")


def terminal_goes(command, timeout, failure):
    """getty is started again once, then waits."""
    master, slave = pty.openpty()
    with subprocess.Popen(command, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as machine:
        os.close(slave)
        text = b""
        while b"login: " not in text:
            more = os.read(machine.stdout.fileno(), 4096)
            if not more:
                raise failure(f"no prompt in {text!r}")
            text += more
        os.close(master)
        try:
            text += machine.communicate(timeout=timeout)[0]
        finally:
            machine.kill()
    if text.count(b"login: ") != 2 or STANDSTILL.encode() not in text or machine.returncode != 124:
        raise failure(f"exit status {machine.returncode} after {text[-1500:]!r}")


def without_terminal(options, place, failure):
    """Name and what is wrong, or None."""
    if "musl" not in options.roots:
        return
    command = [options.drydock, *PLACES[place], "--root", str(musl_root())]
    work = {case: lambda case=case: piped(command, case, options.timeout, failure) for case in PIPED}
    if place == "sim":
        work["terminal_goes"] = lambda: terminal_goes(command, options.timeout, failure)
    for name, act in work.items():
        try:
            act()
            yield name, None
        except (failure, OSError, subprocess.TimeoutExpired) as problem:
            yield name, problem


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
        for name, problem in without_terminal(options, place, sessions.Failure):
            count += 1
            failures += problem is not None
            print(f"{'FAIL' if problem else 'ok'} {name}_{place}" + (f": {problem}" if problem else ""), flush=True)
    print(f"{count - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
