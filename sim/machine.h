#pragma once

// The simulated machine behind the kernel's door: physical memory, the modelled CPU, virtual time,
// the console, the event log. Its public functions below "the door" are Platform's members as they
// run on the platform stack.

#include "hwmodel/cpu.h"
#include "hwmodel/physical_memory.h"
#include "sim/choice_source.h"
#include "sim/console.h"
#include "sim/cost_table.h"
#include "sim/event_log.h"
#include "sim/event_observer.h"
#include "sim/fiber.h"
#include "sim/kernel_stacks.h"
#include "sim/outcome.h"
#include "sim/platform_state.h"
#include "sim/stack/stack_watch.h"
#include "sim/statistics.h"
#include "sim/thread_pids.h"

#include <functional>

namespace drydock::sim {

struct MachineOptions {
    unsigned slot = 0;
    u64 memory_bytes = 0;
    StackMode stack_mode = StackMode::Guarded;
    bool check_tlb = false;
    // Audits the tables of what runs each time that the kernel goes back to user code.
    bool check_tables = false;
    // Width of the address-space tags, 1 to 12; 0: the machine has none.
    unsigned tag_bits = 0;
    // Null for reference_kvm_costs().
    CostTable const* costs = nullptr;
    u64 seed = 0;
    FaultPlan faults{};
    // Present: in place of what seed and fault plan decide (sim/choice_source.h).
    std::optional<RecordedChoices> recorded_choices{};
    u64 time_limit_ns = kNever;
    // The date at boot in seconds since 1970; 0 for that of every run that is to come again.
    u64 boot_seconds = 0;
    // Of the kernel, for /proc/cmdline; empty for kernel_words().
    std::string command_line{};
    // Called for each new invalid opcode of a user program.
    std::function<void(std::string const&)> on_invalid_opcode{};
};

// Thrown by Machine::finish() and caught at the door: unwinds what the call had built.
struct RunOver {};

struct StepLimits {
    u64 instructions = ~u64{0};
    u64 events = ~u64{0};
};

// Sees every record of a run.
class RecordWatch {
public:
    virtual ~RecordWatch() = default;
    // Right before a record is made, where its maker still is.
    virtual void will_see(u64 index) = 0;
    // True stops the machine right after the record, in the middle of the kernel, until the driver
    // steps on.
    virtual bool saw(TraceRecord const& record, u64 index) = 0;
};

class Machine final : private hwmodel::CpuEnvironment {
public:
    // The initramfs is copied into physical memory. Throws std::runtime_error.
    Machine(MachineOptions options, Console& console, ConstBytes initramfs);
    virtual ~Machine();
    Machine(Machine const&) = delete;
    Machine& operator=(Machine const&) = delete;

    // --- the door
    // ----------------------------------------------------------------------------------
    Trap run_user(UserContext& context, PhysAddr root);
    bool idle();
    bool prepare_stack(KernelStack& stack, PhysAddr frames, void (*entry)(void*), void* argument);
    void release_stack(KernelStack& stack);
    void flush_page(u64 cpu_mask, UserAddr page);
    void flush_all(u64 cpu_mask);
    MemoryLayout const& memory_layout() const { return layout_; }
    Ticks now() const { return clock_ps_ / 1000; }
    ClockTimes times() const { return {now(), user_time_}; }
    void add_user_time(Ticks time) { user_time_ += time; }
    void set_timer(Ticks deadline);
    u32 choose(Choice site, u32 count);
    void fill_entropy(Bytes target) { choices_.fill(target.data(), target.size()); }
    ConsoleMode console_mode() { return mode_; }
    ConsoleRead console_input(Bytes target);
    bool console_output(ConsoleStream stream, ConstBytes bytes)
    {
        return console_.write(stream, bytes);
    }
    void record(Event const& event);
    [[noreturn]] void halt(int status);
    [[noreturn]] void fail(std::string reason);

    // --- for the driver
    // ---------------------------------------------------------------------------- In a call
    // through the door: ends the run, by throwing RunOver. The first outcome stands.
    [[noreturn]] void finish(OutcomeKind kind, int status, std::string summary, std::string report);
    void set_outcome(OutcomeKind kind, int status, std::string summary, std::string report);
    // From inside, when the run is over: back to the driver for good.
    [[noreturn]] void leave_for_good();
    void set_step_limits(StepLimits limits);
    // Null: nobody looks. Borrowed.
    void set_watch(RecordWatch* watch) { watch_ = watch; }
    // Leaves to the driver when this virtual time is reached in user code or while idle.
    void set_pause_time(u64 time_ns);
    bool is_over() const { return outcome_.kind != OutcomeKind::Running; }
    Outcome& outcome() { return outcome_; }
    void fill(RunFigures& figures);
    // Told of each event and stack depth from here on; borrowed, null for nobody.
    void set_observer(EventObserver* observer) { observer_ = observer; }
    // Told of each use of a kernel stack. Before the first step; borrowed, null for nobody.
    void set_stack_watch(StackWatch* watch) { stack_watch_ = watch; }

    Platform& platform() { return platform_; }
    PlatformState& state() { return state_; }
    KernelStacks& stacks() { return stacks_; }
    KernelStack& boot_stack() { return boot_stack_; }
    EventLog& log() { return log_; }
    Gate& gate() { return gate_; }
    Console& console() { return console_; }
    hwmodel::PhysicalMemory& memory() { return memory_; }
    std::byte* kernel_object();
    u32 current_thread() const { return pids_.current_tid(); }
    // Of the thread that was in user code last, as it was when it left: what an observer of a call
    // may look at. Null before the first; with its root.
    UserContext const* last_context() const { return last_context_; }
    u64 last_root() const { return last_root_; }
    u64 user_instructions() const { return cpu_.retired(); }
    u64 process_count() const { return 1 + statistics_.events_of(EventKind::Fork); }
    // Changes whenever the run gets on; for the watch on kernels that loop.
    u64 progress() const { return log_.count() + entries_; }
    // The stacks that belong to the host side of this machine.
    u64 platform_stack_bottom() const { return host_stacks_; }
    u64 report_stack_top() const;
    void* service_stack_bottom() const;
    static constexpr u64 kPlatformStackSize = kMiB;
    static constexpr u64 kReportStackSize = kMiB;
    static constexpr u64 kServiceStackSize = kMiB;

private:
    u64 timestamp(u64 retired) override;
    void stale_translation(hwmodel::StaleTranslation const& stale) override;

    void begin_activity(u32 doing);
    void saw_depth(u64 stack, u32 what, u64 bytes);
    void note_begin(u64 stack, u64 base, u32 doing);
    void note_measurement(u64 stack);
    u64 instructions_until(u64 time_ps) const;
    u64 next_budget();
    hwmodel::CpuStop run_cpu(UserContext& context, PhysAddr root, u64 budget);
    void pause_if_due();
    bool take_timer();
    bool input_arrived();
    void audit_tables();
    void note_fault(hwmodel::CpuStop const& stop);
    bool take_input();
    TraceRecord& append();
    void watch_newest();
    void note_invalid_opcode(UserContext const& context, PhysAddr root);
    void record_input();
    void end_patience(u64 run);

    PlatformState state_{};
    MachineOptions options_;
    CostTable const& costs_;
    Console& console_;
    ConsoleMode mode_{};
    std::string command_line_{};
    hwmodel::PhysicalMemory memory_;
    hwmodel::Cpu cpu_;
    Platform platform_;
    u64 host_stacks_ = 0;
    KernelStacks stacks_;
    KernelStack boot_stack_{};
    MemoryLayout layout_{};
    ChoiceSource choices_;
    EventLog log_;
    Statistics statistics_;
    EventObserver* observer_ = nullptr;
    Gate gate_;
    Outcome outcome_{};

    u64 clock_ps_ = 0;
    Ticks user_time_ = 0;
    u64 deadline_ps_ = kNever;
    u64 limit_ps_ = kNever;
    u64 retired_at_entry_ = 0;
    u64 entries_ = 0;
    u64 last_root_ = ~u64{0};
    UserContext const* last_context_ = nullptr;
    // The last page fault, and how often it came back without an instruction in between.
    u64 fault_address_ = 0;
    u64 fault_retired_ = ~u64{0};
    u32 fault_error_ = 0;
    u32 fault_repeats_ = 0;
    u64 root_loads_ = 0;
    u64 page_flushes_ = 0;
    u64 full_flushes_ = 0;
    u64 input_check_left_ = 0;
    u64 patience_left_ = 0;  // Instructions; for a cost table in which they take no time.
    // Terminal input that the machine has noticed and the kernel has not taken yet.
    std::vector<std::byte> arrived_;
    usize arrived_taken_ = 0;
    bool input_ended_ = false;
    bool was_told_no_progress_ = false;
    u64 pause_at_instruction_ = ~u64{0};
    u64 pause_at_event_ = ~u64{0};
    u64 pause_at_ps_ = kNever;
    RecordWatch* watch_ = nullptr;
    StackWatch* stack_watch_ = nullptr;
    ThreadPids pids_{};
};

}  // namespace drydock::sim
