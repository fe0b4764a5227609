// memfd_create(2).

#include "core/fs/memory_file.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"

namespace drydock {

Result<i64> sys_memfd_create(Call& call)
{
    constexpr u32 kCloseOnExec = 1, kAllowSealing = 2, kLargePages = 4, kPageSizes = 0xfc000000;
    constexpr u32 kNotExecutable = 8, kExecutable = 0x10;  // MFD_NOEXEC_SEAL, MFD_EXEC
    u32 const flags = call.word(1);
    bool const wants_large_pages = (flags & kLargePages) != 0;
    u32 const known = kCloseOnExec | kAllowSealing | kNotExecutable | kExecutable |
                      (wants_large_pages ? kLargePages | kPageSizes : 0);
    constexpr u32 kBoth = kNotExecutable | kExecutable;
    if ((flags & ~known) != 0 || (flags & kBoth) == kBoth) return Errno::Inval;
    char name[kMemoryFileNameMaximum + 1];
    Result<usize> const size = call.space().read_string({name, sizeof(name)}, call.address(0));
    if (size.is_error() && size.error() == Errno::NameTooLong) return Errno::Inval;
    if (size.is_error()) return size.error();
    // As a kernel without hugetlbfs.
    if (wants_large_pages) return Errno::NoSys;
    MemoryFileOptions options;
    options.can_be_sealed = (flags & kAllowSealing) != 0;
    options.is_never_program = (flags & kNotExecutable) != 0;
    Ref<File> file = TRY(create_memory_file(
        call.system().vfs, StringView::from_c_string(name), options, call.thread.credentials));
    bool const closes = (flags & kCloseOnExec) != 0;
    return add_descriptor(call, std::move(file), closes ? open_flags::kCloseOnExec : 0);
}

}  // namespace drydock
