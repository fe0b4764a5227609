#!/usr/bin/env python3
"""The image in QEMU: programs, memory sizes, the seam's contract, kernel errors, hostile user code.

Exits with 77 (skipped) without QEMU or BusyBox.
"""

import argparse
import hashlib
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import image  # noqa: E402

SKIPPED = 77
# What QEMU 7.2's TCG does otherwise than a processor: attempt -> (what it does, why).
TCG_DIFFERENCES = {
    "sysexit": "an AMD model: invalid in 64-bit mode",
    "push_noncanonical": "a protection fault instead of a stack fault",
    "icebp": "not decoded",
    "simd": "no SIMD exceptions",
    "bad_mxcsr": "reserved bits are not checked",
}
# The same for the lines of tests/programs/hostile_code.c.
TCG_CODE_DIFFERENCES = {
    "far call 0x33": "pushes with 32 bits of the stack pointer",
    "far call and return": "pushes with 32 bits of the stack pointer",
    "read across the hole": "looks at the first byte's page first",
    "push in the hole": "a protection fault instead of a stack fault",
    "ret in the hole": "a protection fault instead of a stack fault",
    "rbp in the hole": "a protection fault instead of a stack fault",
    "return from a handler with a stack in the hole": "a protection fault instead of a stack fault",
    "fault with AC": "alignment is not checked",
    "alignment": "alignment is not checked",
    "alignment of a store": "alignment is not checked",
    "icebp": "not decoded",
    "lock mov": "the prefix is ignored",
    "lock bt": "the prefix is ignored",
    "sse": "no SIMD exceptions",
    "mxcsr": "reserved bits are not checked",
    "int": "the error code is 16 times the number",
    "other interrupts": "the error code is 16 times the number",
    "16-bit bswap": "swaps 32 bits",
}


class ImageTest(unittest.TestCase):
    folder = None
    drydock = None
    machine = None

    @classmethod
    def setUpClass(cls):
        cls.machine = image.Machine(cls.folder / "drydock.elf", cls.drydock)

    @classmethod
    def tearDownClass(cls):
        cls.machine.close()

    def shell(self, script, **options):
        return self.machine.boot(["sh", "-c", script], **options)

    def expect(self, outcome, stdout, status=0, stderr=b""):
        described = f"{outcome.status}\n{outcome.stdout}\n{outcome.stderr}"
        self.assertEqual(outcome.stdout, stdout, described)
        self.assertEqual(outcome.stderr, stderr, described)
        self.assertEqual(outcome.status, status, described)

    # Programs.

    def test_true(self):
        self.expect(self.machine.boot(["true"]), b"")

    def test_echo(self):
        self.expect(self.machine.boot(["/bin/busybox", "echo", "hello"]), b"hello\n")

    def test_pipeline(self):
        self.expect(self.shell("seq 1 1000 | grep 7 | sort -rn | head -2 | tr '\\n' ' '"), b"997 987 ")

    def test_awk_with_floating_point(self):
        self.expect(self.machine.boot(["awk", 'BEGIN { printf "%.6f %g\\n", 1 / 3, 2.5e10 * 3 }']), b"0.333333 7.5e+10\n")

    def test_floating_point_survives_switches(self):
        script = ("for i in 1 2 3; do awk 'BEGIN { x = 0; for (j = 1; j < 60000; ++j) x += 1 / j; printf \"%.9f\\n\", x }' & done;"
                  " wait")
        self.expect(self.shell(script), b"11.579307173\n" * 3)

    def test_exit_statuses(self):
        for status in (1, 42, 127, 128, 255):
            self.expect(self.shell(f"exit {status}"), b"", status)

    def test_missing_program(self):
        outcome = self.machine.boot(["no-such-program"])
        self.expect(outcome, b"", 127, b"drydock: cannot run no-such-program: No such file or directory\n")

    def test_killed_by_signal(self):
        self.expect(self.shell("kill -9 $$"), b"", 137)
        self.expect(self.shell("sh -c 'kill -TERM $$'; echo $?"), b"143\n", 0, b"Terminated\n")

    def test_time_passes(self):
        outcome = self.shell("a=$(date +%s); sleep 1.2; b=$(date +%s); echo $((b - a))")
        self.assertIn(outcome.stdout, (b"1\n", b"2\n"))

    def test_timer_interrupts_a_loop(self):
        self.expect(self.shell("timeout 0.3 sh -c 'while :; do :; done'; echo $?"), b"143\n", 0, b"Terminated\n")

    def test_quoting(self):
        words = ["", "two words", 'quote"quote', "apostrophe'", "back\\slash", "line\nfeed", "--", "a=b"]
        self.expect(self.machine.boot(["printf", "<%s>", *words]), "".join(f"<{word}>" for word in words).encode())

    def test_long_command_line(self):
        self.expect(self.machine.boot(["sh", "-c", "echo $#; echo ${3}", "x"] + ["y" * 50] * 100 + [""]),
                    b"101\n" + b"y" * 50 + b"\n")

    def test_command_line_of_the_kernel(self):
        outcome = self.machine.boot(["cat", "/proc/cmdline"], options="some.word=1 cwd=/tmp 'a  b' quiet")
        self.assertRegex(outcome.stdout, rb"^drydock\.tty=000 .*drydock\.seed=0 .* some\.word=1 cwd=/tmp 'a  b' quiet\n$")

    def test_environment_and_directory(self):
        self.expect(self.shell("echo $A; echo $HOME; pwd", options="cwd=/tmp", more=["--env", "A=1 2"]), b"1 2\n/root\n/tmp\n")

    def test_standard_input(self):
        self.expect(self.machine.boot(["wc", "-c"], stdin=b"x" * 100000), b"100000\n")
        self.expect(self.machine.boot(["cat"], stdin=bytes(range(256))), bytes(range(256)))
        self.expect(self.machine.boot(["cat"]), b"")

    def test_standard_input_from_a_pipe(self):
        """Read when the guest reads, to the end; a program that reads none leaves it alone."""
        content = bytes(range(256)) * 40
        command = self.machine.command(["sh", "-c", "head -c 3 > /dev/null; wc -c"])
        result = subprocess.run(command, input=content, stdout=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, rb"^[0-9]+\n$")
        result = subprocess.run(self.machine.command(["cat"]), input=content, stdout=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual((result.returncode, result.stdout), (0, content))
        reader, writer = os.pipe()
        try:
            os.write(writer, b"kept")
            result = subprocess.run(self.machine.command(["true"]), stdin=reader, timeout=60, check=False)
            self.assertEqual((result.returncode, os.read(reader, 10)), (0, b"kept"))
        finally:
            os.close(reader)
            os.close(writer)

    def test_one_stream_keeps_the_order_of_two(self):
        script = "for i in 1 2 3; do echo o$i; echo e$i >&2; done"
        result = subprocess.run(self.machine.command(["sh", "-c", script]), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
        self.assertEqual(result.stdout, b"o1\ne1\no2\ne2\no3\ne3\n")

    def test_reader_that_leaves_ends_the_machine(self):
        with subprocess.Popen(self.machine.command(["yes"]), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            process.stdout.read(2)
            process.stdout.close()
            self.assertEqual(process.wait(60), 141)

    def test_same_tree_as_the_simulator(self):
        program = ["sh", "-c", "find / -path /proc -prune -o -print | sort | md5sum; ls -laR /etc /root; cat /etc/*"]
        command = [self.machine.drydock, "run", "--quiet", "--", *program]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60, check=True)
        self.expect(self.machine.boot(program), result.stdout)

    def test_instruction_counting(self):
        """Under --icount a run is the same in every record, times included."""
        first, second = (self.machine.boot(["true"], more=["--icount"], with_events=True) for _ in range(2))
        self.assertEqual(first.status, 0, first.stderr)
        self.assertEqual(first.records, second.records)

    def test_missing_qemu_is_said(self):
        result = subprocess.run(self.machine.command(["true"]), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                env={"PATH": "/nonexistent"}, timeout=60, check=False)
        self.assertEqual(result.returncode, image.FAILED)
        self.assertEqual(result.stderr, b"drydock: qemu-system-x86_64 is not installed; install Debian's qemu-system-x86\n")

    def test_time_limit(self):
        outcome = self.machine.boot(["sleep", "1000"], more=["--time-limit", "0.7"])
        self.assertEqual(outcome.status, image.FAILED)
        self.assertEqual(outcome.stderr, b"drydock: time limit: the machine has run for 0.7 seconds\n")
        self.expect(self.machine.boot(["echo", "a"], more=["--time-limit", "60"]), b"a\n")

    def test_image_that_cannot_run_is_said(self):
        for path in ("/nonexistent", "/etc/passwd"):
            command = [self.machine.drydock, "boot", "--image", path, "--", "true"]
            outcome = self.machine.run(command, subprocess.DEVNULL, 30)
            self.assertEqual(outcome.status, image.FAILED)
            self.assertIn(b"drydock: ", outcome.stderr)

    def test_missing_kvm_is_said(self):
        """/dev/kvm is hidden behind /dev/null, in a mount namespace of its own."""
        hidden = ["sh", "-c", 'test ! -e /dev/kvm || mount --bind /dev/null /dev/kvm && exec "$@"', "sh"]
        namespace = ["unshare", "--map-root-user", "--mount", *hidden]
        if subprocess.run([*namespace, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest("this host lets nobody make a mount namespace")
        command = [self.machine.drydock, "boot", "--image", self.machine.image]
        outcomes = [self.machine.run([*namespace, *command, "--accel", name, "--", "true"], subprocess.DEVNULL, 60)
                    for name in ("kvm", "auto")]
        self.assertEqual(outcomes[0].status, image.FAILED)
        self.assertRegex(outcomes[0].stderr, rb"^drydock: --accel kvm: /dev/kvm: .*; give --accel tcg\n$")
        self.assertEqual(outcomes[1].status, 0)
        self.assertRegex(outcomes[1].stderr, rb"^drydock: no KVM \(/dev/kvm: .*\), using TCG\n$")

    def test_many_processes(self):
        self.expect(self.shell("i=0; while [ $i -lt 200 ]; do busybox true; i=$((i+1)); done; echo $i"), b"200\n")

    # The machine.

    def test_memory_sizes(self):
        for megabytes in (32, 33, 64, 2048, 3500, 4096, 6000):
            outcome = self.shell("head -1 /proc/meminfo", memory=megabytes)
            self.assertEqual(outcome.status, 0, f"{megabytes} MiB: {outcome.stdout} {outcome.stderr}")
            kilobytes = int(outcome.stdout.split()[1])
            self.assertGreater(kilobytes, megabytes * 1018 - 8 * 1024)

    def test_memory_behind_the_hole_is_used(self):
        """32 MiB, the hole up to 4 GiB, and the rest: a file of 60 MB has to lie in the rest."""
        extra = ["-machine", "max-ram-below-4g=32M"]
        outcome = self.shell("yes | head -c 60000000 > /tmp/f; md5sum < /tmp/f", memory=256, extra=extra)
        expected = hashlib.md5(b"y\n" * 30000000).hexdigest().encode()
        self.assertEqual((outcome.status, outcome.stdout), (0, expected + b"  -\n"), outcome.stderr)

    def test_memory_limit(self):
        outcome = self.shell("head -1 /proc/meminfo", memory=128, options="drydock.memory=48")
        self.assertLess(int(outcome.stdout.split()[1]), 48 * 1024)

    def test_too_little_memory_is_said(self):
        outcome = self.shell("true", options="drydock.memory=5")
        self.assertIn(b"does not fit", outcome.stderr)
        self.assertEqual(outcome.status, image.FAILED)

    def test_unknown_option_is_said(self):
        outcome = self.shell("true", options="drydock.stak=guarded")
        self.assertIn(b"unknown drydock option", outcome.stderr)
        self.assertEqual(outcome.status, image.FAILED)

    def test_unguarded_stacks(self):
        self.expect(self.shell("echo a | cat", options="drydock.stack=unguarded"), b"a\n")

    def test_image_size(self):
        self.assertLess((self.folder / "drydock.elf").stat().st_size, 1 << 20)

    def test_other_machines_and_processors(self):
        for extra in (["-machine", "q35"], ["-bios", "/usr/share/qemu/qboot.rom"], ["-cpu", "max"], ["-icount", "shift=0"]):
            self.expect(self.shell("echo $((6*7))", extra=extra), b"42\n")

    def boot_time(self, *options, path=None):
        environment = dict(os.environ, PATH=path or os.environ["PATH"])
        result = subprocess.run([sys.executable, image.REPOSITORY / "tools/boot_time", "--build", self.folder.parent, *options],
                                env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, timeout=120, check=False)
        return result.returncode, result.stdout, result.stderr

    def test_boot_time(self):
        """The measurement itself; the time that counts is measured on a quiet machine."""
        status, output, errors = self.boot_time("--alone", "--runs", "1", "--limit", "30000")
        self.assertEqual((status, errors), (0, ""), output)
        self.assertRegex(output, r"\ndrydock +\d+ ms +\d+ ms +\d+ ms\ndrydock's median is below 30000 ms\n$")
        status, output, errors = self.boot_time("--alone", "--runs", "1", "--limit", "0.001")
        self.assertEqual((status, errors), (1, ""), output)

    def test_boot_time_says_what_is_missing(self):
        status, _, errors = self.boot_time("--linux", "/no/such/kernel")
        self.assertEqual((status, errors), (2, "boot_time: /no/such/kernel cannot be read\n"))
        status, _, errors = self.boot_time("--alone", "--image", "/bin/busybox")
        self.assertEqual(status, 2)
        self.assertIn("drydock: init has said nothing", errors)
        with tempfile.TemporaryDirectory() as tools:
            pathlib.Path(tools, "qemu-system-x86_64").symlink_to(shutil.which("qemu-system-x86_64"))
            status, _, errors = self.boot_time("--fetch", path=tools)
        self.assertEqual((status, errors), (2, "boot_time: apt-get is missing: this is not Debian; give a kernel of your own (--linux)\n"))

    # Events.

    def test_events_by_port(self):
        outcome = self.machine.boot(["true"], with_events=True)
        kinds = {record[0] for record in outcome.records}
        self.assertLessEqual({0, 1, 3, 11, 13, image.RECORD_HALT}, kinds)
        times = [record[7] for record in outcome.records]
        self.assertEqual(times, sorted(times))

    def test_events_in_memory(self):
        """The ring lies behind the kernel's memory, which QEMU keeps in a file."""
        ram = self.machine.scratch / "ram"
        extra = ["-object", f"memory-backend-file,id=ram,size=96M,mem-path={ram},share=on", "-machine", "memory-backend=ram"]
        start, size = 64 << 20, 16 << 20
        options = f"drydock.memory=64 drydock.events={start:#x},{size:#x}"
        outcome = self.machine.boot(["true"], options, memory=96, extra=extra)
        self.assertEqual(outcome.status, 0, outcome.stdout)
        with open(ram, "rb") as file:
            file.seek(start)
            ring = file.read(size)
        ram.unlink()
        magic, capacity, written = struct.unpack_from("<3Q", ring)
        self.assertEqual(magic, image.RING_MAGIC)
        self.assertEqual(capacity, (size - 4096) // image.RECORD.size)
        records = [image.RECORD.unpack_from(ring, 4096 + i * image.RECORD.size) for i in range(written)]
        by_port = self.machine.boot(["true"], "drydock.memory=64", memory=96, with_events=True)
        self.assertEqual([(r[0], *r[4:7]) for r in records], [(r[0], *r[4:7]) for r in by_port.records])

    # Hostile user code.

    def output_on_both(self, name, options=""):
        """What a program of tests/programs prints in the simulator and on the image, as lines."""
        build = self.folder.parent
        program, simulator = build / "tests/programs" / name, build / "sim/drydock"
        if not program.exists() or not simulator.exists():
            self.skipTest("build guest_programs and drydock first")
        imported = f"{program}:/{name}"
        modelled = subprocess.run([simulator, "run", "--quiet", "--in", imported, "--", f"/{name}"],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
        machine = image.Machine(self.folder / "drydock.elf", self.drydock, imports=[(program, f"/{name}")])
        try:
            outcome = machine.boot([f"/{name}"], options)
        finally:
            machine.close()
        self.assertEqual(outcome.status, 0, f"{outcome.stdout}\n{outcome.stderr}")
        return modelled.stdout.decode().splitlines(), outcome.stdout.decode().splitlines()

    def test_hostile_code(self):
        def known(line):
            name = line.split(":")[0]
            return re.sub(r"^int \d+$", "int", name) in TCG_CODE_DIFFERENCES

        modelled, booted = self.output_on_both("hostile_code")
        self.assertGreater(len(modelled), 200)
        self.assertEqual([line for line in booted if not known(line)], [line for line in modelled if not known(line)])

    def test_clocks_without_calls(self):
        for options in ("", "drydock.user_clock=0"):
            modelled, booted = self.output_on_both("vdso", options)
            self.assertEqual(booted, modelled)

    def test_sleeps(self):
        modelled, booted = self.output_on_both("sleeps")
        self.assertEqual(booted, modelled)

    def test_hostile_program(self):
        compiler = shutil.which("musl-gcc")
        if compiler is None:
            self.skipTest("musl-gcc is missing (Debian package musl-tools)")
        program = self.machine.scratch / "hostile"
        subprocess.run([compiler, "-static", "-O1", "-std=gnu11", "-w", "-o", program, HERE / "hostile.c"], check=True)
        machine = image.Machine(self.folder / "drydock.elf", self.drydock, imports=[(program, "/hostile")])
        try:
            outcome = machine.boot(["/hostile"])
        finally:
            machine.close()
        lines = outcome.stdout.decode().splitlines()
        self.assertRegex(lines[-1], r"^33\d attempts, \d+ differ$", outcome.stderr)
        unknown = [line for line in lines[:-1] if line.split(":")[0] not in TCG_DIFFERENCES]
        self.assertEqual(unknown, [])


class ErrorTest(unittest.TestCase):
    """The same machine with errors in place of the kernel (tests/guest/seam_payload.cpp)."""

    folder = None
    drydock = None
    machine = None

    @classmethod
    def setUpClass(cls):
        cls.machine = image.Machine(cls.folder / "seam.elf", cls.drydock)

    @classmethod
    def tearDownClass(cls):
        cls.machine.close()

    def fails(self, name, pattern, **options):
        outcome = self.machine.boot([name], timeout=30, with_events=True, **options)
        text = outcome.stderr.decode(errors="replace")
        self.assertRegex(text, pattern)
        self.assertEqual(outcome.status, image.FAILED)
        self.assertEqual(outcome.records[-1][0], image.RECORD_FAILED)
        return text

    def test_contract(self):
        for placement in ("guarded", "unguarded"):
            outcome = self.machine.boot(["contract"], f"drydock.stack={placement}")
            self.assertRegex(outcome.stdout, rb"seam\n\d+ tests, 0 failures\n$", outcome.stderr)
            self.assertEqual(outcome.status, 0)

    def test_stack_overflow(self):
        text = self.fails("overflow", r"kernel stack overflow in guest::descend: a frame of \d+ bytes, \d+ bytes below the "
                                      r"base of a stack of 16384, thread 0\r\n")
        self.assertGreater(text.count("frame 96"), 32)
        self.assertRegex(text, r"rip ffffffff8\w+  guest::descend\+\d+")
        self.assertGreater(len(re.findall(r"^    ffffffff8\w{7}  guest::descend\+\d+  frame 96", text, re.MULTILINE)), 32)

    def test_the_last_byte_of_a_stack(self):
        """As in the simulator (tests/sim/stack_test.cpp)."""
        self.assertEqual(self.machine.boot(["touch-last"]).status, 2)
        self.fails("touch-beyond", r"kernel stack overflow in guest::touch_stack: a frame of \d+ bytes, 1 bytes below the base")
        self.assertEqual(self.machine.boot(["touch-beyond"], "drydock.stack=unguarded").status, 2)

    def test_faults(self):
        self.fails("store-null", r"exception 14 .*error code 00000002[^~]*cr2 0000000000000008")
        self.fails("store-code", r"exception 14 .*error code 00000003")
        self.fails("invalid", r"exception 6 in the kernel")

    def test_assertion(self):
        text = self.fails("assert", r"assertion failed: condition \((\.\./)*tests/guest/seam_payload.cpp:\d+\), thread 0\r\n"
                                    r"  rip ffffffff8\w+  guest::hold\+\d+\r\n  rsp \w{16}  rbp \w{16}  cr2 \w{16}  cr3 \w{16}\r\n"
                                    r"  rbx \w{16}  r12 \w{16}")
        self.expect_chain(text, "guest::hold", "guest::run_payload", "guest::Machine::run_kernel")

    def expect_chain(self, text, *names):
        chain = re.findall(r"^    ffffffff8\w{7}  (\S+)\+\d+", text, re.MULTILINE)
        self.assertEqual([name for name in chain if name in names], list(names), text)

    def test_chain_of_an_exception(self):
        text = self.fails("invalid", r"exception 6 in the kernel[^~]*rip ffffffff8\w+  guest::run_payload\+\d+\r\n")
        self.expect_chain(text, "guest::Machine::run_kernel")
        self.assertRegex(self.fails("store-null", "exception 14"), r"rip ffffffff8\w+  guest::store_at\+\d+")

    def test_double_fault(self):
        text = self.fails("double-fault", r"exception 8 in the kernel")
        self.assertRegex(text, r"rip ffffffff8\w+  guest::fault_without_stack\+\d+")
        self.assertRegex(text, r"rsp 0000800000001000  ")

    def test_triple_fault_ends_the_machine(self):
        outcome = self.machine.boot(["triple-fault"], timeout=30, with_events=True)
        self.assertEqual((outcome.status, outcome.records), (image.FAILED, []))
        self.assertIn(b"drydock: the processor has reset (triple fault)", outcome.stderr)

    def test_failed_oracle(self):
        text = self.fails("leak", r"drydock: oracle: 3 planted things left, thread 0\r\n  rip ffffffff8\w+  guest::run_payload")
        self.expect_chain(text, "guest::run_payload", "guest::Machine::run_kernel")

    def test_giving_up(self):
        self.fails("fail", "the kernel gave up: as asked")
        self.fails("deadlock", "nothing can ever happen")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, default=image.RELEASE / "guest",
                        help="where drydock.elf and seam.elf are")
    parser.add_argument("--drydock", type=pathlib.Path, default=image.RELEASE / "sim/drydock")
    options, rest = parser.parse_known_args()
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: qemu-system-x86_64 is missing (Debian package qemu-system-x86)")
        return SKIPPED
    if image.find_busybox() is None:
        print("skipped: BusyBox is missing (Debian package busybox-static)")
        return SKIPPED
    ImageTest.folder = ErrorTest.folder = options.folder
    ImageTest.drydock = ErrorTest.drydock = options.drydock
    return 0 if unittest.main(argv=[sys.argv[0], *rest], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
