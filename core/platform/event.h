#pragma once

// What the kernel tells about itself while it runs. Events are the trace, the input of the oracles
// and the basis of virtual time; the kernel never reads them back.

#include "core/base/integers.h"

namespace drydock {

enum class EventKind : u8 {
    // a, b, c as noted; pid and tid of the running thread stand in every event.
    SyscallEnter,    // a: number, b: first argument, c: second argument
    SyscallExit,     // a: number, b: result as user space sees it
    UnknownSyscall,  // a: number
    Fault,           // a: address, b: error code, c: FaultOutcome
    AvoidableFault,  // a: address, b: file id, c: page index
    CacheInsert,     // a: file id, b: page index, c: generation after
    TemplateHit,     // a: file id, b: entries replayed, c: generation
    TemplateMiss,    // a: file id, b: generation: no template yet
    TemplateStale,   // a: file id, b: template's generation, c: file's generation
    TemplateBuilt,   // a: file id, b: entries, c: generation
    Prefault,        // a: file id, b: pages mapped
    Exec,            // a: file id, b: entry point
    Fork,            // a: child pid, b: flags, c: page-table entries copied
    Exit,            // a: status as wait(2) encodes it
    Reap,            // a: pid
    Collect,         // a: processes freed by one run of the collector
    Switch,          // a: tid that runs from now on
    Wake,            // a: tid made ready
    Signal,          // a: number, b: target tid, c: 0 generated, 1 handler, 2 default action
    PageCopy,        // a: pages copied (copy-on-write, fork)
    PageZero,        // a: pages zeroed
    TableEntries,    // a: page-table entries written or cleared in a batch
    UserCopy,        // a: bytes copied to or from user memory
    TlbFlush,        // By the platform. a: address of one page, or kFlushOfEverything
    OpenFile,        // a: file id
    PathLookup,      // a: components walked
    OutOfMemory,     // a: order asked for
};
inline constexpr usize kEventKindCount = 27;
inline constexpr u64 kFlushOfEverything = ~u64{0};

enum class FaultOutcome : u8 {
    Zeroed,      // A fresh anonymous page.
    FileMapped,  // A file page that was cached already.
    FileLoaded,  // A file page brought into the cache by this fault.
    Copied,      // Copy-on-write with a copy.
    Reused,      // Copy-on-write by the last owner: made writable.
    Spurious,    // The tables allowed it already.
    Signalled,   // No mapping or no right: SIGSEGV or SIGBUS.
    NoMemory,
};

struct Event {
    EventKind kind{};
    u32 pid = 0;
    u32 tid = 0;
    u64 a = 0;
    u64 b = 0;
    u64 c = 0;
};

}  // namespace drydock
