"""What all campaigns share: a journal that survives them, progress, the result at the end."""

import concurrent.futures
import fcntl
import hashlib
import json
import os
import signal
import sys
import time

SECONDS_BETWEEN_LINES = 30
READ_SIZE = 1 << 20


class CannotRun(Exception):
    """Says in one line what is missing and what to do."""


def digest_of(*paths):
    """One name for the contents of files: what was tried with them stays true as long as it is the same."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            with open(path, "rb") as file:
                while part := file.read(READ_SIZE):
                    digest.update(part)
        except OSError as error:
            raise CannotRun(f"{path}: {error.strerror}") from error
        digest.update(b"\0")
    return digest.hexdigest()[:16]


class Campaign:
    """One campaign: its journal, how far it is, its result. Only one of a kind runs in a build folder at a time."""

    def __init__(self, kind, folder, restart):
        self.kind = kind
        self.figures = {}
        self.result_path = folder / f"{kind}.json"
        folder.mkdir(parents=True, exist_ok=True)
        self.journal = open(folder / f"{kind}.journal", "a+b")
        try:
            fcntl.flock(self.journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotRun(f"another one is running in {folder}") from error
        if restart:
            self.journal.truncate(0)
        self.began = time.monotonic()
        self.last_shown = 0.0
        self.is_line_open = False
        signal.signal(signal.SIGTERM, signal.default_int_handler)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.journal.close()

    # The journal: a line of JSON for each piece of work that is done. A line that was cut when the campaign was
    # killed is dropped.

    def entries(self):
        self.journal.seek(0)
        text = self.journal.read()
        end = text.rfind(b"\n") + 1
        if end != len(text):
            self.journal.truncate(end)
        return [json.loads(line) for line in text[:end].splitlines()]

    def note(self, entry):
        self.journal.write(json.dumps(entry).encode() + b"\n")
        self.journal.flush()

    def work(self, jobs, items, do):
        """(item, do(item)) for each item, as they end."""
        pool = concurrent.futures.ThreadPoolExecutor(jobs)
        try:
            waiting = {}
            items = iter(items)
            while True:
                while len(waiting) < 2 * jobs and (item := next(items, None)) is not None:
                    waiting[pool.submit(do, item)] = item
                if not waiting:
                    return
                done, _ = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    yield waiting.pop(future), future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    # Progress: one line that is overwritten on a terminal, else a line from time to time.

    def show_progress(self, done, total, text):
        now = time.monotonic()
        is_terminal = sys.stderr.isatty()
        if now - self.last_shown < (0.1 if is_terminal else SECONDS_BETWEEN_LINES):
            return
        self.last_shown = now
        line = f"{done}/{total} {text} ({now - self.began:.0f} s)"
        if is_terminal:
            print(f"\r\033[K{line[:os.get_terminal_size(sys.stderr.fileno()).columns - 1]}", end="", file=sys.stderr,
                  flush=True)
            self.is_line_open = True
        else:
            print(line, file=sys.stderr, flush=True)

    def say(self, text):
        if self.is_line_open:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self.is_line_open = False
        print(text, flush=True)

    def conclude(self, findings):
        """Prints the findings, keeps the result, and returns the exit status."""
        for finding in findings:
            self.say(f"FINDING {finding}")
        figures = dict(self.figures, seconds=round(time.monotonic() - self.began, 1))
        result = {"campaign": self.kind, "ended": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                  "figures": figures, "findings": findings}
        part = self.result_path.with_suffix(".part")
        part.write_text(json.dumps(result, indent=1) + "\n")
        part.replace(self.result_path)
        self.say(f"campaign {self.kind}: {', '.join(f'{key} {value}' for key, value in figures.items())}; "
                 f"{len(findings)} findings; kept in {self.result_path}")
        return 1 if findings else 0
