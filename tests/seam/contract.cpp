// The seam's contract: what the kernel relies on, whichever side it runs on.

#include "tests/seam/contract.h"

namespace drydock::seam {

void check(Report& report, bool holds, char const* expression, unsigned line)
{
    if (holds) return;
    if (report.failure_count < Report::kMaximum) {
        report.failures[report.failure_count] = {report.running, expression, line};
    }
    ++report.failure_count;
}

namespace {

// --- a user address space, built by hand ---------------------------------------------------------

constexpr u64 kPresentWritableUser = 7;
constexpr u64 kCodeAddress = 0x400000;
constexpr u64 kDataAddress = 0x401000;

struct UserSpace {
    PhysAddr root{};
    PhysAddr table{};  // The last level: entry 0 maps kCodeAddress.
    PhysAddr code{};
    PhysAddr data{};
};

void clear(Platform& platform, PhysAddr frame)
{
    auto* const words = reinterpret_cast<u64*>(platform.data(frame));
    for (usize i = 0; i < kPageSize / sizeof(u64); ++i) words[i] = 0;
}

void set_entry(Platform& platform, PhysAddr table, u64 index, u64 entry)
{
    reinterpret_cast<u64*>(platform.data(table))[index] = entry;
}

UserSpace make_space(Context& context)
{
    Platform& platform = context.platform;
    // The frames were the tables of the last test: a root may be in use until everything is
    // flushed.
    platform.flush_all(1);
    PhysAddr frames[6] = {};
    for (usize i = 0; i < 6; ++i) {
        frames[i] = context.free + 64 * kKiB + i * kPageSize;
        clear(platform, frames[i]);
    }
    UserSpace space;
    space.root = frames[0];
    space.table = frames[3];
    space.code = frames[4];
    space.data = frames[5];
    set_entry(platform, frames[0], 0, frames[1].value | kPresentWritableUser);
    set_entry(platform, frames[1], 0, frames[2].value | kPresentWritableUser);
    set_entry(platform, frames[2], 2, frames[3].value | kPresentWritableUser);
    set_entry(platform, frames[3], 0, space.code.value | kPresentWritableUser);
    set_entry(platform, frames[3], 1, space.data.value | kPresentWritableUser);
    platform.flush_all(1);
    return space;
}

template <usize kCount>
void put_code(Platform& platform, UserSpace const& space, u8 const (&code)[kCount])
{
    std::byte* const target = platform.data(space.code);
    for (usize i = 0; i < kCount; ++i) target[i] = static_cast<std::byte>(code[i]);
}

Trap run_from_start(Context& context, UserSpace const& space, UserContext& registers)
{
    registers.rip = kCodeAddress;
    for (;;) {
        // Spurious interrupts are allowed.
        Trap const trap = context.platform.run_user(registers, space.root);
        if (trap.kind != Trap::Kind::Interrupt) return trap;
    }
}

// --- user code -----------------------------------------------------------------------------------

TEST(system_call_traps_behind_the_instruction)
{
    UserSpace const space = make_space(context);
    u8 const code[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05};  // mov eax, 39; syscall
    put_code(context.platform, space, code);
    UserContext registers;
    registers.reg(Gpr::Rbx) = 0x1234'5678'9abc'def0;
    Trap const trap = run_from_start(context, space, registers);
    EXPECT(trap.kind == Trap::Kind::Syscall);
    EXPECT(registers.reg(Gpr::Rax) == 39);
    EXPECT(registers.rip == kCodeAddress + 7);
    EXPECT(registers.reg(Gpr::Rcx) == kCodeAddress + 7);
    EXPECT(registers.reg(Gpr::Rbx) == 0x1234'5678'9abc'def0);
}

TEST(page_fault_tells_address_and_reason)
{
    UserSpace const space = make_space(context);
    u8 const code[] = {
        0xc7, 0x04, 0x25, 0x10, 0x20, 0x40, 0x00, 1, 0, 0, 0};  // mov dword [0x402010], 1
    put_code(context.platform, space, code);
    UserContext registers;
    Trap const trap = run_from_start(context, space, registers);
    EXPECT(trap.kind == Trap::Kind::PageFault);
    EXPECT(trap.vector == 14);
    EXPECT(trap.address == 0x402010);
    EXPECT(trap.error_code == (page_fault::kWrite | page_fault::kUser));
    EXPECT(registers.rip == kCodeAddress);
}

TEST(write_to_a_read_only_page_faults_as_present)
{
    UserSpace const space = make_space(context);
    u8 const code[] = {0xc6, 0x04, 0x25, 0x00, 0x10, 0x40, 0x00, 9};  // mov byte [0x401000], 9
    put_code(context.platform, space, code);
    set_entry(context.platform, space.table, 1, space.data.value | 5);
    context.platform.flush_page(1, UserAddr{kDataAddress});
    UserContext registers;
    Trap const trap = run_from_start(context, space, registers);
    EXPECT(trap.kind == Trap::Kind::PageFault);
    EXPECT(trap.address == kDataAddress);
    EXPECT(trap.error_code == (page_fault::kPresent | page_fault::kWrite | page_fault::kUser));
}

TEST(invalid_opcode_is_vector_six)
{
    UserSpace const space = make_space(context);
    u8 const code[] = {0x0f, 0x0b};  // ud2
    put_code(context.platform, space, code);
    UserContext registers;
    Trap const trap = run_from_start(context, space, registers);
    EXPECT(trap.kind == Trap::Kind::Exception);
    EXPECT(trap.vector == 6);
    EXPECT(registers.rip == kCodeAddress);
}

TEST(timer_ends_an_endless_loop)
{
    UserSpace const space = make_space(context);
    u8 const code[] = {0xeb, 0xfe};  // jmp to itself
    put_code(context.platform, space, code);
    UserContext registers;
    registers.rip = kCodeAddress;
    ClockTimes const before = context.platform.times();
    Ticks const deadline = before.now + 1'000'000;
    context.platform.set_timer(deadline);
    while (context.platform.now() < deadline) {
        Trap const trap = context.platform.run_user(registers, space.root);
        EXPECT(trap.kind == Trap::Kind::Interrupt);
        if (trap.kind != Trap::Kind::Interrupt) break;
    }
    context.platform.set_timer(kNever);
    EXPECT(registers.rip == kCodeAddress);
    // How much of it was user code's is the host's business, too.
    ClockTimes const after = context.platform.times();
    Ticks const passed = after.now - before.now;
    EXPECT(passed >= 1'000'000);
    EXPECT(after.user - before.user <= passed);
    EXPECT(after.user > before.user);
}

TEST(waiting_is_no_time_of_user_code)
{
    ClockTimes const before = context.platform.times();
    context.platform.set_timer(before.now + 1'000'000);
    while (context.platform.now() < before.now + 1'000'000) context.platform.idle();
    EXPECT(context.platform.times().user == before.user);
}

TEST(flushed_page_is_translated_anew)
{
    UserSpace const space = make_space(context);
    // mov eax, [0x401000]; syscall
    u8 const code[] = {0x8b, 0x04, 0x25, 0x00, 0x10, 0x40, 0x00, 0x0f, 0x05};
    put_code(context.platform, space, code);
    PhysAddr const other = context.free + 128 * kKiB;
    *reinterpret_cast<u32*>(context.platform.data(space.data)) = 1;
    *reinterpret_cast<u32*>(context.platform.data(other)) = 2;
    UserContext registers;
    run_from_start(context, space, registers);
    EXPECT(registers.reg(Gpr::Rax) == 1);
    set_entry(context.platform, space.table, 1, other.value | kPresentWritableUser);
    context.platform.flush_page(1, UserAddr{kDataAddress});
    run_from_start(context, space, registers);
    EXPECT(registers.reg(Gpr::Rax) == 2);
}

// --- kernel stacks -------------------------------------------------------------------------------

struct PingPong {
    Platform& platform;
    KernelStack main{};
    KernelStack other{};
    u64 steps = 0;
    bool was_argument_right = false;
};

void ping(void* argument)
{
    PingPong& game = *static_cast<PingPong*>(argument);
    game.was_argument_right = game.steps == 0;
    for (;;) {
        ++game.steps;
        game.platform.switch_stack(game.other, game.main);
    }
}

TEST(stacks_switch_there_and_back)
{
    PingPong game{context.platform};
    PhysAddr const frames = context.free + 256 * kKiB;
    EXPECT(context.platform.prepare_stack(game.other, frames, ping, &game));
    EXPECT(game.other.frames == frames);
    EXPECT(game.steps == 0);
    for (u64 round = 1; round <= 100; ++round) {
        context.platform.switch_stack(game.main, game.other);
        EXPECT(game.steps == round);
    }
    EXPECT(game.was_argument_right);
    context.platform.release_stack(game.other);
}

TEST(released_stack_can_be_prepared_again)
{
    PhysAddr const frames = context.free + 256 * kKiB;
    for (usize round = 0; round < 20; ++round) {
        PingPong game{context.platform};
        EXPECT(context.platform.prepare_stack(game.other, frames, ping, &game));
        context.platform.switch_stack(game.main, game.other);
        EXPECT(game.steps == 1);
        context.platform.release_stack(game.other);
    }
}

// --- memory, time, decisions ---------------------------------------------------------------------

TEST(memory_layout_is_sane)
{
    MemoryLayout const& layout = context.platform.memory_layout();
    EXPECT(layout.first_free < layout.end);
    EXPECT(layout.first_free.value % kPageSize == 0);
    EXPECT(layout.end.value % kPageSize == 0);
    u64 const archive_end = layout.initramfs.value + layout.initramfs_size;
    for (usize i = 0; i < layout.range_count(); ++i) {
        MemoryRange const range = layout.range(i);
        EXPECT(range.first < range.end);
        EXPECT((range.first.value | range.end.value) % kPageSize == 0);
        bool const is_archive_taken =
            archive_end <= range.first.value || layout.initramfs.value >= range.end.value;
        EXPECT(is_archive_taken);
    }
}

TEST(direct_map_goes_both_ways)
{
    std::byte* const pointer = context.platform.data(context.free);
    *pointer = std::byte{42};
    EXPECT(context.platform.address_of(pointer) == context.free);
    EXPECT(*context.platform.data(context.free) == std::byte{42});
}

TEST(time_never_goes_back)
{
    Ticks last = context.platform.now();
    for (usize i = 0; i < 100; ++i) {
        Ticks const now = context.platform.now();
        EXPECT(now >= last);
        last = now;
    }
}

TEST(idle_ends_at_the_timer)
{
    Ticks const deadline = context.platform.now() + 5'000'000;
    context.platform.set_timer(deadline);
    while (context.platform.now() < deadline) {
        bool const was_woken = context.platform.idle();
        EXPECT(was_woken);
        if (!was_woken) break;
    }
    context.platform.set_timer(kNever);
}

TEST(choices_are_among_the_options)
{
    EXPECT(context.platform.choose(Choice::NextThread, 1) == 0);
    for (u32 count = 2; count < 20; ++count) {
        EXPECT(context.platform.choose(Choice::NextThread, count) < count);
    }
    EXPECT(context.platform.choose(Choice::FailAllocation, 2) < 2);
    EXPECT(context.platform.choose(Choice::ShortTransfer, 2) < 2);
    EXPECT(context.platform.choose(Choice::InterruptWait, 2) < 2);
}

TEST(entropy_does_not_repeat)
{
    u64 words[4] = {};
    context.platform.fill_entropy({reinterpret_cast<std::byte*>(words), 16});
    context.platform.fill_entropy({reinterpret_cast<std::byte*>(words + 2), 16});
    EXPECT(words[0] != words[2]);
    EXPECT(words[1] != words[3]);
    EXPECT(words[0] != words[1]);
}

TEST(console_takes_output)
{
    char const text[] = "seam\n";
    EXPECT(context.platform.console_output(
        ConsoleStream::Output, {reinterpret_cast<std::byte const*>(text), sizeof(text) - 1}));
}

TEST(events_are_taken)
{
    Event event;
    event.kind = EventKind::PathLookup;
    event.a = 1;
    for (usize i = 0; i < 3000; ++i) context.platform.record(event);
    EXPECT(true);
}

struct Test {
    char const* name;
    void (*run)(Context& context);
};

constexpr Test kTests[] = {
    {"memory_layout_is_sane", memory_layout_is_sane},
    {"direct_map_goes_both_ways", direct_map_goes_both_ways},
    {"time_never_goes_back", time_never_goes_back},
    {"idle_ends_at_the_timer", idle_ends_at_the_timer},
    {"choices_are_among_the_options", choices_are_among_the_options},
    {"entropy_does_not_repeat", entropy_does_not_repeat},
    {"console_takes_output", console_takes_output},
    {"events_are_taken", events_are_taken},
    {"stacks_switch_there_and_back", stacks_switch_there_and_back},
    {"released_stack_can_be_prepared_again", released_stack_can_be_prepared_again},
    {"system_call_traps_behind_the_instruction", system_call_traps_behind_the_instruction},
    {"page_fault_tells_address_and_reason", page_fault_tells_address_and_reason},
    {"write_to_a_read_only_page_faults_as_present", write_to_a_read_only_page_faults_as_present},
    {"invalid_opcode_is_vector_six", invalid_opcode_is_vector_six},
    {"timer_ends_an_endless_loop", timer_ends_an_endless_loop},
    {"waiting_is_no_time_of_user_code", waiting_is_no_time_of_user_code},
    {"flushed_page_is_translated_anew", flushed_page_is_translated_anew},
};

}  // namespace

void run_contract(Platform& platform, Report& report)
{
    u64 const start = platform.memory_layout().first_free.value;
    Context context{platform, report, {(start + 64 * kKiB - 1) & ~u64{64 * kKiB - 1}}};
    for (Test const& test : kTests) {
        report.running = test.name;
        ++report.test_count;
        test.run(context);
    }
}

}  // namespace drydock::seam
