// What the oracles ask of a kernel that has stopped.

#include "core/kernel/kernel.h"

namespace drydock {

namespace {

// References to each frame, as far as they can be counted from the tables.
struct Counting {
    FrameAllocator& frames;
    u16* counts;
    u64 first_frame;
    u64 frame_count;
    u64 tables = 0;
};

void count_frame(PhysAddr frame, bool is_table, void* argument)
{
    auto& counting = *static_cast<Counting*>(argument);
    if (is_table) ++counting.tables;
    u64 const index = (frame.value >> kPageShift) - counting.first_frame;
    if (!counting.frames.owns(frame) || index >= counting.frame_count) return;
    if (counting.counts[index] < 0xffff) ++counting.counts[index];
}

void check_frame(Counting& counting, u64 index, Audit& audit)
{
    PhysAddr const frame{(counting.first_frame + index) << kPageShift};
    if (!counting.frames.owns(frame)) return;
    FrameUse const use = counting.frames.use(frame);
    u32 const references = counting.frames.references(frame);
    u32 const counted = counting.counts[index];
    u32 expected = counted;
    if (use == FrameUse::FileCache) {
        // The cache itself holds one.
        expected = counted + 1;
    } else if (use != FrameUse::Anonymous && use != FrameUse::PageTable) {
        // Nobody's tables may refer to these.
        if (counted == 0) return;
    } else if (counted == 0 && references > 0) {
        ++audit.leaked_frames;
    }
    if (references == expected) return;
    if (audit.wrong_reference_counts == 0) audit.first_wrong_frame = frame.value;
    ++audit.wrong_reference_counts;
}

// Appends text and numbers to a fixed room.
class Report {
public:
    explicit Report(Span<char> target) : target_(target) {}
    void add(StringView text)
    {
        for (char const character : text) {
            if (used_ < target_.size()) target_[used_++] = character;
        }
    }
    void add(u64 number)
    {
        char digits[20] = {};
        usize count = 0;
        do {
            digits[count++] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number > 0);
        while (count > 0) {
            --count;
            add(StringView{&digits[count], 1});
        }
    }
    StringView text() const { return {target_.data(), used_}; }

private:
    Span<char> target_;
    usize used_ = 0;
};

StringView state_name(Thread::State state)
{
    switch (state) {
    case Thread::State::New: return "new";
    case Thread::State::Ready: return "ready";
    case Thread::State::Running: return "running";
    case Thread::State::Blocked: return "blocked";
    case Thread::State::Stopped: return "stopped";
    case Thread::State::Dead: return "dead";
    }
    UNREACHABLE();
}

}  // namespace

Audit Kernel::audit()
{
    Audit audit;
    audit.frames = frames_.counts();
    audit.heap_objects = heap_.live_objects();
    audit.processes = processes_.process_count();
    // Stacks belong to threads that the scheduler knows.
    u64 const stacks = u64{scheduler_.thread_count()} << kKernelStackOrder;
    if (audit.frames.stack > stacks) audit.leaked_frames += audit.frames.stack - stacks;
    u64 held = 0;
    for (FrameHolder& holder : frames_.holders()) held += holder.held_frames();
    if (audit.frames.pipe > held) audit.leaked_frames += audit.frames.pipe - held;

    MemoryLayout const& layout = platform_.memory_layout();
    u64 const first = layout.first_free.value >> kPageShift;
    u64 const count = (layout.end.value >> kPageShift) - first;
    unsigned order = 0;
    while ((kPageSize << order) < count * sizeof(u16)) ++order;
    constexpr unsigned kLargestOrder = 10;
    if (order > kLargestOrder) return audit;
    Result<PhysAddr> scratch = frames_.allocate(FrameUse::Heap, order, true);
    if (scratch.is_error()) return audit;
    auto* const counts = reinterpret_cast<u16*>(frames_.data(scratch.value()));
    Counting counting{frames_, counts, first, count};
    for (Process* process = processes_.next_at_or_above(0); process != nullptr;
         process = processes_.next_at_or_above(process->pid() + 1)) {
        if (!process->space) continue;
        // vfork: the memory is the parent's, who is counted.
        bool is_counted = false;
        for (Process* other = processes_.next_at_or_above(0); other != process;
             other = processes_.next_at_or_above(other->pid() + 1)) {
            is_counted |= other->space == process->space;
        }
        if (!is_counted) process->space->for_each_frame(count_frame, &counting);
    }
    for (u64 index = 0; index < count; ++index) check_frame(counting, index, audit);
    frames_.free(scratch.value(), order);
    return audit;
}

char const* Kernel::audit_running_space()
{
    ASSERT(scheduler_.current() != nullptr);
    if (!frames_.clean_frames_are_zero()) return "a free frame that is said to be all zeros is not";
    return static_cast<UserThread*>(scheduler_.current())->space().audit();
}

StringView Kernel::describe_threads(Span<char> target)
{
    Report report(target);
    for (Thread& entry : scheduler_.threads()) {
        auto& thread = static_cast<UserThread&>(entry);
        report.add("pid ");
        report.add(u64{thread.process().pid()});
        report.add(" tid ");
        report.add(u64{thread.tid()});
        report.add(" (");
        report.add(StringView::from_c_string(thread.name));
        report.add("): ");
        report.add(state_name(thread.state()));
        if (thread.waiting_for() != nullptr) {
            report.add(", waits for ");
            report.add(StringView::from_c_string(thread.waiting_for()));
        }
        report.add("\n");
    }
    return report.text();
}

}  // namespace drydock
