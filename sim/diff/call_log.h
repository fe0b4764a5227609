#pragma once

// What one side of `drydock diff` saw of a program: tasks (threads, of processes), each with its
// system calls in order. Made of events that the host's tracer and the simulator's observer bring
// alike.

#include "core/base/integers.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::sim {

struct CallEvent {
    enum class Kind : u32 {
        Fork,     // tid: who forked; a: number of the new task, b: 1 for a thread.
        Enter,    // a: number of the call; arguments, text.
        Exit,     // a: number of the call, or kAnyCall; b: result, as it stands in rax.
        Handler,  // a: number of a signal whose handler starts.
        Exec,     // Another program runs: tid is the process's number.
        End,      // tid: a process; a: status as wait(2) gives it.
    };
    static constexpr u64 kAnyCall = ~u64{0};
    static constexpr usize kTextSize = 88;

    Kind kind{};
    u32 tid = 0;
    u64 a = 0;
    u64 b = 0;
    u64 arguments[6] = {};
    // Of a call that takes a path: it, or its beginning; else empty.
    char text[kTextSize] = {};
};
static_assert(sizeof(CallEvent) == 160, "no padding: events travel as bytes");

struct CallRecord {
    u32 number = 0;
    // Number of the signal in whose handler the call was made; 0 for none.
    u32 handler = 0;
    bool is_finished = false;
    // The program had no second task yet: nothing was up to time.
    bool is_alone = false;
    u64 arguments[6] = {};
    u64 result = 0;
    u64 order = 0;  // Among all events of the side.
    std::string text{};
};

struct TaskRecord {
    u32 number = 0;  // As the kernel calls it.
    bool is_thread = false;
    // Where it is in the tree of forks: "1" is the first process, "1.2" the second task that its
    // first thread made, "1.2/1" a thread of that.
    std::string position{};
    std::vector<CallRecord> calls{};
    std::optional<u32> status{};  // A process's, once it has ended.

    // Whether it ended by its own exit call: otherwise time had a say in where its calls end.
    bool has_left() const;
};

class CallLog {
public:
    // `outside`: what a process's parent is called if it is none of the program's.
    explicit CallLog(u32 outside) : outside_(outside) {}

    void add(CallEvent const& event);

    std::vector<TaskRecord> const& tasks() const { return tasks_; }
    TaskRecord const* find(std::string const& position) const;
    // The position of the task that has this number (or had it last), or nothing.
    std::string_view position_of(u64 number) const;
    u32 outside() const { return outside_; }
    u64 call_count() const;

private:
    struct Live {
        usize task = 0;
        std::optional<usize> pending{};      // A call that has not returned.
        std::optional<usize> interrupted{};  // The last one that is to be started again.
        std::vector<u32> handlers{};
        u32 forks = 0;
    };

    Live& live(u32 tid);
    void add_task(u32 number, std::string const& position, bool is_thread);
    void fork(CallEvent const& event);
    void enter(CallEvent const& event);
    void leave(CallEvent const& event);

    u32 outside_;
    u64 events_ = 0;
    std::vector<TaskRecord> tasks_;
    std::map<u32, Live> live_;  // By number.
    std::map<std::string, usize> by_position_;
};

}  // namespace drydock::sim
