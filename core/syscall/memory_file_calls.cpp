// memfd_create(2).

#include "core/fs/memory_file.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"

namespace drydock {

Result<i64> sys_memfd_create(Call& call)
{
    constexpr u32 kCloseOnExec = 1, kAllowSealing = 2, kLargePages = 4, kPageSizes = 0xfc000000;
    u32 const flags = call.word(1);
    bool const wants_large_pages = (flags & kLargePages) != 0;
    u32 const known =
        kCloseOnExec | kAllowSealing | (wants_large_pages ? kLargePages | kPageSizes : 0);
    if ((flags & ~known) != 0) return Errno::Inval;
    char name[kMemoryFileNameMaximum + 1];
    Result<usize> const size = call.space().read_string({name, sizeof(name)}, call.address(0));
    if (size.is_error() && size.error() == Errno::NameTooLong) return Errno::Inval;
    if (size.is_error()) return size.error();
    // As a kernel without hugetlbfs.
    if (wants_large_pages) return Errno::NoSys;
    Ref<File> file = TRY(create_memory_file(call.system().vfs,
                                            StringView::from_c_string(name),
                                            (flags & kAllowSealing) != 0,
                                            call.process().credentials));
    bool const closes = (flags & kCloseOnExec) != 0;
    return add_descriptor(call, std::move(file), closes ? open_flags::kCloseOnExec : 0);
}

}  // namespace drydock
