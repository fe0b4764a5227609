#include "core/event/timer_file.h"

namespace drydock {

using namespace poll_events;

Result<Ref<File>> TimerFile::create(Vfs& vfs, bool is_wall_clock, u32 flags)
{
    Ref<Inode> inode = TRY(vfs.anonymous_inode());
    u32 const kept = open_flags::kReadWrite | (flags & open_flags::kNonBlock);
    Ref<TimerFile> file =
        TRY(vfs.heap().create_ref<TimerFile>(vfs, std::move(inode), is_wall_clock, kept));
    return Ref<File>(file);
}

TimerFile::TimerFile(Vfs& vfs, Ref<Inode> inode, bool is_wall_clock, u32 flags)
    : File(std::move(inode), Path(), flags), vfs_(vfs), is_wall_clock_(is_wall_clock)
{
    timer_.callback = ring;
    timer_.argument = this;
}

TimerFile::~TimerFile()
{
    vfs_.scheduler().disarm(timer_);
    ASSERT(changed_.is_empty());
}

void TimerFile::ring(Timer&, void* argument) { static_cast<TimerFile*>(argument)->run_out(); }

void TimerFile::run_out()
{
    has_run_out_ = true;
    ++count_;
    changed_.wake(vfs_.scheduler(), kIn);
}

// What has passed already has run out.
void TimerFile::start(Ticks deadline)
{
    deadline_ = deadline;
    has_run_out_ = false;
    if (deadline <= vfs_.scheduler().now()) return run_out();
    vfs_.scheduler().arm(timer_, deadline);
}

// A periodic timer that has run out: all its times until now count, the next is ahead.
void TimerFile::go_on()
{
    if (!has_run_out_ || interval_ == 0) return;
    Ticks const now = vfs_.scheduler().now();
    u64 const missed = now > deadline_ ? (now - deadline_) / interval_ : 0;
    count_ += missed;
    start(deadline_ + (missed + 1) * interval_);
}

void TimerFile::set(Setting const& setting, bool is_absolute)
{
    Scheduler& scheduler = vfs_.scheduler();
    scheduler.disarm(timer_);
    count_ = 0;
    has_run_out_ = false;
    deadline_ = kNever;
    interval_ = setting.interval;
    if (setting.first == 0) return;
    if (!is_absolute) return start(scheduler.now() + setting.first);
    i64 const offset = is_wall_clock_ ? vfs_.wall_clock_offset() : 0;
    i64 const deadline = static_cast<i64>(setting.first) - offset;
    start(deadline < 0 ? 0 : static_cast<Ticks>(deadline));
}

TimerFile::Setting TimerFile::left()
{
    go_on();
    Setting result;
    result.interval = interval_;
    Ticks const now = vfs_.scheduler().now();
    if (deadline_ != kNever && !has_run_out_ && deadline_ > now) result.first = deadline_ - now;
    return result;
}

Result<usize> TimerFile::read(IoBuffer& target)
{
    if (target.remaining() < sizeof(u64)) return Errno::Inval;
    if (count_ == 0) {
        if (is_non_blocking()) return Errno::Again;
        TRY(vfs_.scheduler().wait_until(changed_, "timerfd read", [this] { return count_ > 0; }));
    }
    go_on();
    u64 const value = count_;
    count_ = 0;
    // As on Linux (fs/timerfd.c) what cannot be delivered is gone.
    usize const moved =
        TRY(target.put({reinterpret_cast<std::byte const*>(&value), sizeof(value)}));
    if (moved < sizeof(value)) return Errno::Fault;
    return moved;
}

u32 TimerFile::poll(PollRegistration* registration)
{
    if (registration != nullptr) registration->wait_on(changed_);
    return count_ > 0 ? kIn : 0;
}

}  // namespace drydock
