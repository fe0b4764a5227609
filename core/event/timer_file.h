#pragma once

// timerfd_create(2): a timer behind a descriptor; reading tells how often it has run out.
//
// As in Linux a periodic timer that has run out is started again only when somebody asks: an
// unread timer makes no events.

#include "core/vfs/vfs.h"

namespace drydock {

class TimerFile final : public File {
public:
    // Nanoseconds. A setting with `first` == 0 stops the timer.
    struct Setting {
        Ticks first = 0;
        Ticks interval = 0;
    };

    // `flags`: O_NONBLOCK counts. `is_wall_clock`: absolute times are such. Errno::NoMem.
    static Result<Ref<File>> create(Vfs& vfs, bool is_wall_clock, u32 flags);
    bool is_wall_clock() const { return is_wall_clock_; }
    TimerFile(Vfs& vfs, Ref<Inode> inode, bool is_wall_clock, u32 flags);
    ~TimerFile() override;

    // Starts anew, forgets what has run out. `first` counts from now, or is a time of its clock.
    void set(Setting const& setting, bool is_absolute);
    // What is left until it next runs out.
    Setting left();

    FileKind kind() const override { return FileKind::Timer; }
    bool can_poll() const override { return true; }
    // There is no position, but it can be asked for (Linux noop_llseek()).
    Result<u64> seek(i64, u32) override { return u64{0}; }
    // Errno::Inval below eight bytes, Again, RestartSys, Fault.
    Result<usize> read(IoBuffer& target) override;
    u32 poll(PollRegistration* registration) override;

private:
    static void ring(Timer& timer, void* argument);
    void start(Ticks deadline);
    void run_out();
    void go_on();

    Vfs& vfs_;
    bool const is_wall_clock_;
    Timer timer_{};
    Ticks deadline_ = kNever;  // When it runs out, or last did.
    Ticks interval_ = 0;
    u64 count_ = 0;  // Not read yet.
    bool has_run_out_ = false;
    WaitQueue changed_{};
};

}  // namespace drydock
