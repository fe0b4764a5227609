#!/usr/bin/env python3
"""What a mutation run finds in sources, and what it makes of them."""

import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import sites  # noqa: E402


def rewritten(path, body):
    text = '#include "core/x.h"\n' + body
    found = sites.sites_in(path, text)
    for number, site in enumerate(found, 1):
        site.number = number
    lines = sites.rewritten(text, found).splitlines()
    return [site.kind for site in found], " ".join(" ".join(lines[2:]).split())


class Sites(unittest.TestCase):
    def test_a_statement_is_put_behind_its_switch(self):
        kinds, text = rewritten("mm/x.cpp", "void f() { platform_.flush_page(mask(), page); g(); }")
        self.assertEqual(kinds, ["flush"])
        self.assertEqual(text, "void f() { { if (mutant_keeps(1)) platform_.flush_page(mask(), page); } g(); }")

    def test_the_body_of_an_if_without_braces_stays_one_statement(self):
        _, text = rewritten("mm/x.cpp", "void f() { if (changed()) frames_.share(frame); else g(); }")
        self.assertEqual(text, "void f() { if (changed()) { if (mutant_keeps(1)) frames_.share(frame); } else g(); }")

    def test_a_loop_and_an_else_keep_their_place(self):
        _, text = rewritten("a/x.cpp", "void f() { for (auto& w : all) scheduler.wake(*w.thread); if (a) b(); else ++info.references; }")
        self.assertIn("for (auto& w : all) { if (mutant_keeps(1)) scheduler.wake(*w.thread); }", text)
        self.assertIn("else { if (mutant_keeps(2)) ++info.references; }", text)

    def test_an_expression_keeps_what_is_left_of_it(self):
        kinds, text = rewritten("a/x.cpp", "void f() { if (--references_ > 0) return; u32 const woken = table.wake(a, b(c)); }")
        self.assertEqual(kinds, ["reference", "wake"])
        self.assertIn("if ((mutant_keeps(1) ? --references_ : references_) > 0) return;", text)
        self.assertIn("= (mutant_keeps(2) ? table.wake(a, b(c)) : decltype(table.wake(a, b(c))){});", text)

    def test_bumps_of_generations_are_found_and_reads_are_not(self):
        kinds, _ = rewritten("mm/x.cpp", "void f() { ++generation_; leaf->generations[slot] = generation_; g(generation_); "
                             "u64 const generation = cache.generation(); if (a.generation == b.generation) h(); }")
        self.assertEqual(kinds, ["generation", "generation"])

    def test_declarations_definitions_and_comments_are_no_sites(self):
        kinds, _ = rewritten("mm/x.cpp", "void wake(Thread& thread);\nu32 Table::wake(int a)\n{\n    // scheduler.wake(x);\n"
                             "    return 0; }\nvoid flush_all(u64 mask);\nResult<void> reset();\n"
                             "struct Q {\npublic:\n    void wake(Scheduler& s);\nprivate:\n    void wake_all(int a, bool b);\n};\n")
        self.assertEqual(kinds, [])

    def test_equal_statements_have_keys_of_their_own(self):
        found = sites.sites_in("a/x.cpp", '#include "a.h"\nvoid f() { q.wake_all(s); }\nvoid g() { q.wake_all(s); }\n')
        self.assertEqual(len({site.key() for site in found}), 2)
        self.assertEqual([site.line for site in found], [2, 3])


class Core(unittest.TestCase):
    """What stands in the core at well-known places is found."""

    def test_each_kind_is_there(self):
        found = sites.all_sites(HERE.parent.parent / "core")
        known = {(site.path, site.kind) for site in found}
        for wanted in (("mm/fork.cpp", "flush"), ("mm/page_table.cpp", "flush"), ("mm/file_cache.cpp", "generation"),
                       ("mm/frame_allocator.h", "reference"), ("base/ref.h", "reference"), ("pipe/pipe_state.cpp", "wake"),
                       ("sched/wait_queue.cpp", "wake"), ("process/futex.cpp", "wake")):
            self.assertIn(wanted, known)
        self.assertGreater(len(found), 150)

    def test_every_call_of_the_doors_flushes_is_a_site(self):
        core = HERE.parent.parent / "core"
        found = {(site.path, site.line) for site in sites.all_sites(core)}
        for path in core.rglob("*.cpp"):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if "platform_.flush_" in line:
                    self.assertIn((path.relative_to(core).as_posix(), number), found)


if __name__ == "__main__":
    unittest.main()
