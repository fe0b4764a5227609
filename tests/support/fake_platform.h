#pragma once

// A machine for unit tests: memory at a fixed address, a clock that stands still unless a test
// moves it, decisions from a script, and everything that the kernel tells kept in a list. There is
// no user code; kernel stacks are host stacks.

#include "core/mm/frame_allocator.h"
#include "core/platform/platform.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace drydock::test {

struct FlushRecord {
    bool is_all = false;
    UserAddr page{};
};

// What the Platform members work on. One per FakePlatform.
struct FakeMachine {
    MemoryLayout layout{};
    Ticks now = 0;
    Ticks user_time = 0;
    Ticks timer = kNever;
    std::vector<Event> events;
    std::vector<FlushRecord> flushes;
    // Asked for each decision; 0 when empty.
    std::function<u32(Choice site, u32 count)> choose;
    // Called at each flush, before it is recorded: for looking at what must hold then.
    std::function<void()> at_flush;
    std::deque<std::string> console_input;
    std::string console_output[3];
    bool console_is_closed = false;
    ConsoleMode console_mode{};
    u64 entropy = 1;
    u64 stacks_left = 1000;
    std::function<Trap(UserContext&, PhysAddr)> run_user;
    std::function<bool()> idle;
    // What kernel stacks are here, by KernelStack::private_data. A kernel is never taken down, so
    // those of its living threads end with the machine.
    std::map<u64, std::shared_ptr<void>> host_stacks;
};

class FakePlatform {
public:
    // Where the memory lies, so that a test that fails does so with the same addresses each time.
    static constexpr u64 kDirectMap = 0x2000'0000'0000;

    // `memory_bytes` of zeroed memory; the first page is not the kernel's, so that no frame is at
    // 0.
    explicit FakePlatform(usize memory_bytes = 32 * kMiB);
    FakePlatform(FakePlatform const&) = delete;
    FakePlatform& operator=(FakePlatform const&) = delete;
    ~FakePlatform();

    Platform& platform() { return *platform_; }
    operator Platform&() { return *platform_; }  // NOLINT(google-explicit-constructor)
    FakeMachine& machine() { return machine_; }
    MemoryLayout const& layout() const { return machine_.layout; }

    usize count(EventKind kind) const;
    // The last event of the kind; fails the test if there is none.
    Event last(EventKind kind) const;
    void forget();

    // From now on the nth allocation of frames (0: the next one) fails, once.
    void fail_allocation(u64 nth);
    bool has_failed() const { return has_failed_; }
    void fail_nothing();

private:
    FakeMachine machine_;
    usize size_ = 0;
    u64 until_failure_ = 0;
    bool has_failed_ = false;
    std::unique_ptr<Platform> platform_;
};

}  // namespace drydock::test
