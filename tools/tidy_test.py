#!/usr/bin/env python3
"""Tests of tools/tidy.py: each rule fires where it should, and stays quiet where it should."""

import pathlib
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tidy  # noqa: E402


class TidyTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def findings(self, files):
        for entry in self.root.iterdir():
            shutil.rmtree(entry)
        for path, text in files.items():
            self.write(path, text)
        checker = tidy.Tidy(self.root)
        checker.check_sources()
        return [f"{path}:{line}: {message}" for path, line, message in checker.findings]

    def fires(self, path, text, expected, line=1):
        found = self.findings({path: text})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{path}:{line}: "), found)
        self.assertIn(expected, found[0])

    def quiet(self, path, text):
        self.assertEqual(self.findings({path: text}), [])

    # Patches.

    PATCH = "--- a/core/a.cpp\n+++ b/core/a.cpp\n@@ -1 +1 @@\n-int one = 1;\n+int one = 2;\n"

    def test_a_patch_that_applies_is_fine(self):
        self.assertEqual(self.findings({"core/a.cpp": "int one = 1;\n", "tests/bugs/a.patch": self.PATCH}), [])

    def test_a_patch_of_other_sources_is_named(self):
        found = self.findings({"core/a.cpp": "int one = 3;\n", "tests/bugs/a.patch": self.PATCH})
        self.assertEqual(len(found), 1, found)
        self.assertIn("tests/bugs/a.patch:1: no longer applies (patch failed: core/a.cpp:1)", found[0])

    # Includes.

    def test_core_may_not_climb(self):
        self.fires("core/mm/a.cpp", '\n#include "core/vfs/file.h"\n', "may not include core/vfs", 2)

    def test_core_may_skip_levels_downwards(self):
        self.quiet("core/kernel/a.cpp", '#include "core/base/list.h"\n#include "core/process/exec.h"\n')

    def test_platform_knows_only_base_and_abi(self):
        self.fires("core/platform/a.cpp", '#include "core/sched/thread.h"\n', "core/sched")

    def test_equal_levels_may_use_each_other_one_way(self):
        self.quiet("core/fs/a.cpp", '#include "core/tty/tty.h"\n')

    def test_equal_levels_in_both_directions(self):
        found = self.findings({"core/fs/a.cpp": '#include "core/tty/tty.h"\n',
                               "core/tty/b.cpp": '#include "core/fs/dev.h"\n'})
        self.assertEqual(len(found), 2, found)
        self.assertIn("include each other", found[0])

    def test_unknown_core_folder(self):
        self.fires("core/novel/a.cpp", '#include "core/base/list.h"\n', "no place in the order")

    def test_core_knows_nothing_outside(self):
        self.fires("core/mm/a.cpp", '#include "sim/engine.h"\n', "core only")

    def test_hwmodel_sees_only_base(self):
        self.fires("hwmodel/a.cpp", '#include "core/mm/x.h"\n', "hwmodel and core/base only")
        self.quiet("hwmodel/a.cpp", '#include "core/base/integers.h"\n#include <vector>\n')

    def test_sim_does_not_see_guest(self):
        self.fires("sim/a.cpp", '#include "guest/boot.h"\n', "sim, core and hwmodel only")

    def test_guest_does_not_see_sim(self):
        self.fires("guest/a.cpp", '#include "hwmodel/mmu.h"\n', "guest and core only")

    def test_tests_see_everything(self):
        self.quiet("tests/a.cpp", '#include "sim/a.h"\n#include "guest/b.h"\n#include <thread>\n')

    def test_includes_are_rooted(self):
        self.fires("sim/a.cpp", '#include "engine.h"\n', "from the root")
        self.fires("sim/a.cpp", '#include "sim/../core/x.h"\n', "from the root")

    def test_core_toolchain_headers(self):
        self.fires("core/mm/a.cpp", "#include <vector>\n", "<vector>")
        self.quiet("core/mm/a.cpp", "#include <cstdint>\n#include <bit>\n#include <utility>\n")

    def test_commented_include_does_not_count(self):
        self.quiet("core/mm/a.cpp", '// #include "sim/a.h"\n/*\n#include <vector>\n*/\n')

    # Conditional code.

    def test_conditional_in_core(self):
        for form in ("#if 1\n", "  # ifdef X\n", "#ifndef X\n", "#elif Y\n"):
            self.fires("core/mm/a.cpp", form, "conditional compilation")

    def test_conditional_elsewhere(self):
        self.quiet("core/base/a.cpp", "#if 1\n#endif\n")
        self.quiet("sim/a.cpp", "#ifdef X\n#endif\n")
        self.quiet("core/mm/a.cpp", "// #if 0\nchar const* text = \"#if\";\n#define A 1\n")

    # Nondeterminism: each names its replacement.

    def test_banned_sources(self):
        cases = {
            "auto t = std::chrono::steady_clock::now();": "Platform::now()",
            "auto t = std::chrono::system_clock::now();": "Platform::now()",
            "clock_gettime(CLOCK_MONOTONIC, &t);": "Platform::now()",
            "auto t = time(nullptr);": "Platform::now()",
            "return ::time(0);": "Platform::now()",
            "u64 t = __rdtsc();": "virtual time",
            "int x = rand();": "Platform::entropy()",
            "return std::rand();": "Platform::entropy()",
            "std::random_device device;": "Platform::entropy()",
            'char* home = getenv("HOME");': "option of the run",
            "std::thread worker(run);": "fibers",
            "std::mutex lock;": "fibers",
            "pthread_create(&id, 0, run, 0);": "fibers",
            "thread_local int depth;": "a member",
            "signal(SIGALRM, handler);": "simulated machine",
            "std::raise(9);": "simulated machine",
            "::sleep(1);": "Platform::now()",
            "std::map<Thread*, int> waiting;": "sequence number",
            "std::set<Thread const*> seen;": "sequence number",
            "std::unordered_map<Page*, int> pages;": "sequence number",
            "std::hash<Page*> hash;": "sequence number",
            "std::less<Page*> order;": "sequence number",
            'printf("%p", pointer);': "id or name",
            'fmt::print("{:p}", pointer);': "id or name",
            "fmt::print(text, fmt::ptr(x));": "id or name",
            "auto when = __DATE__;": "constant",
        }
        for code, replacement in cases.items():
            with self.subTest(code):
                self.fires("sim/a.cpp", f"\nvoid f()\n{{\n    {code}\n}}\n", replacement, 4)

    def test_banned_in_every_folder(self):
        self.fires("core/mm/a.cpp", "thread_local int x;\n", "a member")
        self.fires("hwmodel/a.cpp", "void f() { getenv(name); }\n", "environment")

    def test_sim_host_is_exempt(self):
        self.quiet("sim/host/a.cpp", "#include <csignal>\nauto t = time(nullptr);\nstd::thread t;\n")

    def test_banned_headers(self):
        self.fires("sim/a.cpp", "#include <thread>\n", "fibers")
        self.fires("hwmodel/a.cpp", "#include <chrono>\n", "Platform::now()")

    def test_words_that_only_look_banned(self):
        for code in ("// time(nullptr) and rand() are banned", "/* std::thread */",
                     'char const* text = "getenv(rand())";', "platform.signal(thread);",
                     "process->raise(9);", "Result<int> signal(int number);",
                     "void sleep(Ticks ticks) {}", "u64 const time = now(); f(time);",
                     "int x = operand(1);", "std::map<u64, Thread*> by_id;",
                     "std::map<std::string, int> names;", 'char const* format = "100% plain";',
                     'char const* raw = R"(std::thread %d)";', "u64 big = 1'000'000; char c = '\"';",
                     "Signals::raise(x);", "raise(Vector::Page, code);", "sleep(ticks);", "signal(thread, 9);", "int timeout(int a);"):
            with self.subTest(code):
                self.quiet("sim/a.cpp", code + "\n")

    def test_float_only_banned_in_core(self):
        self.fires("core/mm/a.cpp", "double ratio = 0;\n", "integers")
        self.quiet("hwmodel/a.cpp", "double ratio = 0;\n")
        self.quiet("core/mm/a.cpp", "// A double fault.\nvoid double_fault();\n")

    def test_unordered_iteration(self):
        self.fires("sim/a.cpp", "std::unordered_map<int, int> counts_;\nvoid f()\n{\n"
                   "    for (auto& [k, v] : counts_) {}\n}\n", "unordered", 4)
        self.quiet("sim/a.cpp", "std::unordered_map<int, int> counts_;\nint f() { return counts_[3]; }\n")

    def test_unordered_member_of_own_header(self):
        found = self.findings({
            "sim/a.h": "#pragma once\nclass A { std::unordered_set<int> seen_; };\n",
            "sim/a.cpp": '#include "sim/a.h"\nvoid A::f() { for (int x : seen_) g(x); }\n'})
        self.assertEqual(len(found), 1, found)

    # Headers.

    def test_pragma_once_first(self):
        self.fires("sim/a.h", "// A comment.\n#pragma once\n", "#pragma once")
        self.quiet("sim/a.h", "#pragma once\n// A comment.\n")

    def test_headers_alone(self):
        self.write("core/base/good.h", "#pragma once\n#include <cstdint>\ninline int f() { return 1; }\n")
        self.write("sim/bad.h", "#pragma once\nstd::string name();\n")
        checker = tidy.Tidy(self.root)
        checker.check_headers_alone()
        self.assertEqual([path for path, _, _ in checker.findings], ["sim/bad.h"])

    # Frames.

    def frames(self, *entries):
        self.write("core/mm/a.cpp", "")
        self.write("build/core/a.cpp.su", "".join(f"{entry}\n" for entry in entries))
        checker = tidy.Tidy(self.root)
        checker.check_frames(self.root / "build")
        return checker.findings

    def test_frames(self):
        self.assertEqual(self.frames("core/mm/a.cpp:3:5:int f()\t1024\tstatic"), [])
        found = self.frames("core/mm/a.cpp:3:5:int ns::f(T<a::b>)\t1040\tstatic")
        self.assertEqual((found[0][0], found[0][1]), ("core/mm/a.cpp", 3))
        self.assertIn("1040", found[0][2])

    def test_dynamic_frames(self):
        self.assertEqual(len(self.frames("core/mm/a.cpp:3:5:int f()\t48\tdynamic")), 1)
        self.assertEqual(len(self.frames("core/mm/a.cpp:3:5:int f()\t48\tdynamic,bounded")), 0)
        self.assertEqual(len(self.frames("core/mm/a.cpp:3:5:int f()\t1048\tdynamic,bounded")), 1)

    def test_frames_of_a_source_that_is_gone(self):
        self.assertEqual(self.frames("core/mm/gone.cpp:3:5:int f()\t4096\tstatic"), [])

    def test_frames_without_reports(self):
        checker = tidy.Tidy(self.root)
        checker.check_frames(self.root / "nowhere")
        self.assertEqual(len(checker.findings), 1)

    # Choices.

    CHOICES = ("#pragma once\nenum class Choice : u8 {\n    First,  // Which, and why.\n"
               "    Second,\n};\n")

    def test_choice_without_test(self):
        found = self.findings({"core/platform/choice.h": self.CHOICES,
                               "tests/a.cpp": "int x = Choice::First;\n"})
        self.assertEqual(len(found), 1, found)
        self.assertIn("choice.h:4: Choice::Second", found[0])

    def test_choices_all_tested(self):
        self.assertEqual(self.findings({
            "core/platform/choice.h": self.CHOICES,
            "tests/a.cpp": "f(Choice::First, Choice::Second);\n"}), [])


if __name__ == "__main__":
    unittest.main()
