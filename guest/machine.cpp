// The machine while the kernel runs; how it comes up is in start.cpp.

#include "guest/machine.h"

#include "guest/entry.h"
#include "guest/instructions.h"
#include "guest/layout.h"
#include "guest/payload.h"
#include "guest/power.h"
#include "guest/read_modify_write.h"
#include "guest/report.h"
#include "guest/stacks.h"

#include <cstddef>

namespace drydock::guest {

namespace {

constexpr u8 kDebug = 1, kNmi = 2, kDoubleFault = 8, kGeneralProtection = 13, kPageFault = 14,
             kMachineCheck = 18;
constexpr u32 kFsBase = 0xc000'0100, kGsBase = 0xc000'0101;
// A canonical address of the lower half ends below this.
constexpr u64 kLowerHalfEnd = u64{1} << 47;
constexpr u64 kUpperHalf = ~u64{0} << 47;
// What the hardware may see of the user's flags: interrupts on, no I/O privilege.
constexpr u64 kForcedFlags = rflags::kInterrupt | rflags::kReserved1;
constexpr u64 kAllowedFlags = rflags::kUserWritable | rflags::kResume | kForcedFlags;

// DR6, left as after a reset: the processor only ever sets bits in it (Intel SDM vol. 3, 17.2.3).
u64 take_debug_status()
{
    u64 const status = read_dr6();
    write_dr6(0xffff'0ff0);
    return status;
}

// What user code may run without a call before a stopped clock goes on, once or twice.
constexpr Ticks kPatience = 2'000'000'000;

bool takes_time(EventKind kind)
{
    return kind == EventKind::SyscallEnter || kind == EventKind::Fault;
}

constexpr u32 bit_of(EventKind kind) { return u32{1} << static_cast<u8>(kind); }

// One load for the four.
bool knows_selector(UserContext const& context)
{
    static_assert(offsetof(UserContext, gs) == offsetof(UserContext, ds) + 3 * sizeof(u16));
    u64 all = 0;
    auto const* const bytes = reinterpret_cast<std::byte const*>(&context);
    __builtin_memcpy(&all, bytes + offsetof(UserContext, ds), sizeof(all));
    return all != 0;
}

bool is_canonical(u64 address) { return address < kLowerHalfEnd || address >= kUpperHalf; }

}  // namespace

// --- user code -----------------------------------------------------------------------------------

bool Machine::take_timer()
{
    if (state_.deadline > clock_.last()) return false;
    state_.deadline = kNever;
    return true;
}

// The hardware may fire earlier than asked, never later: an earlier deadline needs a new start, a
// later one waits for the interrupt that is on its way.
void Machine::arm_timer()
{
    if (clock_.is_stopped()) {
        if (state_.armed == kNever) apic_.arm(kPatience);
        state_.armed = 0;
        return;
    }
    Ticks const now = clock_.now();
    u64 const wait = state_.deadline > now ? state_.deadline - now : 0;
    apic_.arm(wait);
    state_.armed = wait < apic_.reach() ? state_.deadline : now + apic_.reach();
}

// With a stopped clock the interrupt may come long after kPatience began to run: only the second
// one in the same stretch of user code says that it has waited.
void Machine::end_patience()
{
    if (!clock_.is_stopped()) return;
    if (!is_new_stretch_ && state_.deadline != kNever) {
        Ticks const before = clock_.last();
        clock_.pass_to(state_.deadline);
        user_passed_ += clock_.last() - before;
    }
    is_new_stretch_ = false;
}

void Machine::take_interrupt(u8 vector)
{
    if (vector == kTimerVector) {
        state_.armed = kNever;
        end_patience();
    }
    if (vector == kSerialVector) has_input_ = console_.receive();
    // Neither the spurious vector nor those of the masked 8259 wait for an end.
    if (vector == kTimerVector || vector == kSerialVector) apic_.end_of_interrupt();
}

// SYSRET leaves rip in rcx and flags in r11, faults in ring 0 on a bad address on some processors,
// and cannot set RF; single steps are IRET's on Linux too (arch/x86/entry/entry_64.S).
bool Machine::may_use_sysret(UserContext const& context) const
{
    return context.reg(Gpr::Rcx) == context.rip && context.reg(Gpr::R11) == context.rflags &&
           context.rip < kLowerHalfEnd && (context.rflags & (rflags::kTrap | rflags::kResume)) == 0;
}

void Machine::load_bases(UserContext const& context)
{
    bool const is_other =
        &context != loaded_context_ || context.base_changes != loaded_base_changes_;
    if (is_other || context.fs_base != loaded_fs_base_) write_msr(kFsBase, context.fs_base);
    if (is_other || context.gs_base != loaded_gs_base_) write_msr(kGsBase, context.gs_base);
    loaded_context_ = &context;
    loaded_base_changes_ = context.base_changes;
    loaded_fs_base_ = context.fs_base;
    loaded_gs_base_ = context.gs_base;
}

void Machine::load_context(UserContext& context)
{
    if (knows_selector(context))
        write_data_selectors(context.ds, context.es, context.fs, context.gs);
    load_bases(context);
    context.rflags = (context.rflags & kAllowedFlags) | kForcedFlags;
}

void Machine::leave_context(UserContext& context)
{
    save_floating_point(&context.fx);
    if (has_data_selector() || knows_selector(context)) take_selectors(context);
}

void Machine::forget_context()
{
    loaded_context_ = nullptr;
    state_.quick_context = nullptr;
}

void Machine::take_selectors(UserContext& context)
{
    u64 const selectors = read_data_selectors();
    // A selector brings its base. They are rare, so nobody else finds any.
    auto const fs = static_cast<u16>(selectors >> 32);
    auto const gs = static_cast<u16>(selectors >> 48);
    if (fs != context.fs) context.fs_base = read_msr(kFsBase);
    if (gs != context.gs) context.gs_base = read_msr(kGsBase);
    context.ds = static_cast<u16>(selectors);
    context.es = static_cast<u16>(selectors >> 16);
    context.fs = fs;
    context.gs = gs;
    clear_data_selectors();
    forget_context();
}

// What a processor would have reported (guest/read_modify_write.h).
u32 Machine::corrected(u32 error_code, UserContext const& context) const
{
    constexpr u32 kOther = page_fault::kPresent | page_fault::kWrite | page_fault::kFetch;
    if (!is_emulated_ || (error_code & kOther) != 0) return error_code;
    u8 code[kMaximumInstruction] = {};
    usize const size =
        paging_.read_user(context.rip, {reinterpret_cast<std::byte*>(code), sizeof(code)});
    return modifies_memory({code, size}) ? error_code | page_fault::kWrite : error_code;
}

WayOut Machine::end_with(Trap const& trap)
{
    state_.trap = trap;
    return WayOut::None;
}

// A stopped clock looks at each return; so does what has a selector.
WayOut Machine::go_on(UserContext& context)
{
    load_context(context);
    bool const by_sysret = may_use_sysret(context);
    if (!by_sysret && !is_canonical(context.rip))
        return end_with({Trap::Kind::Exception, kGeneralProtection, 0, 0});
    if (state_.deadline < state_.armed || clock_.is_stopped()) arm_timer();
    bool const is_quick = !clock_.is_stopped() && !knows_selector(context);
    state_.quick_context = is_quick ? &context : nullptr;
    state_.quick_base_changes = context.base_changes;
    return by_sysret ? WayOut::BySysret : WayOut::ByIret;
}

WayOut Machine::prepare_user(UserContext& context, PhysAddr root)
{
    if (take_timer()) return end_with({});
    is_new_stretch_ = true;
    paging_.load_root(root);
    state_.quick_root = root.value;
    running_context_ = &context;
    return go_on(context);
}

WayOut Machine::left_user(u8 vector, u32 error_code)
{
    UserContext& context = *running_context_;
    u64 const fault_address = vector == kPageFault ? read_cr2() : 0;
    // SYSCALL has cleared AC, other entries keep the user's.
    bool const was_set = (context.rflags & rflags::kAlignmentCheck) != 0;
    if (has_access_flag_ && was_set) clear_access_flag();
    leave_context(context);
    if (vector < kFirstInterruptVector)
        return end_with(fault_trap(context, vector, error_code, fault_address));
    take_interrupt(vector);
    clock_.now();
    bool const is_due = take_timer();
    bool const had_input = has_input_;
    has_input_ = false;
    return is_due || had_input ? end_with({}) : go_on(context);
}

Trap Machine::fault_trap(UserContext const& context, u8 vector, u32 error_code, u64 fault_address)
{
    if (vector == kPageFault) {
        // What the kernel maps is no business of ring 3.
        if (fault_address >= kLowerHalfEnd) error_code &= ~page_fault::kPresent;
        return {Trap::Kind::PageFault, vector, corrected(error_code, context), fault_address};
    }
    if (vector == kNmi) fail("a non-maskable interrupt", 0);
    if (vector == kDoubleFault) fail("a double fault in user code", 0);
    if (vector == kMachineCheck) fail("a machine check", 0);
    u64 const address = vector == kDebug ? take_debug_status() : 0;
    return {Trap::Kind::Exception, vector, error_code, address};
}

// Rounded down, and thus never more than what passed.
ClockTimes Machine::times()
{
    Ticks const now = clock_.now();
    if (clock_.is_stopped()) return {now, user_passed_};
    return {now, clock_.length_of(state_.user_counts)};
}

bool Machine::idle()
{
    for (;;) {
        clock_.now();
        if (take_timer()) return true;
        bool const is_terminal = options_.console.is_terminal[0];
        if (!is_terminal && state_.deadline == kNever) return false;
        if (clock_.is_stopped() && !is_terminal) {
            clock_.pass_to(state_.deadline);
            continue;
        }
        if (is_terminal && (has_input_ || console_.receive())) {
            has_input_ = false;
            return true;
        }
        arm_timer();
        enable_interrupts_and_pause();
    }
}

// --- stacks, memory ------------------------------------------------------------------------------

bool Machine::prepare_stack(KernelStack& stack,
                            PhysAddr frames,
                            void (*entry)(void*),
                            void* argument)
{
    return stacks_.prepare(stack, frames, entry, argument);
}

// The context that ran on it may go now, and another come in its place.
void Machine::release_stack(KernelStack& stack)
{
    stacks_.release(stack);
    forget_context();
}

void Machine::flush_page(u64 cpu_mask, UserAddr page)
{
    if ((cpu_mask & 1) == 0) return;
    invalidate_page(page.value);
    record({EventKind::TlbFlush, 0, 0, page.value, 0, 0});
}

// The tables of an address space are freed after this: nothing of them stays in use.
void Machine::flush_all(u64 cpu_mask)
{
    if ((cpu_mask & 1) == 0) return;
    paging_.load_kernel_root();
    forget_context();
    record({EventKind::TlbFlush, 0, 0, kFlushOfEverything, 0, 0});
}

// --- outside world -------------------------------------------------------------------------------

ConsoleRead Machine::console_input(Bytes target)
{
    if (!options_.console.is_terminal[0]) {
        if (options_.is_input_streamed) {
            usize const size = target.is_empty() ? 0 : input_stream_.read(target);
            bool const is_end = size == 0 && !target.is_empty();
            return {is_end ? ConsoleRead::Status::EndOfFile : ConsoleRead::Status::Data, size};
        }
        if (input_left_ == 0) return {ConsoleRead::Status::EndOfFile, 0};
        usize const size = target.size() < input_left_ ? target.size() : input_left_;
        files_.read(target.first(size));
        input_left_ -= size;
        return {ConsoleRead::Status::Data, size};
    }
    console_.receive();
    usize const size = console_.take(target);
    console_.receive();
    return {size > 0 ? ConsoleRead::Status::Data : ConsoleRead::Status::Nothing, size};
}

bool Machine::console_output(ConsoleStream stream, ConstBytes bytes)
{
    bool const is_separate = stream == ConsoleStream::Error && options_.is_error_separate;
    (is_separate ? error_console_ : console_).write(bytes);
    return true;
}

// What nobody else is told of, and moves no clock, the door keeps by itself.
void Machine::decide_quick_kinds()
{
    platform_.ring().quick_kinds = 0;
    if (events_.is_open() || clock_.is_stopped()) return;
    constexpr u32 kNoticed = bit_of(EventKind::AvoidableFault) | bit_of(EventKind::Switch);
    platform_.ring().quick_kinds = ~kNoticed;
}

void Machine::record(Event const& event)
{
    platform_.ring().keep(event);
    if (events_.is_open()) events_.add(event, clock_.now());
    if (takes_time(event.kind)) clock_.pass_step();
    if (event.kind == EventKind::AvoidableFault) ++avoidable_faults_;
    if (event.kind == EventKind::Switch) current_tid_ = static_cast<u32>(event.a);
}

// The oracles look at a kernel that has stopped, and may call the door themselves: from a stack
// that no such call uses.
void Machine::halt(int status)
{
    exit_status_ = status & 255;
    halted_at_ = state_.kernel_stack_pointer;
    drydock_guest_enter_stack(reinterpret_cast<u64>(drydock_guest_report_stack_top), end_run, this);
}

void Machine::end_run(void* machine)
{
    Machine& self = *static_cast<Machine*>(machine);
    PayloadProblem const problem = check_payload(self.platform_.data({kKernelObjectAddress}));
    if (problem.count > 0) report_oracle(problem.count, problem.what, self.halted_at_);
    if (self.avoidable_faults_ > 0) {
        report_oracle(self.avoidable_faults_,
                      "faults on pages that were cached when their program was started",
                      self.halted_at_);
    }
    EventRecord record;
    record.kind = kRecordHalt;
    record.a = static_cast<u64>(self.exit_status_);
    record.time_ns = self.clock_.now();
    self.events_.add_last(record);
    power_off(
        static_cast<u8>(self.exit_status_ < kFailedExit ? self.exit_status_ : kFailedExit - 1));
}

void Machine::fail(StringView reason, u64 rbp)
{
    report_failure("the kernel gave up: ", reason, rbp);
}

}  // namespace drydock::guest
