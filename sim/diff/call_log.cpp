#include "sim/diff/call_log.h"

#include "sim/diff/call_rules.h"

#include <fmt/format.h>
#include <sys/syscall.h>

namespace drydock::sim {

namespace {

bool is_exec(u32 number) { return number == SYS_execve || number == SYS_execveat; }

}  // namespace

bool TaskRecord::has_left() const
{
    if (calls.empty()) return false;
    CallRecord const& last = calls.back();
    return !last.is_finished && (last.number == SYS_exit || last.number == SYS_exit_group);
}

TaskRecord const* CallLog::find(std::string const& position) const
{
    auto const found = by_position_.find(position);
    return found == by_position_.end() ? nullptr : &tasks_[found->second];
}

std::string_view CallLog::position_of(u64 number) const
{
    if (number > ~u32{0}) return {};
    auto const found = live_.find(static_cast<u32>(number));
    return found == live_.end() ? std::string_view() : tasks_[found->second.task].position;
}

u64 CallLog::call_count() const
{
    u64 count = 0;
    for (TaskRecord const& task : tasks_) count += task.calls.size();
    return count;
}

void CallLog::add_task(u32 number, std::string const& position, bool is_thread)
{
    by_position_[position] = tasks_.size();
    Live live;
    live.task = tasks_.size();
    live_[number] = std::move(live);
    TaskRecord task;
    task.number = number;
    task.is_thread = is_thread;
    task.position = position;
    tasks_.push_back(std::move(task));
}

CallLog::Live& CallLog::live(u32 tid)
{
    auto const found = live_.find(tid);
    if (found != live_.end()) return found->second;
    // The first task; and one that is heard of before its fork, which the kernels rule out.
    add_task(tid, tasks_.empty() ? "1" : fmt::format("?{}", tid), false);
    return live_[tid];
}

void CallLog::fork(CallEvent const& event)
{
    Live& parent = live(event.tid);
    std::string const position = fmt::format(
        "{}{}{}", tasks_[parent.task].position, event.b != 0 ? "/" : ".", ++parent.forks);
    std::vector<u32> handlers = parent.handlers;
    add_task(static_cast<u32>(event.a), position, event.b != 0);
    // A child that is made in a handler is in it, too.
    live_[static_cast<u32>(event.a)].handlers = std::move(handlers);
}

void CallLog::enter(CallEvent const& event)
{
    Live& thread = live(event.tid);
    TaskRecord& task = tasks_[thread.task];
    CallRecord call;
    call.number = static_cast<u32>(event.a);
    call.handler = thread.handlers.empty() ? 0 : thread.handlers.back();
    call.is_alone = tasks_.size() == 1;
    call.order = events_;
    for (usize i = 0; i < 6; ++i) call.arguments[i] = event.arguments[i];
    call.text.assign(event.text, strnlen(event.text, CallEvent::kTextSize));
    // restart_syscall(2) goes on with the call that was interrupted.
    if (call.number == SYS_restart_syscall && thread.interrupted) {
        CallRecord const& first = task.calls[*thread.interrupted];
        call.number = first.number;
        call.text = first.text;
        for (usize i = 0; i < 6; ++i) call.arguments[i] = first.arguments[i];
    }
    thread.pending = task.calls.size();
    task.calls.push_back(std::move(call));
    if (event.a == SYS_rt_sigreturn && !thread.handlers.empty()) thread.handlers.pop_back();
}

void CallLog::leave(CallEvent const& event)
{
    Live& thread = live(event.tid);
    if (!thread.pending) return;
    CallRecord& call = tasks_[thread.task].calls[*thread.pending];
    call.is_finished = true;
    call.result = event.b;
    if (is_interrupted(event.b)) thread.interrupted = thread.pending;
    thread.pending.reset();
}

void CallLog::add(CallEvent const& event)
{
    ++events_;
    switch (event.kind) {
    case CallEvent::Kind::Fork: fork(event); return;
    case CallEvent::Kind::Enter: enter(event); return;
    case CallEvent::Kind::Exit: leave(event); return;
    case CallEvent::Kind::Handler:
        live(event.tid).handlers.push_back(static_cast<u32>(event.a));
        return;
    case CallEvent::Kind::Exec: {
        Live& thread = live(event.tid);
        thread.handlers.clear();
        // Another thread's call has done this.
        if (thread.pending && !is_exec(tasks_[thread.task].calls[*thread.pending].number))
            thread.pending.reset();
        return;
    }
    case CallEvent::Kind::End:
        tasks_[live(event.tid).task].status = static_cast<u32>(event.a);
        return;
    }
}

}  // namespace drydock::sim
