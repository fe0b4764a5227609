#include "core/process/argument_block.h"
#include "tests/process/elf_builder.h"
#include "tests/process/process_fixture.h"

namespace drydock {
namespace {

using test::ElfBuilder;
using ExecTest = test::ProcessTest;

int number(Errno error) { return static_cast<int>(error); }

TEST_F(ExecTest, starts_at_the_entry_with_clean_registers)
{
    write_file("/p", ElfBuilder::simple().build());
    thread().context().reg(Gpr::Rbx) = 7;
    thread().context().fs_base = 9;
    ASSERT_EQ(run("/p"), 0);
    UserContext const& context = thread().context();
    EXPECT_EQ(context.rip, 0x400100u);
    EXPECT_EQ(context.reg(Gpr::Rbx), 0u);
    EXPECT_EQ(context.fs_base, 0u);
    EXPECT_EQ(context.fx.mxcsr, 0x1f80u);
    EXPECT_EQ(context.reg(Gpr::Rsp) % 16, 0u);
    EXPECT_STREQ(process->main_thread->name, "p");
    EXPECT_TRUE(process->has_executed);
    EXPECT_EQ(space().audit(), nullptr);
}

// A file that ends anywhere within its headers is no program; the caller keeps its memory, and
// nothing is lost.
TEST_F(ExecTest, truncation_within_the_headers_is_not_executable)
{
    ElfBuilder builder = ElfBuilder::simple();
    builder.add_interpreter("/lib/interpreter");
    std::string const whole = builder.build();
    usize const headers = sizeof(ElfHeader) + 2 * sizeof(ElfProgramHeader);
    AddressSpace* const before = &space();
    write_file("/p", whole.substr(0, headers - 1));
    ASSERT_EQ(run("/p"), number(Errno::NoExec));
    u64 const live = parts().heap.live_objects();
    for (usize size = 0; size < headers; ++size) {
        write_file("/p", whole.substr(0, size));
        EXPECT_EQ(run("/p"), number(Errno::NoExec)) << size;
        EXPECT_EQ(&space(), before);
    }
    // Between the headers and the end of its name the interpreter cannot be read.
    for (usize size = headers; size < 0x180 + 17; ++size) {
        write_file("/p", whole.substr(0, size));
        EXPECT_EQ(run("/p"), number(Errno::Io)) << size;
    }
    write_file("/p", whole.substr(0, headers - 1));
    EXPECT_EQ(parts().heap.live_objects(), live);
}

TEST_F(ExecTest, foreign_or_broken_headers_are_not_executable)
{
    struct Case {
        char const* name;
        void (*change)(ElfBuilder&);
        Errno expected;
    };
    Case const cases[] = {
        {"magic", [](ElfBuilder& b) { b.header.identification[1] = 'e'; }, Errno::NoExec},
        {"machine", [](ElfBuilder& b) { b.header.machine = 3; }, Errno::NoExec},
        {"type", [](ElfBuilder& b) { b.header.type = 1; }, Errno::NoExec},
        {"entry size", [](ElfBuilder& b) { b.header.program_header_size = 32; }, Errno::NoExec},
        {"no headers", [](ElfBuilder& b) { b.program_headers.clear(); }, Errno::NoExec},
        {"headers far",
         [](ElfBuilder& b) { b.header.program_headers = ~u64{0} - 8; },
         Errno::NoExec},
        {"nothing to load", [](ElfBuilder& b) { b.program_headers[0].type = 4; }, Errno::NoExec},
        {"file > memory",
         [](ElfBuilder& b) { b.program_headers[0].memory_size = 1; },
         Errno::Inval},
        {"wraps", [](ElfBuilder& b) { b.program_headers[0].memory_size = ~u64{0}; }, Errno::Inval},
        {"too high",
         [](ElfBuilder& b) { b.program_headers[0].address = kUserEnd - 0x1000; },
         Errno::NoMem},
        {"kernel", [](ElfBuilder& b) { b.program_headers[0].address = ~u64{0xfff}; }, Errno::Inval},
        {"skewed", [](ElfBuilder& b) { b.program_headers[0].address += 8; }, Errno::Inval},
        {"offset", [](ElfBuilder& b) { b.program_headers[0].offset = ~u64{0xfff}; }, Errno::Inval},
    };
    AddressSpace* const before = &space();
    for (Case const& item : cases) {
        ElfBuilder builder = ElfBuilder::simple();
        item.change(builder);
        write_file("/p", builder.build());
        EXPECT_EQ(run("/p"), number(item.expected)) << item.name;
        EXPECT_EQ(&space(), before) << item.name;
    }
}

TEST_F(ExecTest, what_cannot_be_run_is_named_by_its_error)
{
    write_file("/plain", "text", 0644);
    write_file("/empty", "", 0755);
    Credentials const credentials;
    Resolver const resolver{*process->main_thread->file_context, credentials, {}};
    MUST(parts().vfs.make_directory(resolver, "/dir", 0755));
    EXPECT_EQ(run("/none"), number(Errno::NoEnt));
    EXPECT_EQ(run(""), number(Errno::NoEnt));
    EXPECT_EQ(run("/plain"), number(Errno::Acces));
    EXPECT_EQ(run("/dir"), number(Errno::Acces));
    EXPECT_EQ(run("/empty"), number(Errno::NoExec));
    EXPECT_EQ(run("/plain/x"), number(Errno::NotDir));
}

TEST_F(ExecTest, interpreters_that_cannot_be_used)
{
    ElfBuilder builder = ElfBuilder::simple();
    builder.add_interpreter("/ld");
    write_file("/p", builder.build());
    EXPECT_EQ(run("/p"), number(Errno::NoEnt));
    write_file("/ld", "short", 0755);
    EXPECT_EQ(run("/p"), number(Errno::Io));
    write_file("/ld", std::string(300, 'z'), 0755);
    EXPECT_EQ(run("/p"), number(Errno::LibBad));
    ElfBuilder interpreter = ElfBuilder::simple();
    interpreter.header.type = kElfShared;
    interpreter.program_headers[0].address = 0;
    interpreter.header.entry = 0x40;
    write_file("/ld", interpreter.build());
    ASSERT_EQ(run("/p"), 0);
    EXPECT_EQ(thread().context().rip & kPageMask, 0x40u);
    EXPECT_GT(thread().context().rip, u64{0x7f0000000000});
}

TEST_F(ExecTest, scripts_run_their_interpreter_with_their_own_path)
{
    write_file("/p", ElfBuilder::simple().build());
    write_file("/s", "#! /p  one two \nrest");
    ASSERT_EQ(run("/s", {"zero", "tail"}), 0);
    u64 const stack = thread().context().reg(Gpr::Rsp);
    ASSERT_EQ(MUST(space().read<u64>({stack})), 4u);
    char const* const expected[] = {"/p", "one two", "/s", "tail"};
    for (u64 i = 0; i < 4; ++i) {
        char text[32] = {};
        UserAddr const pointer{MUST(space().read<u64>({stack + 8 + 8 * i}))};
        MUST(space().read_string(text, pointer));
        EXPECT_STREQ(text, expected[i]);
    }
    EXPECT_STREQ(process->main_thread->name, "s");
    write_file("/loop", "#!/loop\n");
    EXPECT_EQ(run("/loop"), number(Errno::Loop));
    write_file("/bad", "#!/absent\n");
    EXPECT_EQ(run("/bad"), number(Errno::NoEnt));
}

TEST_F(ExecTest, memory_behind_the_file_part_is_zero)
{
    ElfBuilder builder = ElfBuilder::simple();
    ElfProgramHeader data = builder.program_headers[0];
    data.flags = kElfReadFlag | kElfWriteFlag;
    data.address = 0x600000;
    data.memory_size = 0x3000;
    builder.program_headers.push_back(data);
    builder.tail = std::string(0x800, 'x');
    write_file("/p", builder.build());
    ASSERT_EQ(run("/p"), 0);
    EXPECT_EQ(MUST(space().read<u8>({0x6001ff})), 'x');
    for (u64 const offset : {0x200u, 0x201u, 0x7ffu, 0xfffu, 0x1000u, 0x2fffu}) {
        EXPECT_EQ(MUST(space().read<u8>({0x600000 + offset})), 0) << offset;
    }
    // The file's own bytes are still there for everybody else.
    EXPECT_EQ(MUST(space().read<u8>({0x400200})), 'x');
    EXPECT_TRUE(space().read<u8>({0x603000}).is_error());
    EXPECT_EQ(space().set_break({0}).value, 0x603000u);
}

TEST_F(ExecTest, the_argument_block_is_laid_out_as_linux_does)
{
    write_file("/p", ElfBuilder::simple().build());
    MUST(execute(thread(), "/p", strings({"a", "bc"}, {"X=1"})));
    AddressSpace& memory = space();
    u64 const stack = thread().context().reg(Gpr::Rsp);
    auto const word = [&](u64 index) { return MUST(memory.read<u64>({stack + 8 * index})); };
    EXPECT_EQ(word(0), 2u);
    // The file name ends eight zero bytes below the top; strings are below it, arguments lowest.
    u64 const name = kUserEnd - 8 - 3;
    u64 const text = name - 9;
    EXPECT_EQ(word(1), text);
    EXPECT_EQ(word(2), text + 2);
    EXPECT_EQ(word(3), 0u);
    EXPECT_EQ(word(4), text + 5);
    EXPECT_EQ(word(5), 0u);
    u64 const keys[] = {16, 6, 17, 3, 4, 5, 7, 8, 9, 11, 12, 13, 14, 23, 25, 26, 31, 15, 0};
    for (u64 i = 0; i < sizeof(keys) / sizeof(keys[0]); ++i) EXPECT_EQ(word(6 + 2 * i), keys[i]);
    EXPECT_EQ(word(6 + 2 * 3 + 1), 0x400040u);
    EXPECT_EQ(word(6 + 2 * 8 + 1), 0x400100u);
    EXPECT_EQ(word(6 + 2 * 16 + 1), name);
    char platform[8] = {};
    MUST(memory.read_string(platform, {word(6 + 2 * 17 + 1)}));
    EXPECT_STREQ(platform, "x86_64");
    EXPECT_EQ(MUST(memory.read<u64>({kUserEnd - 8})), 0u);
}

TEST_F(ExecTest, caught_signals_are_reset_and_ignored_ones_stay)
{
    write_file("/p", ElfBuilder::simple().build());
    process->actions->of(Signal::Usr1) = {0x1234, 0, 0, 0};
    process->actions->of(Signal::Usr2) = {kHandlerIgnore, 0, 0, 0};
    thread().blocked.add(Signal::Hup);
    ASSERT_EQ(run("/p"), 0);
    EXPECT_EQ(process->actions->of(Signal::Usr1).handler, kHandlerDefault);
    EXPECT_EQ(process->actions->of(Signal::Usr2).handler, kHandlerIgnore);
    EXPECT_TRUE(thread().blocked.has(Signal::Hup));
}

TEST_F(ExecTest, running_out_of_memory_at_any_point_leaves_the_caller_as_it_was)
{
    ElfBuilder builder = ElfBuilder::simple();
    builder.add_interpreter("/ld");
    write_file("/p", builder.build());
    ElfBuilder interpreter = ElfBuilder::simple();
    interpreter.header.type = kElfShared;
    interpreter.program_headers[0].address = 0;
    write_file("/ld", interpreter.build());
    ASSERT_EQ(run("/p"), 0);
    u32 failures = 0;
    for (u64 nth = 0; nth < 200; ++nth) {
        thread().context().rip = 0x77;
        AddressSpace* const before = &space();
        parts().heap.trim();
        u64 const free = parts().frames.free_frames();
        ExecStrings arguments = strings({"program"});
        machine.fail_allocation(nth);
        Result<void> const result = execute(thread(), "/p", std::move(arguments));
        int const outcome = result.is_ok() ? 0 : number(result.error());
        bool const has_failed = machine.has_failed();
        machine.fail_nothing();
        if (!has_failed) {
            EXPECT_EQ(outcome, 0);
            break;
        }
        // A template that cannot be saved, for one, does not keep a program from running.
        if (outcome == 0) continue;
        ++failures;
        EXPECT_EQ(outcome, number(Errno::NoMem)) << nth;
        EXPECT_EQ(&space(), before);
        EXPECT_EQ(thread().context().rip, 0x77u);
        parts().heap.trim();
        EXPECT_EQ(parts().frames.free_frames(), free) << nth;
    }
    EXPECT_GT(failures, 5u);
}

}  // namespace
}  // namespace drydock
