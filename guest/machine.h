#pragma once

// The bare machine behind the kernel's door. Its public functions below "the door" are Platform's
// members as they run on the platform stack, with interrupts off: those arrive only in run_user()
// and idle().

#include "core/platform/platform.h"
#include "guest/boot_info.h"
#include "guest/clock.h"
#include "guest/descriptors.h"
#include "guest/entry.h"
#include "guest/event_channel.h"
#include "guest/firmware_files.h"
#include "guest/input_stream.h"
#include "guest/kernel_stacks.h"
#include "guest/local_apic.h"
#include "guest/options.h"
#include "guest/paging.h"
#include "guest/platform_state.h"
#include "guest/random.h"
#include "guest/serial.h"

namespace drydock::guest {

class Machine {
public:
    Machine();
    Machine(Machine const&) = delete;
    Machine& operator=(Machine const&) = delete;

    // Brings everything up from what the loader said, and boots the kernel on its first stack.
    [[noreturn]] void start(LoaderKind loader, u64 address);

    // --- the door
    // ----------------------------------------------------------------------------------
    // The parts of run_user(): what comes before user code runs, and what after an exception or
    // interrupt. With WayOut::None the state's `trap` says why.
    WayOut prepare_user(UserContext& context, PhysAddr root);
    WayOut left_user(u8 vector, u32 error_code);
    // Some data selector is not null, or was not.
    void take_selectors(UserContext& context);
    bool idle();
    bool prepare_stack(KernelStack& stack, PhysAddr frames, void (*entry)(void*), void* argument);
    void release_stack(KernelStack& stack);
    void flush_page(u64 cpu_mask, UserAddr page);
    void flush_all(u64 cpu_mask);
    MemoryLayout const& memory_layout() const { return layout_; }
    Ticks now() { return clock_.now(); }
    ClockTimes times();
    void set_timer(Ticks deadline) { state_.deadline = deadline; }
    u32 choose(Choice /*site*/, u32 /*count*/) { return 0; }
    void fill_entropy(Bytes target) { random_.fill(target); }
    ConsoleMode console_mode() { return options_.console; }
    ConsoleRead console_input(Bytes target);
    bool console_output(ConsoleStream stream, ConstBytes bytes);
    void record(Event const& event);
    [[noreturn]] void halt(int status);
    [[noreturn]] void fail(StringView reason, u64 rbp);

    // --- for interrupts and reports
    // ----------------------------------------------------------------
    void take_interrupt(u8 vector);
    // Where a report goes: with standard error.
    Serial& serial() { return options_.is_error_separate ? error_console_ : console_; }
    EventChannel& events() { return events_; }
    KernelStacks& stacks() { return stacks_; }
    PlatformState& state() { return state_; }
    EventRing const& ring() { return platform_.ring(); }
    u32 current_thread() const { return current_tid_; }

private:
    void start_processor();
    void read_boot_info(LoaderKind loader, u64 address);
    void read_options();
    void place_memory();
    void place_initramfs(MemoryRange ring);
    [[noreturn]] void boot_kernel();
    static void run_kernel(void* machine);

    [[noreturn]] static void end_run(void* machine);

    void arm_timer();
    void end_patience();
    bool take_timer();
    void decide_quick_kinds();
    void load_bases(UserContext const& context);
    void load_context(UserContext& context);
    void leave_context(UserContext& context);
    WayOut go_on(UserContext& context);
    WayOut end_with(Trap const& trap);
    void forget_context();
    // Why user code could not go on. A fault's address is CR2's.
    Trap fault_trap(UserContext const& context, u8 vector, u32 error_code, u64 fault_address);
    u32 corrected(u32 error_code, UserContext const& context) const;
    bool may_use_sysret(UserContext const& context) const;

    PlatformState state_{};
    Serial console_;
    Serial error_console_;
    InputStream input_stream_;
    BootInfo boot_info_{};
    Descriptors descriptors_{};
    Paging paging_{};
    FirmwareFiles files_{};
    Options options_{};
    BootProgram program_{};
    MemoryLayout layout_{};
    LocalApic apic_{};
    Clock clock_{};
    KernelStacks stacks_;
    KernelStack boot_stack_{};
    EventChannel events_{};
    Random random_;
    Platform platform_;

    bool has_access_flag_ = false;            // SMAP: CLAC exists.
    bool is_emulated_ = false;                // By QEMU's TCG.
    Ticks user_passed_ = 0;                   // With a stopped clock: what user code waited for.
    bool is_new_stretch_ = false;             // Of user code, since the timer's last interrupt.
    UserContext* running_context_ = nullptr;  // Of run_user().
    UserContext const* loaded_context_ = nullptr;
    u64 loaded_base_changes_ = 0;
    u64 loaded_fs_base_ = 0;
    u64 loaded_gs_base_ = 0;
    bool has_input_ = false;  // Arrived since the kernel was last told.
    u64 input_left_ = 0;      // Of the file that stands for input that is no terminal.
    u32 current_tid_ = 0;
    int exit_status_ = 0;
    u64 halted_at_ = 0;  // Where the call chain of the last call through the door starts.
    u64 avoidable_faults_ = 0;
};

}  // namespace drydock::guest
