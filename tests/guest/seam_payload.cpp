// The seam's contract on the image's side; or, by the program's name, an error of the kernel's own.

#include "guest/payload.h"
#include "tests/seam/contract.h"

namespace drydock::guest {

namespace {

constexpr int kFailed = 1, kReturned = 2;
constexpr u64 kPlantedLeak = 0x1eac;

void write(Platform& platform, StringView text)
{
    platform.console_output(ConsoleStream::Output,
                            {reinterpret_cast<std::byte const*>(text.data()), text.size()});
}

void write_number(Platform& platform, u64 number)
{
    char digits[20] = {};
    usize at = sizeof(digits);
    do {
        --at;
        digits[at] = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number > 0);
    write(platform, {digits + at, sizeof(digits) - at});
}

void run_contract(Platform& platform)
{
    static seam::Report report;
    seam::run_contract(platform, report);
    for (usize i = 0; i < report.failure_count && i < seam::Report::kMaximum; ++i) {
        seam::Failure const& failure = report.failures[i];
        write(platform, StringView::from_c_string(failure.test));
        write(platform, ":");
        write_number(platform, failure.line);
        write(platform, ": ");
        write(platform, StringView::from_c_string(failure.expression));
        write(platform, "\n");
    }
    write_number(platform, report.test_count);
    write(platform, " tests, ");
    write_number(platform, report.failure_count);
    write(platform, " failures\n");
    platform.halt(report.failure_count == 0 ? 0 : kFailed);
}

// A frame of 80 bytes on top of what the compiler needs, until the stack is over.
[[gnu::noinline]] u64 descend(u64 volatile* above, u64 depth)
{
    u64 volatile frame[10] = {depth};
    if (depth == ~u64{0}) return above[0];
    return descend(frame, depth + 1) + frame[0];
}

// One byte with the stack pointer there, `below` bytes under the lowest byte of the running stack.
[[gnu::noinline]] void touch_stack(u64 below)
{
    u64 const inside = reinterpret_cast<u64>(__builtin_frame_address(0));
    u64 const address = (inside & ~(u64{kKernelStackSize} - 1)) - below;
    asm volatile("movq %%rsp, %%rcx\n\t"
                 "movq %0, %%rsp\n\t"
                 "movb $1, (%%rsp)\n\t"
                 "movq %%rcx, %%rsp"
                 :
                 : "r"(address)
                 : "rcx", "memory");
}

[[gnu::noinline]] void store_at(u64 address) { *reinterpret_cast<u64 volatile*>(address) = 1; }

[[gnu::noinline]] void hold(Platform& platform, bool condition)
{
    ASSERT(condition);
    platform.now();
}

// No address: the processor can push neither the frame of the fault nor that of the fault in
// pushing it.
[[gnu::noinline]] void fault_without_stack()
{
    asm volatile("movabsq $0x800000001000, %%rsp\n\tpushq $1" : : : "memory");
}

struct [[gnu::packed]] NoTable {
    u16 limit = 0;
    u64 base = 0;
};

// The processor resets when it finds no handler for a double fault either.
[[gnu::noinline]] void fault_without_handlers()
{
    NoTable const none;
    asm volatile("lidt %0\n\tud2" : : "m"(none) : "memory");
}

}  // namespace

PayloadProblem check_payload(void* storage)
{
    return {*static_cast<u64*>(storage) == kPlantedLeak ? u64{3} : u64{0}, "planted things left"};
}

void run_payload(Platform& platform, void* storage, BootProgram const& program)
{
    u64 volatile top = 0;
    if (program.path == "contract") run_contract(platform);
    if (program.path == "overflow") top = descend(&top, 0);
    if (program.path == "touch-last") touch_stack(0);
    if (program.path == "touch-beyond") touch_stack(1);
    if (program.path == "store-null") store_at(8);
    if (program.path == "store-code") store_at(reinterpret_cast<u64>(&run_payload));
    if (program.path == "invalid") __builtin_trap();
    if (program.path == "assert") hold(platform, program.argument_count == 0);
    if (program.path == "double-fault") fault_without_stack();
    if (program.path == "triple-fault") fault_without_handlers();
    if (program.path == "leak") {
        *static_cast<u64*>(storage) = kPlantedLeak;
        platform.halt(0);
    }
    if (program.path == "fail") platform.fail("as asked");
    if (program.path == "deadlock") {
        if (!platform.idle()) platform.fail("nothing can ever happen");
    }
    if (program.path == "wait") {
        for (;;) platform.idle();
    }
    platform.halt(kReturned);
}

}  // namespace drydock::guest
