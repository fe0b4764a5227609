// openat2(2).

#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/path_argument.h"

namespace drydock {

namespace {

// struct open_how.
struct OpenHow {
    u64 flags = 0;
    u64 mode = 0;
    u64 resolve = 0;
};
static_assert(sizeof(OpenHow) == 24);

constexpr u64 kNamelessFile = 020000000;  // The bit of O_TMPFILE that is its own.
constexpr u64 kKnownFlags =
    open_flags::kAccessMode | open_flags::kCreate | open_flags::kExclusive |
    open_flags::kNoControllingTty | open_flags::kTruncate | open_flags::kAppend |
    open_flags::kNonBlock | open_flags::kDsync | 04000000 | open_flags::kAsync |
    open_flags::kDirect | open_flags::kLargeFile | open_flags::kDirectory | open_flags::kNoFollow |
    open_flags::kNoAtime | open_flags::kCloseOnExec | open_flags::kPath | kNamelessFile;
constexpr u64 kPathFlags =
    open_flags::kPath | open_flags::kDirectory | open_flags::kNoFollow | open_flags::kCloseOnExec;

// A larger structure must be zero where this kernel knows nothing (openat2(2), E2BIG).
Result<OpenHow> read_how(Call& call)
{
    u64 const size = call[3];
    if (size < sizeof(OpenHow)) return Errno::Inval;
    if (size > kPageSize) return Errno::TooBig;
    for (u64 offset = sizeof(OpenHow); offset < size; ++offset) {
        u8 const byte = TRY(call.space().read<u8>(call.address(2) + offset));
        if (byte != 0) return Errno::TooBig;
    }
    OpenHow const how = TRY(call.space().read<OpenHow>(call.address(2)));
    return how;
}

// Unlike open(2) it takes nothing that it does not know (fs/open.c, build_open_flags).
Result<void> check_how(OpenHow const& how)
{
    using namespace resolve_limits;
    if ((how.flags & ~kKnownFlags) != 0 || (how.resolve & ~u64{kAll}) != 0) return Errno::Inval;
    constexpr u64 kBothRoots = kBeneath | kInRoot;
    if ((how.resolve & kBothRoots) == kBothRoots) return Errno::Inval;
    bool const creates = (how.flags & (open_flags::kCreate | kNamelessFile)) != 0;
    if ((how.mode & ~u64{creates ? 07777u : 0u}) != 0) return Errno::Inval;
    constexpr u64 kNewFolder = open_flags::kCreate | open_flags::kDirectory;
    if ((how.flags & kNewFolder) == kNewFolder) return Errno::Inval;
    bool const is_nameless = (how.flags & kNamelessFile) != 0;
    if (is_nameless && (how.flags & open_flags::kDirectory) == 0) return Errno::Inval;
    bool const is_path = (how.flags & open_flags::kPath) != 0;
    if (is_path && (how.flags & ~kPathFlags) != 0) return Errno::Inval;
    // What may have to wait is not tried at all.
    bool const changes = creates || (how.flags & open_flags::kTruncate) != 0;
    if ((how.resolve & kCached) != 0 && changes) return Errno::Again;
    return {};
}

}  // namespace

Result<i64> sys_openat2(Call& call)
{
    OpenHow const how = TRY(read_how(call));
    TRY(check_how(how));
    PathArgument const path = TRY(PathArgument::read(call, call.address(1)));
    TRY(call.thread.files->check_free(descriptor_limit(call)));
    u32 const limits = static_cast<u32>(how.resolve);
    // With RESOLVE_IN_ROOT an absolute path starts at the directory too.
    bool const is_in_root = (limits & resolve_limits::kInRoot) != 0;
    StringView const start = is_in_root && !path.is_empty() ? StringView(".") : path.text();
    Resolver resolver = TRY(resolver_for(call, call.integer(0), start));
    resolver.limits = limits;
    auto flags = static_cast<u32>(how.flags);
    if ((flags & open_flags::kPath) == 0) flags |= open_flags::kLargeFile;
    u32 const mode = static_cast<u32>(how.mode);
    Ref<File> file = TRY(call.system().vfs.open(resolver, path.text(), flags, mode));
    return add_descriptor(call, std::move(file), flags);
}

}  // namespace drydock
