#pragma once

// The only door between the kernel and the world: a concrete class whose members each program
// defines once, the simulator in sim/ and the image in guest/. A missing one is a link error.
// Nothing above this line may ask which side it is on.
//
// Every member but the inline accessors runs on a stack of the platform's own: a call costs a
// kernel stack its arguments' frame and 64 bytes, on both sides.

#include "core/base/address.h"
#include "core/base/span.h"
#include "core/base/x86_state.h"
#include "core/platform/choice.h"
#include "core/platform/event.h"
#include "core/platform/event_ring.h"
#include "core/platform/trap.h"

namespace drydock {

inline constexpr usize kKernelStackSize = 16384;
inline constexpr unsigned kKernelStackOrder = 2;

// The user-visible registers of one thread.
using UserContext = X86State;

// A thread's kernel stack. `frames` is the first of its four adjacent frames; where the platform
// keeps guarded stacks elsewhere the frames back it or stand for it. Opaque otherwise.
struct KernelStack {
    PhysAddr frames{};
    u64 base = 0;                   // Lowest usable address; base + kKernelStackSize is the top.
    void* stack_pointer = nullptr;  // Where the stopped thread continues.
    u64 private_data = 0;
};

// Nanoseconds since boot.
using Ticks = u64;
inline constexpr Ticks kNever = ~Ticks{0};

// One moment: the time, and how much of the time since boot was spent in user code.
struct ClockTimes {
    Ticks now = 0;
    Ticks user = 0;  // Never more than run_user() took.
};

// Input and output of the machine's console as separate streams. A stream that is a terminal goes
// through the kernel's line discipline; one that is not behaves as a pipe to the outside.
enum class ConsoleStream : u8 { Input = 0, Output = 1, Error = 2 };

struct ConsoleMode {
    bool is_terminal[3] = {true, true, true};  // By ConsoleStream.
    u16 rows = 24;
    u16 columns = 80;
};

struct ConsoleRead {
    enum class Status : u8 { Data, Nothing, EndOfFile };
    Status status = Status::Nothing;
    usize size = 0;
};

// How the time-stamp counter relates to Platform::now():
//   now = (counter - timestamp_base) * scale / 2^32, rounded down
// now() may be ahead of this, by as much as its own answers have to differ.
struct ClockParameters {
    u64 timestamp_base = 0;
    u64 scale = 0;                  // Nanoseconds per count, in 2^-32.
    bool is_user_readable = false;  // If not, the rest says nothing.
};

// Whole frames from `first` to before `end`.
struct MemoryRange {
    PhysAddr first{};
    PhysAddr end{};
};

// What memory the machine has. Frames outside [first_free, end) are taken before the kernel starts,
// and so are those in holes, which need not be memory at all.
struct MemoryLayout {
    static constexpr usize kMaximumHoles = 31;

    PhysAddr first_free{};
    PhysAddr end{};
    // Inside of [first_free, end), ascending, with memory before and behind each.
    MemoryRange holes[kMaximumHoles]{};
    usize hole_count = 0;
    PhysAddr initramfs{};
    u64 initramfs_size = 0;
    u64 wall_clock_seconds = 0;  // The date at boot, seconds since 1970-01-01.
    ClockParameters clock{};
    // Address-space tags that run_user() takes: 1 to this, below 4096. 0: the machine has none.
    u64 address_space_tags = 0;
    char const* command_line = "";

    // The memory between holes, ascending.
    usize range_count() const { return hole_count + 1; }
    MemoryRange range(usize index) const
    {
        return {index == 0 ? first_free : holes[index - 1].end,
                index == hole_count ? end : holes[index].first};
    }
};

class Platform {
public:
    // Set at boot, before the kernel sees the platform; the same two members on both sides.
    explicit Platform(std::byte* direct_map, void* implementation)
        : direct_map_(direct_map), implementation_(implementation)
    {}
    Platform(Platform const&) = delete;
    Platform& operator=(Platform const&) = delete;

    // --- user code -------------------------------------------------------------------------------
    // Runs the thread's user code until it traps. `root` is the page-table root, as CR3 takes it:
    // with a tag of the machine's in its low 12 bits, translations under other tags are kept, and
    // those under this one are used. Without (0), none are kept. Spurious Interrupts are allowed.
    Trap run_user(UserContext& context, PhysAddr root);
    // Waits, with nothing to run, for the timer or console input. Returns false when neither can
    // ever come: everything is blocked for ever.
    bool idle();

    // --- kernel stacks ---------------------------------------------------------------------------
    // Makes a stack on which `entry(argument)` will run at the first switch to it; entry never
    // returns. Precondition: four adjacent frames of the caller's. False if the platform has no
    // room for more.
    bool prepare_stack(KernelStack& stack, PhysAddr frames, void (*entry)(void*), void* argument);
    // Gives the stack up; its frames are the caller's again. Never the running one.
    void release_stack(KernelStack& stack);
    // Stops on `from` and continues on `to`; returns when somebody switches back.
    void switch_stack(KernelStack& from, KernelStack& to);

    // --- memory ----------------------------------------------------------------------------------
    // CPU `cpu` mask must forget the translation of one page, or everything, under every tag. Done
    // on return.
    void flush_page(u64 cpu_mask, UserAddr page);
    void flush_all(u64 cpu_mask);
    MemoryLayout const& memory_layout() const;

    // --- time, decisions, outside world ----------------------------------------------------------
    Ticks now();
    ClockTimes times();
    // An Interrupt arrives at this time or soon after; kNever for none. Replaces the last one.
    void set_timer(Ticks deadline);
    // One of 0..count-1; count is at least 1.
    u32 choose(Choice site, u32 count);
    void fill_entropy(Bytes target);
    ConsoleMode console_mode();
    // Takes bytes that have arrived. A stream that is no terminal never says Nothing.
    ConsoleRead console_input(Bytes target);
    // Writes everything. False if nobody reads the other end any more (a closed pipe).
    bool console_output(ConsoleStream stream, ConstBytes bytes);

    // --- telling ---------------------------------------------------------------------------------
    void record(Event const& event);
    // The same, for what happens in every call: no more than a few stores where the platform only
    // keeps events of this kind.
    void tell(EventKind kind, u64 a, u64 b, u64 c)
    {
        if (ring_.only_keeps(kind)) {
            ring_.keep(kind, a, b, c);
        } else {
            record({kind, 0, 0, a, b, c});
        }
    }
    // Stops the machine; `status` is the exit status of the whole run (0..255).
    [[noreturn]] void halt(int status);
    // The kernel gave up; says why. Never returns.
    [[noreturn]] void fail(StringView reason);

    // --- accessors -------------------------------------------------------------------------------
    std::byte* data(PhysAddr address) const { return direct_map_ + address.value; }
    PhysAddr address_of(void const* pointer) const
    {
        return {static_cast<u64>(static_cast<std::byte const*>(pointer) - direct_map_)};
    }
    void* implementation() const { return implementation_; }
    EventRing& ring() { return ring_; }

private:
    std::byte* direct_map_;
    void* implementation_;
    EventRing ring_{};  // At 64 bytes (guest/platform_thunk.S).
};

}  // namespace drydock
