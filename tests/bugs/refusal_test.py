#!/usr/bin/env python3
"""Trace files that are no longer what was written, or belong to another drydock or kernel: each is refused in one line."""

import os
import pathlib
import subprocess
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("DRYDOCK_BUILD", REPOSITORY / "build/release"))
DRYDOCK = BUILD / "sim/drydock"
KEPT = REPOSITORY / "traces/pipe-on-stack.trace"
REFUSED = 125


def drydock(*arguments):
    done = subprocess.run([DRYDOCK, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="drydock-refusal-test-")
        cls.path = pathlib.Path(cls.folder.name)
        cls.trace = cls.path / "whole"
        drydock("run", "--quiet", "--trace", cls.trace, "--", "sh", "-c", "echo a | cat")
        cls.events = cls.trace.read_bytes()
        cls.header = KEPT.read_bytes()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def refuses(self, data, words, commands=("replay", "trace", "shrink"), name="changed"):
        path = self.path / name
        path.write_bytes(data)
        for command in commands:
            status, text = drydock(command, path)
            self.assertEqual(status, REFUSED, f"{command}: {text}")
            self.assertEqual(text.count("\n"), 1, f"{command}: {text}")
            self.assertTrue(text.startswith(f"drydock: {path}: "), f"{command}: {text}")
            self.assertIn(words, text, command)

    def resealed(self, data, old, new):
        """A header changed by hand, its checksum renewed: what is left to refuse is what it says."""
        self.assertEqual(data.count(old), 1)
        path = self.path / "resealed"
        path.write_bytes(data.replace(old, new))
        status, text = drydock("trace", "--reseal", path)
        self.assertEqual(status, 0, text)
        return text.encode()

    def test_whole_files_are_taken(self):
        self.assertEqual(drydock("replay", self.trace)[0], 0)
        self.assertEqual(drydock("replay", KEPT)[0], 0)

    def test_what_is_cut(self):
        for data in (self.header, self.events):
            for size in (10, 31, 100, len(data) // 2, len(data) - 1):
                self.refuses(data[:size], "cut off" if size < len(data) - 1 else "", commands=("replay",))
        self.refuses(self.header[:-20], "cut off")
        self.refuses(self.events[:-20], "cut off")

    def test_what_is_altered(self):
        self.refuses(self.header.replace(b"seed: 0", b"seed: 1"), "altered")
        self.refuses(self.header + b"more\n", "goes on after its checksum")
        middle = self.events.index(b"\n\n") + 200
        self.refuses(self.events[:middle] + bytes([self.events[middle] ^ 1]) + self.events[middle + 1:], "altered")
        self.refuses(self.header.replace(b"\n", b"\r\n"), "", commands=("replay",))

    def test_what_is_no_trace(self):
        for data in (b"\0" * 100, b"\x7fELF" + b"x" * 100, b"hello\n"):
            self.refuses(data, "not a drydock trace")

    def test_another_version(self):
        self.refuses(self.header.replace(b"drydock trace 2", b"drydock trace 3"), "another version")
        self.refuses(self.header.replace(b"\n", b"\r\n"), "CR LF")
        self.refuses(self.resealed(self.header, b"drydock: 0.1.0", b"drydock: 9.9.9"), "recorded by drydock 9.9.9",
                     commands=("replay", "shrink"))

    def test_another_kernel(self):
        other = self.resealed(self.header, b"kernel: pipe-on-stack", b"kernel: never-built")
        self.refuses(other, "recorded on another kernel", commands=("replay", "shrink"))


if __name__ == "__main__":
    unittest.main()
