// ioctl_tty(2).

#include "core/tty/tty.h"

namespace drydock {

namespace {

constexpr u32 kSigWinch = 28, kSigTtou = 22;
constexpr u32 kSpeed = 38400;

UserAddr argument_of(IoctlCall const& call) { return {call.argument}; }

// struct termio holds the low halves (TCGETA).
UserTermio shorten(UserTermios const& settings)
{
    UserTermio result;
    result.input = static_cast<u16>(settings.input);
    result.output = static_cast<u16>(settings.output);
    result.control = static_cast<u16>(settings.control);
    result.local = static_cast<u16>(settings.local);
    result.line = settings.line;
    for (usize i = 0; i < sizeof(result.characters); ++i) {
        result.characters[i] = settings.characters[i];
    }
    return result;
}

UserTermios merge(UserTermios settings, UserTermio const& change)
{
    settings.input = (settings.input & 0xffff'0000) | change.input;
    settings.output = (settings.output & 0xffff'0000) | change.output;
    settings.control = (settings.control & 0xffff'0000) | change.control;
    settings.local = (settings.local & 0xffff'0000) | change.local;
    settings.line = change.line;
    for (usize i = 0; i < sizeof(change.characters); ++i) {
        settings.characters[i] = change.characters[i];
    }
    return settings;
}

}  // namespace

Result<i64> TtyDevice::ioctl(IoctlCall const& call)
{
    if (is_hung_up_) return Errno::Io;
    switch (call.command) {
    case ioctls::kTcGets:
    case ioctls::kTcSets:
    case ioctls::kTcSetsW:
    case ioctls::kTcSetsF:
    case ioctls::kTcGets2:
    case ioctls::kTcSets2:
    case ioctls::kTcSetsW2:
    case ioctls::kTcSetsF2:
    case ioctls::kTcGetA:
    case ioctls::kTcSetA:
    case ioctls::kTcSetAW:
    case ioctls::kTcSetAF: return settings_ioctl(call);
    case ioctls::kTiocScTty:
    case ioctls::kTiocNotTty:
    case ioctls::kTiocGpgrp:
    case ioctls::kTiocSpgrp:
    case ioctls::kTiocGsid: return session_ioctl(call);
    case ioctls::kTiocGwinSz:
    case ioctls::kTiocSwinSz: return window_ioctl(call);
    default: return flow_ioctl(call);
    }
}

Result<i64> TtyDevice::settings_ioctl(IoctlCall const& call)
{
    UserAddr const argument = argument_of(call);
    switch (call.command) {
    case ioctls::kTcGets: TRY(call.space.write(argument, settings_)); return 0;
    case ioctls::kTcGetA: TRY(call.space.write(argument, shorten(settings_))); return 0;
    case ioctls::kTcGets2: {
        UserTermios2 const settings{settings_, kSpeed, kSpeed};
        TRY(call.space.write(argument, settings));
        return 0;
    }
    default: break;
    }
    TRY(check_job_control(kSigTtou));
    switch (call.command) {
    case ioctls::kTcSets:
    case ioctls::kTcSetsW:
    case ioctls::kTcSetsF: {
        UserTermios const changed = TRY(call.space.read<UserTermios>(argument));
        return store_settings(changed, call.command == ioctls::kTcSetsF);
    }
    case ioctls::kTcSets2:
    case ioctls::kTcSetsW2:
    case ioctls::kTcSetsF2: {
        UserTermios2 const changed = TRY(call.space.read<UserTermios2>(argument));
        return store_settings(changed.base, call.command == ioctls::kTcSetsF2);
    }
    default: {
        UserTermio const changed = TRY(call.space.read<UserTermio>(argument));
        return store_settings(merge(settings_, changed), call.command == ioctls::kTcSetAF);
    }
    }
}

Result<i64> TtyDevice::store_settings(UserTermios const& changed, bool flushes)
{
    if (flushes) discipline_.flush_input();
    UserTermios const old = settings_;
    settings_ = changed;
    discipline_.settings_changed(old);
    wake_waiters();
    return 0;
}

Result<i64> TtyDevice::session_ioctl(IoctlCall const& call)
{
    UserAddr const argument = argument_of(call);
    switch (call.command) {
    case ioctls::kTiocScTty:
        if (client_ == nullptr) return Errno::Perm;
        TRY(client_->acquire(this, call.argument == 1));
        return 0;
    case ioctls::kTiocNotTty:
        if (!is_controlling()) return Errno::NotTty;
        client_->give_up(this);
        return 0;
    case ioctls::kTiocSpgrp: return set_foreground(call);
    default: break;
    }
    if (!is_controlling()) return Errno::NotTty;
    bool const wants_group = call.command == ioctls::kTiocGpgrp;
    u32 const known = wants_group ? foreground_group : session_id;
    i32 const id = static_cast<i32>(client_->seen_number(known));
    TRY(call.space.write(argument, id));
    return 0;
}

Result<i64> TtyDevice::set_foreground(IoctlCall const& call)
{
    TRY(check_job_control(kSigTtou));
    if (!is_controlling()) return Errno::NotTty;
    i32 const seen = TRY(call.space.read<i32>(argument_of(call)));
    if (seen < 0) return Errno::Inval;
    u32 const group = client_->meant_number(static_cast<u32>(seen));
    if (group == 0) return Errno::Srch;
    if (!client_->group_is_in_session(group, session_id)) return Errno::Perm;
    foreground_group = group;
    return 0;
}

Result<i64> TtyDevice::window_ioctl(IoctlCall const& call)
{
    if (call.command == ioctls::kTiocGwinSz) {
        TRY(call.space.write(argument_of(call), window_));
        return 0;
    }
    UserWindowSize const size = TRY(call.space.read<UserWindowSize>(argument_of(call)));
    bool const is_same = size.rows == window_.rows && size.columns == window_.columns &&
                         size.width == window_.width && size.height == window_.height;
    window_ = size;
    if (!is_same) send_foreground(kSigWinch);
    return 0;
}

Result<i64> TtyDevice::flow_ioctl(IoctlCall const& call)
{
    switch (call.command) {
    case ioctls::kFionRead: {
        poll_input();
        i32 const available = static_cast<i32>(discipline_.available());
        TRY(call.space.write(argument_of(call), available));
        return 0;
    }
    case ioctls::kTiocOutQ:
    case ioctls::kTiocGetD: TRY(call.space.write(argument_of(call), i32{0})); return 0;
    case ioctls::kTcFlsh:
        TRY(check_job_control(kSigTtou));
        if (call.argument > 2) return Errno::Inval;
        // 0 and 2 name the input.
        if (call.argument != 1) {
            poll_input();
            discipline_.flush_input();
        }
        return 0;
    case ioctls::kTcSbrk:
    case ioctls::kTcSbrkP: TRY(check_job_control(kSigTtou)); return 0;
    case ioctls::kTcXonc:
        TRY(check_job_control(kSigTtou));
        if (call.argument > 3) return Errno::Inval;
        // TCOOFF, TCOON; the other two ask the far end, which has no flow control.
        if (call.argument <= 1) discipline_.set_stopped(call.argument == 0);
        wake_waiters();
        return 0;
    case ioctls::kTiocExcl:
    case ioctls::kTiocNxcl: return 0;
    // Typing for others is not offered (legacy_tiocsti=0, ioctl_tty(2)).
    case ioctls::kTiocSti: return Errno::Io;
    default: return Errno::NotTty;
    }
}

}  // namespace drydock
