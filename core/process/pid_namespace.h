#pragma once

// pid_namespaces(7): processes and threads that are known by other numbers inside than outside.
// Every task has a number of the system, which the kernel itself goes by; in each namespace beyond
// the first that it is in it has one more. What belongs to the first namespace only has no
// TaskNumber, and a null PidNamespace stands for the first.

#include "core/base/heap.h"
#include "core/base/ref.h"

namespace drydock {

class PidNamespace;
class Process;
class TaskNumber;

// kernel/pid_namespace.c, MAX_PID_NS_LEVEL: how deep they lie within one another.
inline constexpr u32 kMaximumPidLevel = 32;
// pid_max of Linux on small machines.
inline constexpr u32 kMaximumPid = 32768;
// Linux leaves the lowest numbers to early processes when the numbers wrap (RESERVED_PIDS).
inline constexpr u32 kFirstAfterWrap = 300;

// A task's number in one namespace.
struct TaskPlace {
    TaskNumber* owner = nullptr;
    PidNamespace* space = nullptr;
    u32 number = 0;
    ListHook number_hook{};
    ListHook system_hook{};
};

class PidNamespace final : public RefCounted {
public:
    // `parent` is null for a child of the system's first. Errno::NoSpc beyond kMaximumPidLevel.
    static Result<Ref<PidNamespace>> create(Heap& heap, PidNamespace* parent, u64 number);
    PidNamespace(PidNamespace* parent, u64 number);
    ~PidNamespace() override;

    u64 number() const { return number_; }
    u32 level() const { return level_; }
    PidNamespace* parent() const { return parent_.get(); }
    // Whether it is this one or lies within it.
    bool contains(PidNamespace const* other) const;

    // 0 if there is none.
    u32 number_of(u32 system_number);
    u32 system_number_of(u32 number);
    // Null if that task or group is not in it.
    TaskNumber* find(u32 system_number);

    // Its process 1; null before there is one, and once it has ended.
    Process* init = nullptr;
    bool has_ended = false;  // Nothing begins in it any more.
    u32 process_count = 0;   // Whose status has not been taken; those further in count too.
    u32 end_signal = 0;      // reboot(2) within: how its process 1 seems to have ended.

private:
    friend class TaskNumber;
    using NumberBucket = List<TaskPlace, &TaskPlace::number_hook>;
    using SystemBucket = List<TaskPlace, &TaskPlace::system_hook>;
    static constexpr u32 kBuckets = 32;

    TaskPlace* place_of(u32 number);
    // Errno::Again if all are taken; with `wanted` not 0 Inval, Exist.
    Result<u32> choose_number(u32 wanted);
    void add(TaskPlace& place, u32 system_number);

    Ref<PidNamespace> parent_;
    u64 const number_;
    u32 const level_;
    u32 last_number_ = 0;
    NumberBucket numbers_[kBuckets];
    SystemBucket system_numbers_[kBuckets];
};

// All numbers of a task beside that of the system. They are taken as long as a thread, a process, a
// group or a session goes by them.
class TaskNumber final : public RefCounted {
public:
    // In `space` and those around it. `wanted`: numbers to take there, innermost first, as many as
    // are given (clone3(2), set_tid). Errno::NoMem (also: the namespace has ended), Again, Inval,
    // Exist.
    static Result<Ref<TaskNumber>> create(Heap& heap,
                                          PidNamespace& space,
                                          u32 system_number,
                                          Span<u32 const> wanted);
    TaskNumber(PidNamespace& space, u32 system_number, Buffer places);
    ~TaskNumber() override;

    u32 system_number() const { return system_number_; }
    // In the innermost namespace, which is the task's own.
    u32 number() const { return places()[0].number; }
    PidNamespace& space() const { return *space_; }

private:
    // Innermost first, one for each level.
    TaskPlace* places() const { return reinterpret_cast<TaskPlace*>(places_.data()); }

    Ref<PidNamespace> const space_;
    u32 const system_number_;
    Buffer places_;
};

// A number of the system as `space` has it; 0 if it is not in it.
inline u32 number_in(PidNamespace* space, u32 system_number)
{
    return space == nullptr ? system_number : space->number_of(system_number);
}
// The other way; 0 if `space` has no such number.
inline u32 system_number_in(PidNamespace* space, u32 number)
{
    return space == nullptr ? number : space->system_number_of(number);
}

}  // namespace drydock
