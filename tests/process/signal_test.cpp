#include "core/process/signal_frame.h"
#include "tests/process/process_fixture.h"

#include <cstddef>

namespace drydock {
namespace {

constexpr u64 kStack = 0x500000, kStackSize = 0x8000;

class SignalTest : public test::ProcessTest {
protected:
    SignalTest()
    {
        MapRequest request;
        request.address = {kStack};
        request.length = kStackSize;
        request.rights = {true, true, false};
        request.fixed = true;
        MUST(space().map(request));
        thread().context().reg(Gpr::Rsp) = kStack + kStackSize - 0x123;
    }

    static SignalAction handler(u64 flags = 0)
    {
        return {0x401000, flags | action_flags::kRestorer, 0x402000, 0};
    }
    ProcessTable& table() { return parts().processes; }
};

TEST_F(SignalTest, the_frame_is_where_and_what_linux_makes_it)
{
    UserContext& context = thread().context();
    u64 const stack = context.reg(Gpr::Rsp);
    context.reg(Gpr::R12) = 0x1212;
    context.rip = 0x400777;
    context.rflags = 0x202 | rflags::kDirection | rflags::kCarry;
    context.fx.xmm[9][3] = 0x5a;
    SignalInfo const info = SignalInfo::from_user(Signal::Usr1, kSiUser, 1, 0);
    MUST(enter_handler(thread(), handler(), info, SignalSet{0x40}));

    u64 const frame = context.reg(Gpr::Rsp);
    EXPECT_EQ((frame + 8) % 16, 0u);
    EXPECT_LE(frame + sizeof(SignalFrame) + sizeof(FxState), stack - 128);
    EXPECT_EQ(context.rip, 0x401000u);
    EXPECT_EQ(context.reg(Gpr::Rdi), 10u);
    EXPECT_EQ(context.reg(Gpr::Rsi), frame + 312);
    EXPECT_EQ(context.reg(Gpr::Rdx), frame + 8);
    EXPECT_EQ(context.reg(Gpr::Rax), 0u);
    EXPECT_EQ(context.rflags & rflags::kDirection, 0u);

    auto const word = [&](u64 offset) { return MUST(space().read<u64>({frame + offset})); };
    EXPECT_EQ(word(0), 0x402000u);             // pretcode
    EXPECT_EQ(word(8), 6u);                    // uc_flags
    EXPECT_EQ(word(8 + 40 + 4 * 8), 0x1212u);  // r12
    EXPECT_EQ(word(8 + 40 + 15 * 8), stack);
    EXPECT_EQ(word(8 + 40 + 16 * 8), 0x400777u);
    EXPECT_EQ(word(8 + 40 + 17 * 8), 0x202u | rflags::kDirection | rflags::kCarry);
    EXPECT_EQ(word(8 + 40 + 18 * 8), u64{0x33} | u64{0x2b} << 48);
    EXPECT_EQ(word(8 + 296), 0x40u);         // uc_sigmask
    EXPECT_EQ(word(312) & 0xffffffff, 10u);  // si_signo
    u64 const fp_state = word(8 + 40 + 184);
    EXPECT_EQ(fp_state % 64, 0u);
    EXPECT_EQ(MUST(space().read<u8>({fp_state + offsetof(FxState, xmm) + 9 * 16 + 3})), 0x5a);
}

TEST_F(SignalTest, returning_puts_everything_back)
{
    UserContext& context = thread().context();
    for (usize i = 0; i < 16; ++i) {
        if (i != static_cast<usize>(Gpr::Rsp)) context.gpr[i] = 0x1000 + i;
    }
    context.rip = 0x400777;
    context.fx.mxcsr = 0x1fa0;
    UserContext const before = context;
    SignalInfo const info = SignalInfo::from_kernel(Signal::Term);
    MUST(enter_handler(thread(), handler(), info, SignalSet{0x40}));
    u64 const frame = context.reg(Gpr::Rsp);
    context.reg(Gpr::Rbx) = 1;
    context.fx.mxcsr = 0x1f80;
    context.reg(Gpr::Rsp) = frame + 8;
    MUST(leave_handler(thread()));
    EXPECT_EQ(std::memcmp(&context, &before, sizeof(before)), 0);
    EXPECT_EQ(thread().blocked.bits, 0x40u);
}

TEST_F(SignalTest, a_frame_cannot_raise_rights)
{
    UserContext& context = thread().context();
    SignalInfo const info = SignalInfo::from_kernel(Signal::Term);
    MUST(enter_handler(thread(), handler(), info, SignalSet{}));
    u64 const frame = context.reg(Gpr::Rsp);
    context.reg(Gpr::Rsp) = frame + 8;
    // Flags: interrupts off, I/O privilege 3, nested task; a mask of everything.
    MUST(space().write(UserAddr{frame + 8 + 40 + 17 * 8}, u64{0x7000} | rflags::kCarry));
    MUST(space().write(UserAddr{frame + 8 + 296}, ~u64{0}));
    MUST(leave_handler(thread()));
    EXPECT_EQ(context.rflags, u64{0x202} | rflags::kCarry);
    EXPECT_EQ(thread().blocked.bits, ~kUnblockableSignals);
}

TEST_F(SignalTest, bad_frames_are_refused)
{
    UserContext& context = thread().context();
    context.reg(Gpr::Rsp) = 0x10;
    EXPECT_EQ(leave_handler(thread()).error(), Errno::Fault);
    context.reg(Gpr::Rsp) = ~u64{0};
    EXPECT_EQ(leave_handler(thread()).error(), Errno::Fault);
    // A zeroed frame with unaligned floating-point state.
    context.reg(Gpr::Rsp) = kStack + 8;
    MUST(space().write(UserAddr{kStack + 8 + 40 + 184}, u64{kStack + 1}));
    EXPECT_EQ(leave_handler(thread()).error(), Errno::Fault);
}

// The processor decides about the address when the thread goes on there.
TEST_F(SignalTest, a_frame_may_lead_anywhere_but_not_to_other_segments)
{
    UserContext& context = thread().context();
    u64 const rip = 0xffffffff80000000;
    constexpr u64 kUserCode = 0x33, kUserData = u64{0x2b} << 48, kStrict = 4;
    struct {
        u64 selectors, flags;
        bool is_good;
        u64 error_code;
    } const cases[] = {
        {kUserCode | kUserData, kStrict, true, 0},
        {kUserCode, 0, true, 0},  // Without the flag a bad stack segment is put right.
        {kUserCode, kStrict, false, 0},
        {kUserCode | u64{0x18} << 48, kStrict, false, 0x18},
        {0x10 | kUserData, kStrict, false, 0x10},
        {0, kStrict, false, 0},
    };
    for (auto const& one : cases) {
        context.reg(Gpr::Rsp) = kStack + 8;
        thread().fault_vector = 0;
        thread().fault_error_code = ~u64{0};
        MUST(space().write(UserAddr{kStack + 8}, one.flags));
        MUST(space().write(UserAddr{kStack + 8 + 40 + 16 * 8}, rip));
        MUST(space().write(UserAddr{kStack + 8 + 40 + 18 * 8}, one.selectors));
        MUST(leave_handler(thread()));
        EXPECT_EQ(context.rip, rip);
        EXPECT_EQ(thread().fault_vector, one.is_good ? 0u : 13u) << std::hex << one.selectors;
        if (!one.is_good) {
            EXPECT_EQ(thread().fault_error_code, one.error_code);
        }
    }
}

TEST_F(SignalTest, a_stack_without_room_is_an_error)
{
    thread().context().reg(Gpr::Rsp) = kStack + 0x40;
    SignalInfo const info = SignalInfo::from_kernel(Signal::Term);
    EXPECT_EQ(enter_handler(thread(), handler(), info, SignalSet{}).error(), Errno::Fault);
}

TEST_F(SignalTest, the_alternate_stack_is_used_once_and_not_overrun)
{
    AlternateStack alternate;
    alternate.base = kStack;
    alternate.size = 100;
    EXPECT_EQ(set_alternate_stack(thread(), alternate).error(), Errno::NoMem);
    alternate.size = 2400;
    MUST(set_alternate_stack(thread(), alternate));
    SignalInfo const info = SignalInfo::from_kernel(Signal::Term);
    MUST(enter_handler(thread(), handler(action_flags::kOnStack), info, SignalSet{}));
    u64 const first = thread().context().reg(Gpr::Rsp);
    EXPECT_GT(first, kStack);
    EXPECT_LT(first, kStack + 2400);
    EXPECT_EQ(set_alternate_stack(thread(), alternate).error(), Errno::Perm);
    // A second one goes below the first; the next finds no room.
    MUST(enter_handler(thread(), handler(action_flags::kOnStack), info, SignalSet{}));
    EXPECT_LT(thread().context().reg(Gpr::Rsp), first - 128);
    EXPECT_EQ(enter_handler(thread(), handler(action_flags::kOnStack), info, SignalSet{}).error(),
              Errno::Fault);
}

TEST_F(SignalTest, faults_come_first_then_the_lowest_number)
{
    thread().blocked.bits = ~kUnblockableSignals;
    for (u32 const number : {40u, 12u, 40u, 11u, 1u, 12u}) {
        SignalInfo info = SignalInfo::from_user(static_cast<Signal>(number), kSiQueue, 1, 0);
        info.fields[1] = number;
        EXPECT_TRUE(table().try_send(*process, nullptr, info));
    }
    SignalInfo taken;
    std::vector<i32> order;
    while (table().take_signal(thread(), ~u64{0}, taken)) order.push_back(taken.number);
    // The standard one that was sent twice came once.
    EXPECT_EQ(order, (std::vector<i32>{11, 1, 12, 40, 40}));
    EXPECT_EQ(process->queued_signals, 0u);
}

TEST_F(SignalTest, real_time_signals_are_bounded_and_standard_ones_always_arrive)
{
    thread().blocked.bits = ~kUnblockableSignals;
    process->limit(Resource::PendingSignals).soft = 2;
    SignalInfo const info = SignalInfo::from_user(Signal::RtMin, kSiQueue, 1, 0);
    EXPECT_TRUE(table().try_send(*process, nullptr, info));
    EXPECT_TRUE(table().try_send(*process, nullptr, info));
    EXPECT_FALSE(table().try_send(*process, nullptr, info));
    EXPECT_TRUE(table().try_send(*process, nullptr, SignalInfo::from_kernel(Signal::Hup)));
    EXPECT_TRUE(process->pending.has(Signal::Hup));
}

TEST_F(SignalTest, ignored_signals_vanish_unless_blocked)
{
    table().send_to_process(*process, SignalInfo::from_kernel(Signal::Chld));
    EXPECT_EQ(process->pending.bits, 0u);
    thread().blocked.add(Signal::Chld);
    table().send_to_process(*process, SignalInfo::from_kernel(Signal::Chld));
    EXPECT_TRUE(process->pending.has(Signal::Chld));
}

TEST_F(SignalTest, stop_and_continue_cancel_each_other)
{
    thread().blocked.bits = ~kUnblockableSignals;
    table().send_to_process(*process, SignalInfo::from_kernel(Signal::Tstp));
    table().send_to_process(*process, SignalInfo::from_kernel(Signal::Cont));
    EXPECT_FALSE(process->pending.has(Signal::Tstp));
    EXPECT_TRUE(process->pending.has(Signal::Cont));
    table().send_to_process(*process, SignalInfo::from_kernel(Signal::Ttin));
    EXPECT_FALSE(process->pending.has(Signal::Cont));
}

TEST_F(SignalTest, a_forced_signal_cannot_be_blocked_or_ignored)
{
    thread().blocked.add(Signal::Segv);
    process->actions->of(Signal::Segv).handler = kHandlerIgnore;
    table().force_signal(thread(), SignalInfo::from_fault(Signal::Segv, kSegvMaperr, 0));
    EXPECT_FALSE(thread().blocked.has(Signal::Segv));
    EXPECT_EQ(process->actions->of(Signal::Segv).handler, kHandlerDefault);
    EXPECT_TRUE(thread().is_interrupted());
}

}  // namespace
}  // namespace drydock
