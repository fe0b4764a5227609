#include "sim/machine.h"

#include "core/kernel/kernel.h"
#include "sim/kernel_words.h"
#include "sim/machine_layout.h"
#include "sim/stack_notice.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/mman.h>

namespace drydock::sim {

namespace {

// While the input is a terminal, the host is asked for new input after this many instructions.
constexpr u64 kInputCheckInstructions = 1'000'000;
// The time-stamp counter of the modelled CPU: 4 GHz.
constexpr u64 kPicosecondsPerTick = 250;
// So that the counter and now() are one clock, without a rounding error.
static_assert((kPicosecondsPerTick << 32) % 1000 == 0);
// The most that one look at the terminal brings.
constexpr usize kInputChunk = 4096;
constexpr u64 kStackGap = kMiB;
// So often does a fault come back at once only in a kernel that does not resolve it.
constexpr u32 kMaximumFaultRepeats = 1000;
// How late a timer may come, where that is asked for.
constexpr u32 kTimerSteps = 16;
constexpr u64 kTimerStepPs = 100'000'000;  // 100 us.
// Where instructions take no time, user code that waits for a timer without a system call would
// wait for ever: after so many of them the timer is due.
constexpr u64 kPatienceInstructions = 400'000'000;

u64 map_host_stacks(u64 address, u64 size)
{
    void* const mapped = mmap(reinterpret_cast<void*>(address),
                              size,
                              PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
                              -1,
                              0);
    if (mapped != reinterpret_cast<void*>(address)) {
        throw std::runtime_error("the address range for the simulator's stacks is taken");
    }
    return address;
}

constexpr u64 kHostStacksSize = Machine::kPlatformStackSize + Machine::kReportStackSize +
                                Machine::kServiceStackSize + 3 * kStackGap;

constexpr u64 saturating_multiply(u64 value, u64 factor)
{
    return value > ~u64{0} / factor ? ~u64{0} : value * factor;
}

}  // namespace

Machine::Machine(MachineOptions options, Console& console, ConstBytes initramfs)
    : options_(std::move(options))
    , costs_(options_.costs != nullptr ? *options_.costs : reference_kvm_costs())
    , console_(console)
    , mode_(console.mode())
    , memory_(slot_base(options_.slot), memory_end(options_.memory_bytes))
    , cpu_(memory_, *this, hwmodel::CpuOptions{options_.check_tlb})
    , platform_(memory_.base(), &state_)
    , host_stacks_(map_host_stacks(slot_base(options_.slot) + kHostStacksOffset, kHostStacksSize))
    , stacks_(options_.stack_mode, slot_base(options_.slot) + kGuardedStacksOffset, memory_.base())
    , choices_({options_.seed, options_.faults, options_.recorded_choices})
{
    bool const has_hole = memory_.size() > options_.memory_bytes;
    u64 const first_free = page_ceil(kInitramfsAddress + initramfs.size());
    constexpr u64 kRoomToRun = 4 * kMiB;
    if (first_free + kRoomToRun > kHoleAddress) {
        constexpr u64 kLargest = kHoleAddress - kInitramfsAddress - kRoomToRun;
        throw std::runtime_error(fmt::format(
            "the file tree has {} MiB; the largest that fits below the hole at 3 GiB has {} MiB",
            (initramfs.size() + kMiB - 1) / kMiB,
            kLargest / kMiB));
    }
    if (first_free + kRoomToRun > memory_.size()) {
        throw std::runtime_error(
            "the file tree does not fit into the machine's memory; give more with --memory");
    }
    if (!initramfs.is_empty()) {
        std::memcpy(memory_.base() + kInitramfsAddress, initramfs.data(), initramfs.size());
    }
    layout_.first_free = {first_free};
    layout_.end = {memory_.size()};
    if (has_hole) {
        memory_.make_hole(kHoleAddress, kHoleEnd);
        layout_.holes[0] = {{kHoleAddress}, {kHoleEnd}};
        layout_.hole_count = 1;
    }
    layout_.initramfs = {kInitramfsAddress};
    layout_.initramfs_size = initramfs.size();
    layout_.wall_clock_seconds = options_.boot_seconds != 0 ? options_.boot_seconds : kBootSeconds;
    command_line_ = options_.command_line;
    if (command_line_.empty()) {
        command_line_ = kernel_words(mode_, options_.seed, options_.stack_mode);
    }
    layout_.command_line = command_line_.c_str();
    layout_.address_space_tags = (u64{1} << options_.tag_bits) - 1;
    layout_.clock = {0, (kPicosecondsPerTick << 32) / 1000, costs_.instruction != 0};
    forget_stack(host_stacks_, host_stacks_ + kHostStacksSize);
    state_.machine = this;
    state_.platform_stack_top = host_stacks_ + kStackGap + kPlatformStackSize;
    limit_ps_ = saturating_multiply(options_.time_limit_ns, 1000);
    input_check_left_ = kInputCheckInstructions;
    ASSERT(Kernel::object_size() <= kBootStackAddress - kKernelObjectAddress);
}

Machine::~Machine() { munmap(reinterpret_cast<void*>(host_stacks_), kHostStacksSize); }

u64 Machine::report_stack_top() const
{
    return host_stacks_ + 2 * kStackGap + kPlatformStackSize + kReportStackSize;
}

void* Machine::service_stack_bottom() const
{
    return reinterpret_cast<void*>(host_stacks_ + 3 * kStackGap + kPlatformStackSize +
                                   kReportStackSize);
}

std::byte* Machine::kernel_object() { return memory_.base() + kKernelObjectAddress; }

// --- user code -----------------------------------------------------------------------------------

void Machine::saw_depth(u64 stack, u32 what, u64 bytes)
{
    statistics_.saw_depth(what, bytes);
    if (observer_ != nullptr) observer_->saw_depth(what, bytes);
    if (stack_watch_ != nullptr) stack_watch_->used(stack, what, bytes);
}

void Machine::note_begin(u64 stack, u64 base, u32 doing)
{
    if (stack_watch_ != nullptr) stack_watch_->began({stack, base, doing});
}

void Machine::note_measurement(u64 stack)
{
    if (stack_watch_ != nullptr) stack_watch_->will_measure(stack);
}

// What the kernel does from here on, at the return from user code. The stack below the call through
// the door is still as the activity before left it.
void Machine::begin_activity(u32 doing)
{
    u64 const stack = state_.current_stack_private;
    // An observer wants to know about each, as soon as it can be told.
    bool const is_asked = observer_ != nullptr || stack_watch_ != nullptr;
    auto const when = is_asked ? StackMeasuring::Each : StackMeasuring::LastOfEqual;
    if (stacks_.begin(stack, doing, when)) {
        note_measurement(stack);
        u64 const used = stacks_.measure(state_.current_stack_base, state_.kernel_stack_pointer);
        saw_depth(stack, stacks_.finished(stack), used);
    }
    note_begin(stack, state_.current_stack_base, doing);
}

u64 Machine::instructions_until(u64 time_ps) const
{
    if (time_ps == kNever) return ~u64{0};
    if (time_ps <= clock_ps_) return 0;
    if (costs_.instruction == 0) return ~u64{0};
    return (time_ps - clock_ps_ + costs_.instruction - 1) / costs_.instruction;
}

bool Machine::take_timer()
{
    if (deadline_ps_ > clock_ps_) return false;
    deadline_ps_ = kNever;
    return true;
}

void Machine::pause_if_due()
{
    if (clock_ps_ >= limit_ps_) {
        finish(OutcomeKind::TimeLimit,
               kOracleStatus,
               fmt::format("the time limit of {} virtual seconds is over",
                           static_cast<double>(limit_ps_) / 1e12),
               {});
    }
    bool const is_due = cpu_.retired() >= pause_at_instruction_ ||
                        log_.count() >= pause_at_event_ || clock_ps_ >= pause_at_ps_;
    if (!is_due) return;
    gate_.leave();
}

u64 Machine::next_budget()
{
    u64 budget = std::min(instructions_until(deadline_ps_), instructions_until(limit_ps_));
    budget = std::min(budget, pause_at_instruction_ - cpu_.retired());
    budget = std::min(budget, instructions_until(pause_at_ps_));
    if (mode_.is_terminal[0]) budget = std::min(budget, input_check_left_);
    if (costs_.instruction == 0) budget = std::min(budget, patience_left_);
    return budget;
}

void Machine::end_patience(u64 run)
{
    patience_left_ -= std::min(patience_left_, run);
    if (patience_left_ > 0) return;
    patience_left_ = kPatienceInstructions;
    if (deadline_ps_ != kNever) clock_ps_ = std::max(clock_ps_, deadline_ps_);
}

hwmodel::CpuStop Machine::run_cpu(UserContext& context, PhysAddr root, u64 budget)
{
    u64 const retired = cpu_.retired();
    u64 const repeated = cpu_.repeated();
    retired_at_entry_ = retired;
    hwmodel::CpuStop stop;
    try {
        stop = cpu_.run(context, root.value, budget);
    } catch (std::exception const& error) {
        finish(OutcomeKind::KernelCrash,
               kOracleStatus,
               fmt::format("the machine cannot go on: {}", error.what()),
               {});
    }
    u64 const run = cpu_.retired() - retired;
    clock_ps_ += run * costs_.instruction + (cpu_.repeated() - repeated) * costs_.repetition;
    retired_at_entry_ = cpu_.retired();
    if (mode_.is_terminal[0]) input_check_left_ -= std::min(input_check_left_, run);
    if (costs_.instruction == 0 && stop.reason == hwmodel::CpuExit::Budget) end_patience(run);
    return stop;
}

bool Machine::input_arrived()
{
    if (!mode_.is_terminal[0] || input_check_left_ > 0) return false;
    input_check_left_ = kInputCheckInstructions;
    console_.flush();
    return take_input();
}

Trap Machine::run_user(UserContext& context, PhysAddr root)
{
    ++entries_;
    stacks_.finish(state_.current_stack_private);
    stacks_.thread(state_.current_stack_private) = pids_.current_tid();
    if (root.value != last_root_) {
        last_root_ = root.value;
        ++root_loads_;
        if (observer_ != nullptr) observer_->saw_root_load();
    }
    last_context_ = &context;
    patience_left_ = kPatienceInstructions;
    if (options_.check_tables) audit_tables();
    for (;;) {
        pause_if_due();
        if (take_timer() || input_arrived()) {
            begin_activity(kDoingInterrupt);
            return {};
        }
        hwmodel::CpuStop const stop = run_cpu(context, root, next_budget());
        switch (stop.reason) {
        case hwmodel::CpuExit::Budget: continue;
        case hwmodel::CpuExit::Syscall:
            begin_activity(context.reg(Gpr::Rax) < 512 ? static_cast<u32>(context.reg(Gpr::Rax))
                                                       : kDoingOutOfRange);
            return {Trap::Kind::Syscall, 0, 0, 0};
        case hwmodel::CpuExit::PageFault:
            begin_activity(kDoingFault);
            note_fault(stop);
            return {
                Trap::Kind::PageFault, hwmodel::vector::kPageFault, stop.error_code, stop.address};
        case hwmodel::CpuExit::Exception:
            begin_activity(kDoingFault);
            if (stop.vector == hwmodel::vector::kInvalidOpcode) note_invalid_opcode(context, root);
            return {Trap::Kind::Exception, stop.vector, stop.error_code, stop.address};
        }
    }
}

void Machine::audit_tables()
{
    char const* const wrong = Kernel::at(kernel_object()).audit_running_space();
    if (wrong == nullptr) return;
    finish(OutcomeKind::WrongTables,
           kOracleStatus,
           fmt::format("wrong memory map of process {}: {}", pids_.current_pid(), wrong),
           {});
}

void Machine::note_fault(hwmodel::CpuStop const& stop)
{
    bool const is_same = stop.address == fault_address_ && stop.error_code == fault_error_ &&
                         cpu_.retired() == fault_retired_;
    fault_repeats_ = is_same ? fault_repeats_ + 1 : 0;
    fault_address_ = stop.address;
    fault_error_ = stop.error_code;
    fault_retired_ = cpu_.retired();
    if (fault_repeats_ < kMaximumFaultRepeats) return;
    finish(OutcomeKind::NoProgress,
           kOracleStatus,
           fmt::format("no progress: the same fault {} times, at {:#x} with error code {}",
                       fault_repeats_,
                       fault_address_,
                       fault_error_),
           {});
}

void Machine::note_invalid_opcode(UserContext const& context, PhysAddr root)
{
    u32 const pid = pids_.current_pid();
    if (statistics_.is_known_invalid_opcode(pid, context.rip)) return;
    std::string const bytes = cpu_.describe_bytes(root.value, context.rip);
    statistics_.saw_invalid_opcode(pid, context.rip, bytes);
    if (!options_.on_invalid_opcode) return;
    console_.flush();
    options_.on_invalid_opcode(
        fmt::format("process {}: invalid instruction at {:#x}: {}", pid, context.rip, bytes));
}

bool Machine::idle()
{
    for (;;) {
        ++entries_;
        pause_if_due();
        console_.flush();
        if (take_timer()) return true;
        if (arrived_taken_ < arrived_.size()) return true;
        bool const may_get_input = mode_.is_terminal[0] && !input_ended_;
        if (!may_get_input && deadline_ps_ == kNever) {
            was_told_no_progress_ = true;
            return false;
        }
        u64 const until = std::min(std::min(deadline_ps_, limit_ps_), pause_at_ps_);
        if (!may_get_input) {
            clock_ps_ = until;
            continue;
        }
        // A person is at the terminal: waits take as long as they say.
        u64 const wait_ns = until == kNever ? kNever : (until - clock_ps_ + 999) / 1000;
        u64 const passed_ps =
            saturating_multiply(console_.wait_for_input(clock_ps_, wait_ns), 1000);
        clock_ps_ = until - clock_ps_ < passed_ps ? until : clock_ps_ + passed_ps;
        if (take_input()) return true;
        if (until != kNever) clock_ps_ = until;
    }
}

// --- stacks, memory, time ------------------------------------------------------------------------

bool Machine::prepare_stack(KernelStack& stack,
                            PhysAddr frames,
                            void (*entry)(void*),
                            void* argument)
{
    if (!stacks_.prepare(stack, frames, entry, argument)) return false;
    note_begin(stack.private_data, stack.base, kDoingStart);
    return true;
}

void Machine::release_stack(KernelStack& stack)
{
    u64 const number = stack.private_data;
    u32 const what = stacks_.unmeasured(number);
    note_measurement(number);
    saw_depth(number, what, stacks_.release(stack));
}

void Machine::flush_page(u64 cpu_mask, UserAddr page)
{
    if ((cpu_mask & 1) == 0) return;
    cpu_.flush_page(page.value);
    ++page_flushes_;
    record({EventKind::TlbFlush, 0, 0, page.value, 0, 0});
    clock_ps_ += costs_.flush_page;
}

void Machine::flush_all(u64 cpu_mask)
{
    if ((cpu_mask & 1) == 0) return;
    cpu_.flush_all();
    ++full_flushes_;
    record({EventKind::TlbFlush, 0, 0, kFlushOfEverything, 0, 0});
    clock_ps_ += costs_.flush_everything;
}

// A timer never comes early.
void Machine::set_timer(Ticks deadline)
{
    deadline_ps_ = saturating_multiply(deadline, 1000);
    if (deadline_ps_ >= kNever - kTimerSteps * kTimerStepPs) return;
    deadline_ps_ += choose(Choice::LateTimer, kTimerSteps) * kTimerStepPs;
}

u64 Machine::timestamp(u64 retired)
{
    u64 const time_ps = clock_ps_ + (retired - retired_at_entry_) * costs_.instruction;
    return time_ps / kPicosecondsPerTick;
}

void Machine::stale_translation(hwmodel::StaleTranslation const& stale)
{
    auto const rights = [](bool write, bool user, bool execute, bool dirty) {
        return fmt::format("{}{}{}{}",
                           write ? 'w' : '-',
                           user ? 'u' : '-',
                           execute ? 'x' : '-',
                           dirty ? 'd' : '-');
    };
    std::string const table = stale.is_present ? fmt::format("frame {:#x} {}",
                                                             stale.table_frame,
                                                             rights(stale.table_write,
                                                                    stale.table_user,
                                                                    stale.table_execute,
                                                                    stale.table_dirty))
                                               : std::string("nothing");
    finish(
        OutcomeKind::StaleTranslation,
        kOracleStatus,
        fmt::format("stale {} for {:#x}, used at rip {:#x} by thread {}",
                    stale.is_structure ? "paging-structure entry" : "translation",
                    stale.address,
                    stale.rip,
                    pids_.current_tid()),
        fmt::format(
            "  cached: frame {:#x} {}\n  tables: {}\n",
            stale.cached_frame,
            rights(stale.cached_write, stale.cached_user, stale.cached_execute, stale.cached_dirty),
            table));
}

// --- decisions, outside world --------------------------------------------------------------------

u32 Machine::choose(Choice site, u32 count)
{
    if (count <= 1) return 0;
    // A boot that fails is no test of anything: failures are injected once user code has run.
    if (site != Choice::NextThread && cpu_.retired() == 0) return 0;
    u32 const answer = choices_.choose(site, count);
    // Failure sites are asked at every allocation; only an answer that matters is worth a record.
    if (answer == 0 && site != Choice::NextThread) return 0;
    TraceRecord record;
    record.kind = kRecordChoice;
    record.tid = pids_.current_tid();
    record.pid = pids_.current_pid();
    record.a = static_cast<u64>(site) | u64{count} << 8;
    record.b = choices_.asked(site) - 1;
    record.c = answer;
    record.time_ns = now();
    append() = record;
    watch_newest();
    return answer;
}

void Machine::record_input()
{
    TraceRecord record;
    record.kind = kRecordInput;
    record.a = arrived_.size();
    record.b = clock_ps_;
    record.time_ns = now();
    append() = record;
    watch_newest();
    for (usize offset = 0; offset < arrived_.size(); offset += 24) {
        TraceRecord part;
        part.kind = kRecordInputBytes;
        u64 words[3] = {};
        std::memcpy(words, arrived_.data() + offset, std::min<usize>(24, arrived_.size() - offset));
        part.a = words[0];
        part.b = words[1];
        part.c = words[2];
        part.time_ns = record.time_ns;
        append() = part;
        watch_newest();
    }
}

// Terminal input becomes part of the run here and nowhere else: where the machine looks for it is a
// function of the run, so that time and bytes are all that a replay needs. Whether the kernel has
// something to look at that it did not have before.
bool Machine::take_input()
{
    if (input_ended_ || arrived_taken_ < arrived_.size()) return false;
    if (!console_.has_input(clock_ps_)) return false;
    arrived_.resize(kInputChunk);
    arrived_taken_ = 0;
    ConsoleRead const result = console_.read({arrived_.data(), arrived_.size()});
    arrived_.resize(result.status == ConsoleRead::Status::Data ? result.size : 0);
    if (result.status == ConsoleRead::Status::Nothing) return false;
    input_ended_ = result.status == ConsoleRead::Status::EndOfFile;
    record_input();
    return true;
}

ConsoleRead Machine::console_input(Bytes target)
{
    if (!mode_.is_terminal[0]) return console_.read(target);
    usize const size = std::min(target.size(), arrived_.size() - arrived_taken_);
    if (size == 0 && input_ended_) return {ConsoleRead::Status::EndOfFile, 0};
    if (size == 0) return {ConsoleRead::Status::Nothing, 0};
    std::memcpy(target.data(), arrived_.data() + arrived_taken_, size);
    arrived_taken_ += size;
    return {ConsoleRead::Status::Data, size};
}

// --- telling -------------------------------------------------------------------------------------

void Machine::record(Event const& event)
{
    TraceRecord& record = append();
    record.kind = static_cast<u32>(event.kind);
    record.pid = event.pid;
    record.tid = event.tid;
    record.reserved = 0;
    pids_.attribute(record);
    record.a = event.a;
    record.b = event.b;
    record.c = event.c;
    record.time_ns = now();
    statistics_.count(event, record.pid, record.time_ns);
    if (observer_ != nullptr) observer_->saw(record);
    if (stack_watch_ != nullptr && event.kind == EventKind::SyscallExit) {
        stacks_.finish(state_.current_stack_private);
        begin_activity(kDoingReturn);
    }
    watch_newest();
    if (event.kind == EventKind::Switch) pids_.switch_to(static_cast<u32>(event.a));
    clock_ps_ += cost_of(costs_, event);
}

TraceRecord& Machine::append()
{
    if (watch_ != nullptr) watch_->will_see(log_.count());
    return log_.append();
}

void Machine::watch_newest()
{
    if (watch_ == nullptr) return;
    if (watch_->saw(log_.newest(), log_.count() - 1)) gate_.leave();
}

void Machine::halt(int status)
{
    TraceRecord record;
    record.kind = kRecordHalt;
    record.a = static_cast<u64>(status);
    record.time_ns = now();
    append() = record;
    watch_newest();
    console_.flush();
    finish(
        OutcomeKind::Exited, status & 255, fmt::format("exited with status {}", status & 255), {});
}

void Machine::fail(std::string reason)
{
    if (was_told_no_progress_) {
        finish(OutcomeKind::NoProgress, kOracleStatus, kEveryThreadBlocked, {});
    }
    finish(OutcomeKind::KernelFailed, kOracleStatus, "the kernel gave up: " + reason, {});
}

void Machine::finish(OutcomeKind kind, int status, std::string summary, std::string report)
{
    set_outcome(kind, status, std::move(summary), std::move(report));
    throw RunOver{};
}

void Machine::set_outcome(OutcomeKind kind, int status, std::string summary, std::string report)
{
    if (!is_over()) outcome_ = {kind, status, std::move(summary), std::move(report)};
}

void Machine::leave_for_good()
{
    ASSERT(is_over());
    for (;;) gate_.leave();
}

void Machine::set_pause_time(u64 time_ns) { pause_at_ps_ = saturating_multiply(time_ns, 1000); }

void Machine::set_step_limits(StepLimits limits)
{
    u64 const retired = cpu_.retired();
    u64 const events = log_.count();
    pause_at_instruction_ =
        limits.instructions > ~retired ? ~u64{0} : retired + limits.instructions;
    pause_at_event_ = limits.events > ~events ? ~u64{0} : events + limits.events;
}

void Machine::fill(RunFigures& figures)
{
    stacks_.measure_finished([this](u32 what, u64 bytes) { statistics_.saw_depth(what, bytes); });
    statistics_.fill(figures);
    figures.events = log_.count();
    figures.trace_hash = log_.hash();
    figures.user_instructions = cpu_.retired();
    figures.virtual_ns = now();
    figures.root_loads = root_loads_;
    figures.page_flushes = page_flushes_;
    figures.full_flushes = full_flushes_;
}

}  // namespace drydock::sim
