#pragma once

// Whom an open file tells by a signal of what can be read or written (fcntl(2), "Managing
// signals"), and the lists of those that a pipe, socket or terminal has to tell.

#include "core/base/list.h"
#include "core/platform/platform.h"

namespace drydock {

class File;
class Vfs;
struct SignalOwner;

struct SignalEntry {
    SignalOwner* owner = nullptr;
    ListHook hook{};
};

struct SignalOwner {
    enum class Kind : u8 { Thread, Process, Group };  // F_OWNER_TID, _PID, _PGRP

    explicit SignalOwner(File& of) : file(of) {}

    File& file;
    Kind kind = Kind::Thread;
    u32 number = 0;   // As the kernel has it; 0: nobody.
    Ticks since = 0;  // When the process began: a later one of its number is another. 0: a group.
    u32 uid = 0, euid = 0;  // Of who has named the owner, on whose behalf signals are sent.
    u32 signal = 0;         // F_SETSIG; 0: SIGIO without more.
    u32 descriptor = 0;     // By which O_ASYNC was set (si_fd).
    SignalEntry reading{}, writing{};
};

// What has happened, as si_code says it (sigaction(2), POLL_IN and others).
enum class SignalReason : u8 { In = 1, Out = 2, Message = 3, Error = 4, Urgent = 5, HungUp = 6 };

// The layer above, which knows processes.
class SignalClient {
public:
    virtual void tell(SignalOwner const& owner, SignalReason reason) = 0;

protected:
    ~SignalClient() = default;
};

class SignalList {
public:
    bool is_empty() const { return entries_.is_empty(); }
    // The latest hears first, as on Linux (fs/fcntl.c, fasync_insert_entry).
    void add(SignalEntry& entry) { entries_.push_front(entry); }
    void tell(Vfs& vfs, SignalReason reason)
    {
        if (!entries_.is_empty()) tell_all(vfs, reason);
    }
    // Nobody is told any more (a terminal that is hung up).
    void stop_all();

private:
    void tell_all(Vfs& vfs, SignalReason reason);

    List<SignalEntry, &SignalEntry::hook> entries_;
};

// Where a file's entries stand; both null for files that tell nobody.
struct SignalLists {
    SignalList* reading = nullptr;
    SignalList* writing = nullptr;
};

}  // namespace drydock
