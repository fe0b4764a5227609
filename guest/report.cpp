#include "guest/report.h"

#include "core/platform/event_names.h"
#include "guest/instructions.h"
#include "guest/layout.h"
#include "guest/machine.h"
#include "guest/power.h"
#include "guest/report_writer.h"
#include "guest/stacks.h"

extern "C" {
extern drydock::u8 drydock_guest_image_start[];
extern drydock::u8 drydock_guest_text_end[];
}

namespace drydock::guest {

namespace {

constexpr usize kMaximumCalls = 64;
constexpr usize kEventsShown = 16;
constexpr usize kEventNameWidth = 16;
constexpr u8 kDoubleFault = 8, kPageFault = 14;

// The one pointer that an error handler has; it takes no arguments from who calls it.
Machine* reported_machine = nullptr;
bool is_reporting = false;

struct Range {
    u64 start = 0;
    u64 end = 0;
    bool holds(u64 address) const { return address >= start && address + 16 <= end; }
};

bool is_code(u64 address)
{
    return address >= reinterpret_cast<u64>(drydock_guest_image_start) &&
           address < reinterpret_cast<u64>(drydock_guest_text_end);
}

// Follows saved frame pointers, from the platform's stack to the thread's and upwards only.
void write_calls(ReportWriter& out, Machine& machine, u64 rbp)
{
    Range const platform{reinterpret_cast<u64>(drydock_guest_platform_stack),
                         reinterpret_cast<u64>(drydock_guest_platform_stack_top)};
    u64 const base = machine.state().current_stack_base;
    Range const kernel{base, base == 0 ? 0 : base + kKernelStackSize};
    for (usize i = 0; i < kMaximumCalls; ++i) {
        if (rbp % 8 != 0 || (!platform.holds(rbp) && !kernel.holds(rbp))) return;
        auto const* const frame = reinterpret_cast<u64 const*>(rbp);
        if (!is_code(frame[1])) return;
        out.text("    ");
        // A return address points behind the call, which may be a function's last instruction.
        out.place(frame[1], frame[1] - 1);
        bool const goes_up = frame[0] > rbp || (platform.holds(rbp) && kernel.holds(frame[0]));
        if (goes_up && (kernel.holds(rbp) || platform.holds(rbp))) {
            out.text("  frame ");
            out.decimal(frame[0] > rbp ? frame[0] - rbp : 0);
        }
        out.line();
        if (!goes_up) return;
        rbp = frame[0];
    }
}

// Bytes of the innermost frame; 0 if unknown. A function's first instruction pushes the frame
// pointer and its second sets it: until then its frame ends at the return address.
u64 innermost_frame(FaultFrame const& frame, u64 rbp)
{
    FunctionName const found = find_function(frame.rip);
    if (!found.name.is_empty() && found.offset <= 1) return 8 * found.offset + 8;
    return rbp + 16 > frame.rsp ? rbp + 16 - frame.rsp : 0;
}

// The number of the system call that the thread is in, as far as the kept events tell.
bool find_running_call(EventRing const& ring, u64& number)
{
    for (usize age = 0;; ++age) {
        KeptEvent const* const event = ring.find_kept(age);
        if (event == nullptr) return false;
        if (event->kind == static_cast<u32>(EventKind::SyscallEnter)) {
            number = event->a;
            return true;
        }
        if (event->kind == static_cast<u32>(EventKind::SyscallExit) ||
            event->kind == static_cast<u32>(EventKind::Switch)) {
            return false;
        }
    }
}

// In the words of the simulator (sim/crash_report.cpp).
void write_overflow(ReportWriter& out, Machine& machine, FaultFrame const& frame, u64 rbp)
{
    out.text("kernel stack overflow in ");
    FunctionName const function = find_function(frame.rip);
    if (function.name.is_empty()) out.hex(frame.rip);
    out.text(function.name);
    u64 call = 0;
    if (find_running_call(machine.ring(), call)) {
        out.text(" (system call ");
        out.decimal(call);
        out.text(")");
    }
    out.text(": a frame of ");
    out.decimal(innermost_frame(frame, rbp));
    out.text(" bytes, ");
    out.decimal(machine.state().current_stack_base - read_cr2());
    out.text(" bytes below the base of a stack of ");
    out.decimal(kKernelStackSize);
    out.text(", thread ");
    out.decimal(machine.current_thread());
}

void write_events(ReportWriter& out, Machine& machine)
{
    out.text("  last events (pid tid a b c; 0 0 is the thread that ran):\r\n");
    for (usize age = kEventsShown; age > 0; --age) {
        KeptEvent const* const event = machine.ring().find_kept(age - 1);
        if (event == nullptr) continue;
        out.text("    ");
        if (event->kind < kEventKindCount) {
            StringView const name = StringView::from_c_string(kEventNames[event->kind]);
            out.text(name);
            for (usize i = name.size(); i < kEventNameWidth; ++i) out.text(" ");
        } else {
            out.decimal(event->kind);
            out.text(" ");
        }
        out.decimal(event->pid);
        out.text(" ");
        out.decimal(event->tid);
        u64 const values[] = {event->a, event->b, event->c};
        for (u64 const value : values) {
            out.text(" ");
            out.hex(value);
        }
        out.line();
    }
}

void write_registers(ReportWriter& out, FaultRegisters const& registers, FaultFrame const& frame)
{
    constexpr StringView kNames[16] = {"rax",
                                       "rcx",
                                       "rdx",
                                       "rbx",
                                       "rsp",
                                       "rbp",
                                       "rsi",
                                       "rdi",
                                       "r8 ",
                                       "r9 ",
                                       "r10",
                                       "r11",
                                       "r12",
                                       "r13",
                                       "r14",
                                       "r15"};
    out.text("  rip ");
    out.place(frame.rip, frame.rip);
    out.text("\r\n  rflags ");
    out.hex(frame.rflags);
    out.text("  cr2 ");
    out.hex(read_cr2());
    out.text("  cr3 ");
    out.hex(read_cr3());
    for (usize i = 0; i < 16; ++i) {
        out.text(i % 4 == 0 ? StringView{"\r\n  "} : StringView{"  "});
        out.text(kNames[i]);
        out.text(" ");
        out.hex(i == static_cast<usize>(Gpr::Rsp) ? frame.rsp : registers.gpr[i]);
    }
    out.line();
}

Machine& begin_report()
{
    if (reported_machine == nullptr || is_reporting) power_off(kFailedExit);
    is_reporting = true;
    return *reported_machine;
}

[[noreturn]] void end_report(Machine& machine)
{
    EventRecord record;
    record.kind = kRecordFailed;
    record.a = kFailedExit;
    machine.events().add_last(record);
    power_off(kFailedExit);
}

}  // namespace

void set_reported_machine(Machine& machine) { reported_machine = &machine; }

void report_exception(FaultRegisters const& registers, FaultFrame const& frame)
{
    Machine& machine = begin_report();
    ReportWriter out{machine.serial()};
    PlatformState const& state = machine.state();
    u64 const rbp = registers.gpr[static_cast<usize>(Gpr::Rbp)];
    bool const is_stack_fault = frame.vector == kPageFault || frame.vector == kDoubleFault;
    bool const is_overflow = is_stack_fault && state.current_stack_base != 0 &&
                             machine.stacks().is_in_gap(read_cr2(), state.current_stack_base);
    out.text("\r\ndrydock: ");
    if (is_overflow) {
        write_overflow(out, machine, frame, rbp);
    } else {
        out.text("exception ");
        out.decimal(frame.vector);
        out.text(" in the kernel, error code ");
        out.hex(frame.error_code, 8);
        out.text(", thread ");
        out.decimal(machine.current_thread());
    }
    out.line();
    write_registers(out, registers, frame);
    out.text("  called from:\r\n");
    write_calls(out, machine, rbp);
    write_events(out, machine);
    end_report(machine);
}

namespace {

// What is left of the registers at the call that failed: those that a function gives back.
void write_registers_at(ReportWriter& out, u64 rbp, SavedRegisters const* saved)
{
    auto const* const frame = reinterpret_cast<u64 const*>(rbp);
    out.text("  rip ");
    out.place(frame[1], frame[1] - 1);
    out.text("\r\n  rsp ");
    out.hex(rbp + 16);
    out.text("  rbp ");
    out.hex(frame[0]);
    out.text("  cr2 ");
    out.hex(read_cr2());
    out.text("  cr3 ");
    out.hex(read_cr3());
    out.line();
    if (saved == nullptr) return;
    constexpr StringView kNames[] = {"  rbx ", "  r12 ", "  r13 ", "  r14 ", "  r15 "};
    u64 const values[] = {saved->rbx, saved->r12, saved->r13, saved->r14, saved->r15};
    for (usize i = 0; i < 5; ++i) {
        out.text(kNames[i]);
        out.hex(values[i]);
    }
    out.line();
}

[[noreturn]] void finish_failure(Machine& machine,
                                 ReportWriter& out,
                                 u64 rbp,
                                 SavedRegisters const* saved)
{
    out.text(", thread ");
    out.decimal(machine.current_thread());
    out.line();
    if (rbp != 0) write_registers_at(out, rbp, saved);
    out.text("  called from:\r\n");
    write_calls(out, machine, rbp);
    write_events(out, machine);
    end_report(machine);
}

}  // namespace

void report_assertion(Assertion const& assertion, u64 rbp, SavedRegisters const& saved)
{
    Machine& machine = begin_report();
    ReportWriter out{machine.serial()};
    out.text("\r\ndrydock: assertion failed: ");
    out.text(StringView::from_c_string(assertion.expression));
    out.text(" (");
    out.text(StringView::from_c_string(assertion.file));
    out.text(":");
    out.decimal(assertion.line);
    out.text(")");
    finish_failure(machine, out, rbp, &saved);
}

void report_failure(StringView what, StringView details, u64 rbp)
{
    Machine& machine = begin_report();
    ReportWriter out{machine.serial()};
    out.text("\r\ndrydock: ");
    out.text(what);
    out.text(details);
    finish_failure(machine, out, rbp, nullptr);
}

void report_oracle(u64 count, StringView what, u64 rbp)
{
    Machine& machine = begin_report();
    ReportWriter out{machine.serial()};
    out.text("\r\ndrydock: oracle: ");
    out.decimal(count);
    out.text(" ");
    out.text(what);
    finish_failure(machine, out, rbp, nullptr);
}

}  // namespace drydock::guest
