// uname(2), sysinfo(2), getrandom(2), reboot(2) and other calls about the machine.

#include "core/syscall/handlers.h"

namespace drydock {

namespace {

constexpr usize kNameSize = SystemNames::kSize;

Result<i64> set_name(Call& call, char (&target)[kNameSize])
{
    if (!call.thread.credentials.has(Capability::SysAdmin)) return Errno::Perm;
    if (call.integer(1) < 0 || call.word(1) >= kNameSize) return Errno::Inval;
    char name[kNameSize] = {};
    TRY(call.space().read_bytes({reinterpret_cast<std::byte*>(name), call.word(1)},
                                call.address(0)));
    memcpy(target, name, kNameSize);
    return i64{0};
}

// struct sysinfo, sysinfo(2).
struct SystemInformation {
    i64 uptime = 0;
    u64 loads[3] = {};
    u64 total_memory = 0, free_memory = 0, shared_memory = 0, buffer_memory = 0;
    u64 total_swap = 0, free_swap = 0;
    u16 processes = 0;
    u16 padding[3] = {};
    u64 total_high = 0, free_high = 0;
    u32 unit = 1;
    u32 padding_end = 0;
};
static_assert(sizeof(SystemInformation) == 112);

}  // namespace

Result<i64> sys_uname(Call& call)
{
    TRY(call.space().write(call.address(0), names_of(call.thread)));
    return i64{0};
}

Result<i64> sys_sethostname(Call& call) { return set_name(call, names_of(call.thread).node); }
Result<i64> sys_setdomainname(Call& call) { return set_name(call, names_of(call.thread).domain); }

Result<i64> sys_sysinfo(Call& call)
{
    System& system = call.system();
    FrameCounts const counts = system.frames.counts();
    SystemInformation information;
    information.uptime = static_cast<i64>(system.scheduler.now() / kNanosPerSecond);
    LoadAverage const& load = system.scheduler.load();
    // sysinfo(2): a load of one is 1 << SI_LOAD_SHIFT.
    for (usize i = 0; i < LoadAverage::kCount; ++i) {
        information.loads[i] = load.value(i) * (65536 / LoadAverage::kOne);
    }
    information.total_memory = (counts.total - counts.reserved) * kPageSize;
    information.free_memory = counts.free * kPageSize;
    u32 const threads = system.scheduler.thread_count();
    information.processes = static_cast<u16>(threads);
    TRY(call.space().write(call.address(0), information));
    return i64{0};
}

Result<i64> sys_getrandom(Call& call)
{
    constexpr u32 kNonBlock = 1, kRandom = 2, kInsecure = 4;
    constexpr u64 kMost = 0x7fffffff;
    u32 const flags = call.word(2);
    if ((flags & ~(kNonBlock | kRandom | kInsecure)) != 0) return Errno::Inval;
    if ((flags & (kRandom | kInsecure)) == (kRandom | kInsecure)) return Errno::Inval;
    u64 const size = call[1] < kMost ? call[1] : kMost;
    std::byte chunk[256] = {};
    u64 done = 0;
    while (done < size) {
        usize const count =
            size - done < sizeof(chunk) ? static_cast<usize>(size - done) : sizeof(chunk);
        call.system().platform.fill_entropy({chunk, count});
        usize const copied = call.space().copy_out(call.address(0) + done, {chunk, count});
        done += copied;
        if (copied < count) break;
        // A long request can be ended; what it has so far is its result (getrandom(2)).
        if (call.thread.is_interrupted() && done >= sizeof(chunk)) break;
    }
    if (done == 0 && size > 0) return Errno::Fault;
    return static_cast<i64>(done);
}

// The kernel's log is the trace; user space sees an empty one (syslog(2)).
Result<i64> sys_syslog(Call& call)
{
    constexpr i32 kRead = 2, kReadAll = 3, kReadClear = 4, kLastAction = 10, kSizeBuffer = 10;
    constexpr i32 kSetLevel = 8, kMaximumLevel = 8;
    constexpr i64 kBufferSize = 16384;
    i32 const action = call.integer(0);
    if (action < 0 || action > kLastAction) return Errno::Inval;
    if (!call.thread.credentials.has(Capability::Syslog) && action != kReadAll &&
        action != kSizeBuffer) {
        return Errno::Perm;
    }
    bool const reads = action == kRead || action == kReadAll || action == kReadClear;
    if (reads && (call[1] == 0 || call.integer(2) < 0)) return Errno::Inval;
    bool const is_level = call.integer(2) >= 1 && call.integer(2) <= kMaximumLevel;
    if (action == kSetLevel && !is_level) return Errno::Inval;
    return action == kSizeBuffer ? kBufferSize : i64{0};
}

Result<i64> sys_reboot(Call& call)
{
    constexpr u32 kMagic1 = 0xfee1dead, kMagic2[4] = {672274793, 85072278, 369367448, 537993216};
    constexpr u32 kRestart2 = 0xa1b2c3d4;
    constexpr u32 kRestart = 0x01234567, kHalt = 0xcdef0123, kPowerOff = 0x4321fedc;
    constexpr u32 kCtrlAltDelOn = 0x89abcdef, kCtrlAltDelOff = 0;
    if (!call.thread.credentials.has(Capability::SysBoot)) return Errno::Perm;
    bool is_magic = false;
    for (u32 const magic : kMagic2) is_magic |= call.word(1) == magic;
    if (call.word(0) != kMagic1 || !is_magic) return Errno::Inval;
    u32 const command = call.word(2);
    if (PidNamespace* const space = call.process().pid_space()) {
        // reboot(2): the namespace's process 1 seems to be killed by one of these.
        Signal signal = Signal::None;
        if (command == kRestart || command == kRestart2) signal = Signal::Hup;
        if (command == kHalt || command == kPowerOff) signal = Signal::Int;
        if (signal == Signal::None) return Errno::Inval;
        space->end_signal = static_cast<u32>(signal);
        ProcessTable& processes = call.system().processes;
        processes.kill(*space->init);
        processes.exit_process(call.thread, 0);
    }
    if (command == kCtrlAltDelOn || command == kCtrlAltDelOff) return i64{0};
    if (command != kRestart && command != kHalt && command != kPowerOff) return Errno::Inval;
    // There is nothing to start again with: each of them ends the run.
    call.system().platform.halt(0);
}

Result<i64> sys_getcpu(Call& call)
{
    u32 const zero = 0;
    if (call[0] != 0) TRY(call.space().write(call.address(0), zero));
    if (call[1] != 0) TRY(call.space().write(call.address(1), zero));
    return i64{0};
}

// One CPU orders everything by itself; what is left are the rules of membarrier(2).
Result<i64> sys_membarrier(Call& call)
{
    constexpr u32 kGlobal = 1, kGlobalExpedited = 2, kRegisterGlobal = 4;
    constexpr u32 kPrivate = 8, kRegisterPrivate = 16, kPrivateCore = 32, kRegisterCore = 64;
    if (call.word(1) != 0) return Errno::Inval;
    u32& registered = call.process().barriers;
    switch (call.word(0)) {
    case 0:
        return i64{kGlobal | kGlobalExpedited | kRegisterGlobal | kPrivate | kRegisterPrivate |
                   kPrivateCore | kRegisterCore};
    case kGlobal:
    case kGlobalExpedited:
    case kRegisterGlobal: return i64{0};
    case kRegisterPrivate: registered |= kPrivate; return i64{0};
    case kRegisterCore: registered |= kPrivateCore; return i64{0};
    case kPrivate:
    case kPrivateCore:
        if ((registered & call.word(0)) == 0) return Errno::Perm;
        return i64{0};
    default: return Errno::Inval;
    }
}

// As a kernel without restartable sequences (CONFIG_RSEQ): libc does without.
Result<i64> sys_rseq(Call&) { return Errno::NoSys; }

}  // namespace drydock
