// From the first C++ instruction to the kernel's first.

#include "core/kernel/kernel.h"
#include "guest/entry.h"
#include "guest/instructions.h"
#include "guest/machine.h"
#include "guest/payload.h"
#include "guest/power.h"
#include "guest/report.h"
#include "guest/stacks.h"

#include <new>

extern "C" {
[[noreturn]] void drydock_guest_main(drydock::u64 loader_info, drydock::u32 loader);
}

namespace drydock::guest {

namespace {

constexpr u16 kFirstSerialPort = 0x3f8, kSecondSerialPort = 0x2f8, kThirdSerialPort = 0x3e8;

// Intel SDM vol. 3, 2.5: control register 4.
constexpr u64 kGlobalPages = 1u << 7, kFxsr = 1u << 9, kSimdExceptions = 1u << 10;
constexpr u64 kUserModePrevention = 1u << 11, kSmep = 1u << 20, kSmap = 1u << 21;
// CPUID leaf 7.
constexpr u32 kHasSmep = 1u << 7, kHasSmap = 1u << 20, kHasUserModePrevention = 1u << 2;

constexpr u32 kStar = 0xc000'0081, kLstar = 0xc000'0082, kSyscallMask = 0xc000'0084;
// All that SYSCALL clears in the flags, as Linux has it: status, TF, IF, DF, IOPL, NT, RF, AC, ID.
constexpr u64 kClearedFlags = 0x25'7fd5;

// QEMU, target/i386/cpu.c: the signature stands there even when the CPU does not announce a
// hypervisor.
bool is_tcg()
{
    CpuidResult const leaf = cpuid(0x4000'0000);
    return leaf.ebx == 0x5447'4354 && leaf.ecx == 0x4354'4743 && leaf.edx == 0x4743'5447;
}

[[gnu::section(".bss.machine")]] alignas(Machine) std::byte machine_storage[sizeof(Machine)];

}  // namespace

Machine::Machine()
    : console_(kFirstSerialPort)
    , error_console_(kSecondSerialPort)
    , input_stream_(kThirdSerialPort)
    , stacks_(paging_, StackMode::Guarded)
    , random_(0)
    , platform_(reinterpret_cast<std::byte*>(kDirectMapBase), &state_)
{}

void Machine::start_processor()
{
    descriptors_.load();
    u64 features = read_cr4() | kGlobalPages | kFxsr | kSimdExceptions;
    if (cpuid(0).eax >= 7) {
        CpuidResult const leaf = cpuid(7);
        if ((leaf.ebx & kHasSmep) != 0) features |= kSmep;
        if ((leaf.ebx & kHasSmap) != 0) features |= kSmap;
        if ((leaf.ecx & kHasUserModePrevention) != 0) features |= kUserModePrevention;
    }
    is_emulated_ = is_tcg();
    has_access_flag_ = (features & kSmap) != 0;
    write_cr4(features);
    write_msr(kStar, u64{kSysretBase} << 48 | u64{kKernelCode} << 32);
    write_msr(kLstar, reinterpret_cast<u64>(&drydock_guest_syscall_entry));
    write_msr(kSyscallMask, kClearedFlags);
}

void Machine::read_boot_info(LoaderKind loader, u64 address)
{
    StringView const error = loader == LoaderKind::Multiboot
                                 ? read_multiboot_info(address, boot_info_)
                                 : read_start_info(address, boot_info_);
    if (!error.is_empty()) fail(error, 0);
    SoftOff way;
    if (find_soft_off(boot_info_.acpi, way)) set_soft_off(way);
}

void Machine::read_options()
{
    StringView error = options_.read({boot_info_.command_line, boot_info_.command_line_size});
    if (options_.is_error_separate) error_console_.start();
    if (!error.is_empty()) fail(error, 0);
    files_.start();
    FirmwareFiles::File const program = files_.find("opt/drydock/program");
    if (program.is_there) {
        if (program.size > kStringsSize) fail("opt/drydock/program is too long", 0);
        u64 const initramfs = boot_info_.initramfs;
        bool const is_free = boot_info_.initramfs_size == 0 || initramfs >= kBootStackAddress ||
                             initramfs + boot_info_.initramfs_size <= kStringsAddress;
        if (!is_free) fail("the loader has put the initramfs below 4 MiB", 0);
        files_.open(program);
        Bytes const strings{reinterpret_cast<std::byte*>(kDirectMapBase + kStringsAddress),
                            program.size};
        files_.read(strings);
        error = options_.read_program(strings);
        if (!error.is_empty()) fail(error, 0);
    }
    error = options_.complete(program_);
    if (!error.is_empty()) fail(error, 0);
    FirmwareFiles::File const input = files_.find("opt/drydock/input");
    if (input.is_there) {
        files_.open(input);
        input_left_ = input.size;
    }
}

// Puts the initramfs where the simulator has it, if there is room, and names what is left. While
// the boot's tables map all that a loader uses.
void Machine::place_memory()
{
    MemoryMap& memory = boot_info_.memory;
    if (!memory.holds(kImageAddress, kInitramfsAddress)) fail("no memory from 1 to 4 MiB", 0);
    EventTarget const& target = options_.events;
    bool const has_ring = target.kind == EventTarget::Kind::Memory;
    u64 const ring_end = target.address + target.size;
    bool const is_sound = target.address >= kInitramfsAddress && target.size <= kReach &&
                          target.address % kPageSize == 0 && target.size >= 2 * kPageSize &&
                          memory.holds(target.address, ring_end) && ring_end <= kReach;
    if (has_ring && !is_sound) fail("drydock.events= is not in free memory from 4 MiB to 4 GiB", 0);
    memory.remove(options_.memory_limit < kMaximumAddress ? options_.memory_limit : kMaximumAddress,
                  ~u64{0});
    if (has_ring) memory.add(target.address, ring_end);
    place_initramfs(has_ring ? MemoryRange{{target.address}, {ring_end}} : MemoryRange{});

    ASSERT(Kernel::object_size() <= kMachineAddress - kKernelObjectAddress);
    ASSERT(reinterpret_cast<u64>(this) == kKernelBase + kMachineAddress);
    PhysAddr const spare{page_ceil(kKernelObjectAddress + Kernel::object_size())};
    paging_.start(memory, spare, {kMachineAddress});
    std::byte* const ring = reinterpret_cast<std::byte*>(kDirectMapBase + target.address);
    events_.start(target, has_ring ? ring : nullptr);
}

// Not into the ring of events.
void Machine::place_initramfs(MemoryRange ring)
{
    MemoryMap memory = boot_info_.memory;
    memory.remove(0, kInitramfsAddress);
    memory.remove(ring.first.value, ring.end.value);
    u64 const size = boot_info_.initramfs_size;
    u64 const place = memory.find(size);
    if (place != 0 && size > 0 && place + size <= kReach) {
        memmove(
            reinterpret_cast<void*>(place), reinterpret_cast<void*>(boot_info_.initramfs), size);
        memory.remove(place, place + size);
    }
    bool const has_room = place != 0 && place + size <= kReach;
    if (!has_room || memory.total_bytes() < 4 * kMiB) {
        fail("the initramfs does not fit into memory", 0);
    }
    layout_.initramfs = {place};
    layout_.initramfs_size = size;
    layout_.first_free = memory[0].first;
    layout_.end = memory[memory.count() - 1].end;
    layout_.hole_count = memory.count() - 1;
    for (usize i = 0; i < layout_.hole_count; ++i) {
        layout_.holes[i] = {memory[i].end, memory[i + 1].first};
    }
    layout_.command_line = boot_info_.whole_command_line;
    layout_.wall_clock_seconds = options_.has_date ? options_.date : read_battery_clock();
}

void Machine::start(LoaderKind loader, u64 address)
{
    set_reported_machine(*this);
    state_.platform_stack_top = reinterpret_cast<u64>(drydock_guest_platform_stack_top);
    state_.machine = this;
    console_.start();
    start_processor();
    read_boot_info(loader, address);
    read_options();
    place_memory();
    new (&stacks_) KernelStacks(paging_, options_.stack_mode);
    new (&random_) Random(options_.seed);
    if (options_.is_input_streamed) input_stream_.start();
    apic_.start(paging_);
    start_interrupt_lines(paging_, apic_.id());
    clock_.start(apic_);
    if (options_.clock_step != 0) clock_.stop(options_.clock_step);
    decide_quick_kinds();
    layout_.clock = clock_.parameters();
    layout_.clock.is_user_readable = options_.has_user_clock && !clock_.is_stopped();
    if (options_.console.is_terminal[0]) console_.enable_receive_interrupt();
    boot_kernel();
}

void Machine::run_kernel(void* machine)
{
    Machine& self = *static_cast<Machine*>(machine);
    std::byte* const storage = self.platform_.data({kKernelObjectAddress});
    run_payload(self.platform_, storage, self.program_);
}

void Machine::boot_kernel()
{
    if (!stacks_.prepare(boot_stack_, {kBootStackAddress}, nullptr, nullptr)) {
        fail("no room for the boot stack", 0);
    }
    state_.current_stack_base = boot_stack_.base;
    state_.current_stack_private = boot_stack_.private_data;
    drydock_guest_enter_stack(boot_stack_.base + kKernelStackSize, run_kernel, this);
}

}  // namespace drydock::guest

void drydock_guest_main(drydock::u64 loader_info, drydock::u32 loader)
{
    using drydock::guest::Machine;
    auto* const machine = new (drydock::guest::machine_storage) Machine;
    machine->start(static_cast<drydock::guest::LoaderKind>(loader), loader_info);
}
