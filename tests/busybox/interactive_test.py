#!/usr/bin/env python3
"""Types into a BusyBox shell that runs under drydock on a terminal, and reads what comes back.

Each case is a session of its own. Text that a case waits for never appears in what it types (the
terminal echoes that), so `echo $((6*7))` is typed and 42 awaited.
"""

import argparse
import fcntl
import fnmatch
import os
import pathlib
import pty
import select
import shlex
import signal
import struct
import sys
import termios
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
PROMPT = "ready> "
UP, DOWN, RIGHT, LEFT = "\033[A", "\033[B", "\033[C", "\033[D"
BACKSPACE = "\x7f"
CURSOR_QUERY, CURSOR_ANSWER = b"\033[6n", b"\033[1;1R"


def control(letter):
    return chr(ord(letter.upper()) & 0x1f)


class Failure(Exception):
    pass


class Session:
    """One shell on one terminal."""

    def __init__(self, command, timeout, is_verbose=False):
        self.timeout = timeout
        self.is_verbose = is_verbose
        self.seen = ""
        self.position = 0
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ["TERM"] = "vt100"
            os.execvp(command[0], command)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def pump(self, seconds):
        """Reads what is there; false at the end of the session."""
        ready, _, _ = select.select([self.terminal], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            return False
        if not data:
            return False
        for _ in range(data.count(CURSOR_QUERY)):
            os.write(self.terminal, CURSOR_ANSWER)
        text = data.replace(CURSOR_QUERY, b"").decode(errors="replace").replace("\r", "")
        self.seen += text
        if self.is_verbose:
            print(repr(text), flush=True)
        return True

    def wait_for(self, text, why=""):
        """Reads until the text appears after what was already matched."""
        deadline = time.monotonic() + self.timeout
        while True:
            found = self.seen.find(text, self.position)
            if found >= 0:
                skipped = self.seen[self.position:found]
                self.position = found + len(text)
                return skipped
            if time.monotonic() > deadline:
                raise Failure(f"waited {self.timeout:.0f} s for {text!r} {why}".rstrip())
            if not self.pump(0.2):
                raise Failure(f"the session ended before {text!r} came {why}".rstrip())

    def type(self, text):
        os.write(self.terminal, text.encode())

    def settle(self, seconds=0.4):
        """Lets a program that was just started reach its wait."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.pump(0.05):
                return

    def open(self):
        self.settle(0.2)
        self.type("PS1='rea''dy> '\n")
        self.wait_for(PROMPT, "(the first prompt)")
        return self

    def line(self, text, expected):
        """Types a line, waits for the output and then for the next prompt."""
        self.type(text + "\n")
        self.wait_for(expected, f"after {text!r}")
        self.wait_for(PROMPT, "(the next prompt)")

    def status(self, expected):
        self.line("echo status:$?:", f"status:{expected}:")

    def end(self):
        """The exit status of a session that ends by itself."""
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            ended, status = os.waitpid(self.process, os.WNOHANG)
            if ended:
                self.process = None
                return os.waitstatus_to_exitcode(status)
            if not self.pump(0.1):
                time.sleep(0.05)
        raise Failure(f"the session did not end within {self.timeout:.0f} s")

    def close(self):
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self.terminal)


# The cases.

def runs_a_command(shell):
    shell.line("echo out:$((6*7))", "out:42")


def is_a_terminal(shell):
    shell.line("[ -t 0 ] && [ -t 1 ] && echo tty:$((1+1))", "tty:2")


def window_size(shell):
    shell.line("stty size", "24 80")


def backspace(shell):
    shell.line(f"echo abX{BACKSPACE}c-$((1+1))", "abc-2\n")


def arrows_insert(shell):
    shell.line(f"echo $((1+2))ad{LEFT}bc", "3abcd\n")


def arrows_left_and_right(shell):
    shell.line(f"echo $((2+2))ace{LEFT}{LEFT}b{RIGHT}d", "4abcde\n")


def start_and_end_of_line(shell):
    shell.line(f"xyz$((7-1)){control('a')}echo {control('e')}end", "xyz6end\n")


def erase_line_and_word(shell):
    shell.line(f"no such line{control('u')}echo keep drop{control('w')}word$((1+1))", "keep word2\n")


def history_up(shell):
    shell.line("echo first-$((10*10))", "first-100\n")
    shell.line("echo second-$((10*20))", "second-200\n")
    shell.line(UP, "second-200\n")
    shell.line(UP + UP, "first-100\n")


def history_down(shell):
    shell.line("echo older-$((3*3))", "older-9\n")
    shell.line("echo newer-$((4*4))", "newer-16\n")
    shell.line(UP + UP + DOWN, "newer-16\n")


def history_edited(shell):
    shell.line("echo value-$((5*5))", "value-25\n")
    shell.line(UP + f"{BACKSPACE}{BACKSPACE}{BACKSPACE}6))", "value-30\n")


def completion(shell):
    shell.line("mkdir -p /tmp/long_folder_name; echo made-$((1+1))", "made-2\n")
    shell.line("cd /tmp/long_f\t; echo $((1+2)):$PWD", "3:/tmp/long_folder_name")


def interrupt_sleep(shell):
    shell.type("sleep 1000\n")
    shell.settle()
    shell.type(control("c"))
    shell.wait_for(PROMPT, "after Ctrl-C")
    shell.status(130)


def interrupt_cat(shell):
    shell.type("cat\n")
    shell.settle()
    shell.type(control("c"))
    shell.wait_for(PROMPT, "after Ctrl-C")
    shell.status(130)


def interrupt_pipeline(shell):
    shell.type("yes | cat > /dev/null\n")
    shell.settle()
    shell.type(control("c"))
    shell.wait_for(PROMPT, "after Ctrl-C")
    shell.status(130)


def interrupt_loop_of_the_shell(shell):
    shell.type("while :; do :; done\n")
    shell.settle()
    shell.type(control("c"))
    shell.wait_for(PROMPT, "after Ctrl-C")
    shell.line("echo alive-$((2*2))", "alive-4\n")


def interrupt_at_the_prompt(shell):
    shell.type("echo abandoned")
    shell.settle(0.2)
    shell.type(control("c"))
    shell.wait_for(PROMPT, "after Ctrl-C")
    shell.line("echo fresh-$((3+4))", "fresh-7\n")


def quit_key(shell):
    shell.type("sleep 1000\n")
    shell.settle()
    shell.type(control("\\"))
    shell.wait_for(PROMPT, "after Ctrl-\\")
    shell.status(131)


def stop_jobs_and_foreground(shell):
    shell.type("sleep 1000\n")
    shell.settle()
    shell.type(control("z"))
    shell.wait_for("Stopped", "after Ctrl-Z")
    shell.wait_for(PROMPT)
    shell.line("jobs", "Stopped")
    shell.type("fg\n")
    shell.wait_for("sleep 1000", "after fg")
    shell.settle()
    shell.type(control("c"))
    shell.wait_for(PROMPT, "after Ctrl-C")
    shell.line("jobs; echo left:$((1-1))", "left:0")


def stop_and_background(shell):
    shell.type("sleep 1000\n")
    shell.settle()
    shell.type(control("z"))
    shell.wait_for("Stopped", "after Ctrl-Z")
    shell.wait_for(PROMPT)
    shell.line("bg", "sleep 1000")
    shell.line("jobs", "Running")
    shell.line("kill %1; wait %1; echo ended:$?:", "ended:143:")


def background_job(shell):
    shell.type("sleep 1000 &\n")
    shell.wait_for(PROMPT)
    shell.settle()  # An interactive shell ignores SIGTERM, and so does its child until it execs.
    shell.line("jobs", "Running")
    shell.line("kill %1; wait %1; echo ended:$?:", "ended:143:")


def background_reader_stops(shell):
    shell.type("set -m; cat &\n")
    shell.wait_for(PROMPT)
    shell.settle()
    shell.line("jobs", "Stopped")
    shell.line("kill -9 %1; sleep 0.2; wait; echo gone:$((1+1)):", "gone:2:")
    shell.line("jobs; echo left:$((1-1))", "left:0")


def typed_lines_reach_cat(shell):
    shell.type("cat\n")
    shell.settle()
    shell.type(f"helXX{BACKSPACE}{BACKSPACE}lo\n")
    shell.wait_for("\nhello\n", "(erased with backspace by the terminal)")
    shell.type(control("d"))
    shell.wait_for(PROMPT, "after Ctrl-D")
    shell.status(0)


def no_echo(shell):
    shell.type("stty -echo; echo quiet:$((1+1)); read secret; stty echo; echo got:$secret:\n")
    shell.wait_for("quiet:2\n")
    shell.settle(0.2)
    shell.type("hush\n")
    shown = shell.wait_for("got:hush:")
    if "hush" in shown:
        raise Failure("the terminal echoed while echo was off")


def edits_with_vi(shell):
    shell.line("printf 'one\\ntwo\\n' > /tmp/edited; echo made-$((1+1))", "made-2")
    shell.type("vi /tmp/edited\n")
    shell.settle()
    for keys in ("ddp", "A three\033", ":s/one/1/\r", ":wq\r"):
        shell.type(keys)
        shell.settle(0.3)
    shell.wait_for(PROMPT, "after :wq")
    shell.line("tr '\\n' , < /tmp/edited", "two,1 three,")


def exit_status(shell):
    shell.type("exit 7\n")
    status = shell.end()
    if status != 7:
        raise Failure(f"exit status {status}, not 7")


def end_of_file_exits(shell):
    shell.type("(exit 3)\n")
    shell.wait_for(PROMPT)
    shell.type(control("d"))
    status = shell.end()
    if status != 3:
        raise Failure(f"exit status {status}, not 3 (that of the last command)")


CASES = (
    runs_a_command, is_a_terminal, window_size, backspace, arrows_insert, arrows_left_and_right,
    start_and_end_of_line, erase_line_and_word, history_up, history_down, history_edited, completion,
    interrupt_sleep, interrupt_cat, interrupt_pipeline, interrupt_loop_of_the_shell,
    interrupt_at_the_prompt, quit_key, stop_jobs_and_foreground, stop_and_background, background_job,
    background_reader_stops, typed_lines_reach_cat, no_echo, edits_with_vi, exit_status, end_of_file_exits,
)


def main():
    parser = argparse.ArgumentParser(description="Drive a shell under drydock on a terminal.")
    parser.add_argument("names", nargs="*", metavar="CASE", help="cases to run (globs; default: all)")
    parser.add_argument("--drydock", metavar="PATH", default=str(REPOSITORY / "build/release/sim/drydock"))
    parser.add_argument("--extra", metavar="OPTIONS", default="", help="more options for drydock run")
    parser.add_argument("--timeout", type=float, default=20, metavar="S", help="for each answer (default: 20)")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what the terminal shows")
    options = parser.parse_args()
    cases = [case for case in CASES if not options.names or any(
        fnmatch.fnmatch(case.__name__, name) for name in options.names)]
    if options.list:
        print("\n".join(case.__name__ for case in cases))
        return 0
    if not os.access(options.drydock, os.X_OK):
        print(f"interactive: {options.drydock} is not there; build it first", file=sys.stderr)
        return 2
    command = [options.drydock, "run", "--quiet", *shlex.split(options.extra), "--", "sh"]
    failed = 0
    for case in cases:
        session = Session(command, options.timeout, options.verbose)
        began = time.monotonic()
        try:
            case(session.open())
            print(f"ok   {case.__name__} {time.monotonic() - began:.1f} s", flush=True)
        except (Failure, OSError) as failure:
            failed += 1
            print(f"FAIL {case.__name__}: {failure}")
            print("     the terminal showed last: " + repr(session.seen[-300:]), flush=True)
        finally:
            session.close()
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
