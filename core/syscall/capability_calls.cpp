// capget(2), capset(2), and the options of prctl(2) about capabilities(7).

#include "core/syscall/capability_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

constexpr u32 kVersion3 = 0x20080522, kVersion2 = 0x20071026, kVersion1 = 0x19980330;

struct CapabilityHeader {
    u32 version = 0;
    i32 pid = 0;
};

struct CapabilityData {
    u32 effective = 0, permitted = 0, inheritable = 0;
};

// The number of data structures for this version; an unknown one is told the best. The rest of the
// header is not looked at before.
Result<usize> capability_words(Call& call)
{
    u32 const version = TRY(call.space().read<u32>(call.address(0)));
    if (version == kVersion3 || version == kVersion2) return usize{2};
    if (version == kVersion1) return usize{1};
    u32 const best = kVersion3;
    TRY(call.space().write(call.address(0), best));
    return Errno::Inval;
}

bool is_part_of(u64 set, u64 whole) { return (set & ~whole) == 0; }

u32 word_of(u64 set, usize index) { return static_cast<u32>(set >> (32 * index)); }

bool has(Call& call, Capability capability) { return call.thread.credentials.has(capability); }

// PR_CAP_AMBIENT.
Result<i64> change_ambient(Call& call)
{
    constexpr u64 kIsSet = 1, kRaise = 2, kLower = 3, kClearAll = 4;
    Credentials& own = call.thread.credentials;
    CapabilitySets& sets = own.capabilities;
    if (call[1] == kClearAll) {
        if (call[2] != 0 || call[3] != 0 || call[4] != 0) return Errno::Inval;
        sets.ambient = 0;
        return i64{0};
    }
    if (call[2] >= kCapabilityCount || call[3] != 0 || call[4] != 0) return Errno::Inval;
    u64 const bit = u64{1} << call[2];
    switch (call[1]) {
    case kIsSet: return i64{(sets.ambient & bit) != 0};
    case kRaise:
        if ((sets.permitted & sets.inheritable & bit) == 0) return Errno::Perm;
        if ((own.secure & secure_bits::kNoAmbientRaise) != 0) return Errno::Perm;
        sets.ambient |= bit;
        return i64{0};
    case kLower: sets.ambient &= ~bit; return i64{0};
    default: return Errno::Inval;
    }
}

// PR_SET_SECUREBITS (security/commoncap.c, cap_task_prctl()): what is locked stays, locks stay,
// bits must be known, and it takes CAP_SETPCAP.
Result<i64> set_secure_bits(Call& call)
{
    using namespace secure_bits;
    Credentials& own = call.thread.credentials;
    u64 const wanted = call[1];
    bool const changes_locked = ((own.secure & kLocks) >> 1 & (own.secure ^ wanted)) != 0;
    bool const opens_lock = (own.secure & kLocks & ~wanted) != 0;
    bool const is_unknown = (wanted & ~u64{kBits | kLocks}) != 0;
    if (changes_locked || opens_lock || is_unknown) return Errno::Perm;
    if (!has(call, Capability::SetCapabilities)) return Errno::Perm;
    own.secure = static_cast<u32>(wanted);
    return i64{0};
}

Result<i64> set_keep(Call& call)
{
    using namespace secure_bits;
    Credentials& own = call.thread.credentials;
    if (call[1] > 1) return Errno::Inval;
    if ((own.secure & kKeepLocked) != 0) return Errno::Perm;
    own.secure = call[1] != 0 ? own.secure | kKeepCapabilities : own.secure & ~kKeepCapabilities;
    return i64{0};
}

}  // namespace

bool is_capability_option(i32 option)
{
    switch (option) {
    case kGetKeepCapabilities:
    case kSetKeepCapabilities:
    case kReadBounding:
    case kDropBounding:
    case kGetSecureBits:
    case kSetSecureBits:
    case kAmbient: return true;
    default: return false;
    }
}

Result<i64> capability_option(Call& call)
{
    Credentials& own = call.thread.credentials;
    switch (call.integer(0)) {
    case kGetKeepCapabilities: return i64{(own.secure & secure_bits::kKeepCapabilities) != 0};
    case kSetKeepCapabilities: return set_keep(call);
    case kReadBounding:
        if (call[1] >= kCapabilityCount) return Errno::Inval;
        return i64{(own.capabilities.bounding >> call[1] & 1) != 0};
    case kDropBounding:
        if (!has(call, Capability::SetCapabilities)) return Errno::Perm;
        if (call[1] >= kCapabilityCount) return Errno::Inval;
        own.capabilities.bounding &= ~(u64{1} << call[1]);
        return i64{0};
    case kGetSecureBits: return i64{own.secure};
    case kSetSecureBits: return set_secure_bits(call);
    case kAmbient: return change_ambient(call);
    default: return Errno::Inval;
    }
}

Result<i64> sys_capget(Call& call)
{
    Result<usize> words = capability_words(call);
    // Without a place for them only the version was asked for.
    bool const is_answered = words.is_ok() || words.error() == Errno::Inval;
    if (call[1] == 0 && is_answered) return i64{0};
    if (words.is_error()) return words.error();
    CapabilityHeader const header = TRY(call.space().read<CapabilityHeader>(call.address(0)));
    if (header.pid < 0) return Errno::Inval;
    u32 const number = static_cast<u32>(header.pid);
    Credentials const* target = &call.thread.credentials;
    if (number != 0) {
        // A process whose main thread has exited still has its number.
        UserThread const* const thread = seen_thread(call, number);
        Process const* const process = seen_process(call, number);
        if (thread == nullptr && process == nullptr) return Errno::Srch;
        target = thread != nullptr ? &thread->credentials : &process->credentials();
    }
    CapabilitySets const& sets = target->capabilities;
    CapabilityData data[2];
    for (usize i = 0; i < 2; ++i) {
        data[i].effective = word_of(sets.effective, i);
        data[i].permitted = word_of(sets.permitted, i);
        data[i].inheritable = word_of(sets.inheritable, i);
    }
    auto const* const bytes = reinterpret_cast<std::byte const*>(data);
    TRY(call.space().write_bytes(call.address(1), {bytes, words.value() * sizeof(CapabilityData)}));
    return i64{0};
}

Result<i64> sys_capset(Call& call)
{
    usize const words = TRY(capability_words(call));
    CapabilityHeader const header = TRY(call.space().read<CapabilityHeader>(call.address(0)));
    bool const is_self = header.pid == 0 || static_cast<u32>(header.pid) == call.thread.shown_tid;
    if (!is_self) return Errno::Perm;
    CapabilityData data[2];
    auto* const bytes = reinterpret_cast<std::byte*>(data);
    TRY(call.space().read_bytes({bytes, words * sizeof(CapabilityData)}, call.address(1)));
    u64 const effective = (u64{data[1].effective} << 32 | data[0].effective) & kAllCapabilities;
    u64 const permitted = (u64{data[1].permitted} << 32 | data[0].permitted) & kAllCapabilities;
    u64 const inheritable =
        (u64{data[1].inheritable} << 32 | data[0].inheritable) & kAllCapabilities;
    // security/commoncap.c, cap_capset().
    CapabilitySets& own = call.thread.credentials.capabilities;
    bool const is_free = has(call, Capability::SetCapabilities);
    if (!is_free && !is_part_of(inheritable, own.inheritable | own.permitted)) return Errno::Perm;
    if (!is_part_of(inheritable, own.inheritable | own.bounding)) return Errno::Perm;
    if (!is_part_of(permitted, own.permitted)) return Errno::Perm;
    if (!is_part_of(effective, permitted)) return Errno::Perm;
    own.effective = effective;
    own.permitted = permitted;
    own.inheritable = inheritable;
    own.ambient &= permitted & inheritable;
    return i64{0};
}

}  // namespace drydock
