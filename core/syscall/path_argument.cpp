#include "core/syscall/path_argument.h"

#include "core/syscall/call_support.h"

namespace drydock {

Result<PathArgument> PathArgument::read(Call& call, UserAddr address)
{
    // Nearly all paths fit into the first size; a longer one is read again from its start.
    constexpr usize kSizes[] = {192, 1008, kPathMaximum};
    for (usize const capacity : kSizes) {
        PathArgument argument;
        argument.storage_ = TRY(Buffer::create(call.system().heap, capacity));
        auto* const letters = reinterpret_cast<char*>(argument.storage_.data());
        Result<usize> size = call.space().read_string({letters, capacity}, address);
        if (size.is_ok()) {
            argument.size_ = size.value();
            return argument;
        }
        if (size.error() != Errno::NameTooLong) return size.error();
    }
    return Errno::NameTooLong;
}

namespace {

Result<Resolver> resolver_with(Call& call,
                               i32 directory,
                               StringView text,
                               Credentials const& credentials)
{
    if (text.is_empty()) return Errno::NoEnt;
    FileSystemContext& context = *call.thread.file_context;
    if (text[0] == '/' || directory == kAtWorkingDirectory)
        return Resolver{context, credentials, Path()};
    Ref<File> const file = TRY(any_file_of(call, static_cast<u32>(directory)));
    if (file->path().is_empty() || file->inode().type() != InodeType::Directory)
        return Errno::NotDir;
    return Resolver{context, credentials, file->path()};
}

}  // namespace

Result<Resolver> resolver_for(Call& call, i32 directory, StringView text)
{
    return resolver_with(call, directory, text, call.thread.credentials);
}

Result<Path> locate_text(
    Call& call, i32 directory, StringView text, u32 flags, Credentials const& credentials)
{
    Vfs& vfs = call.system().vfs;
    if (text.is_empty() && (flags & kAtEmptyPath) != 0) {
        if (directory == kAtWorkingDirectory)
            return Path(call.thread.file_context->working_directory);
        Ref<File> const file = TRY(any_file_of(call, static_cast<u32>(directory)));
        return vfs.path_of(*file);
    }
    Resolver const resolver = TRY(resolver_with(call, directory, text, credentials));
    LookupOptions options;
    options.follow_last = (flags & kAtSymlinkNoFollow) == 0;
    return vfs.resolve(resolver, text, options);
}

Result<Path> locate_with(
    Call& call, i32 directory, UserAddr address, u32 flags, Credentials const& credentials)
{
    PathArgument const path = TRY(PathArgument::read(call, address));
    return locate_text(call, directory, path.text(), flags, credentials);
}

Result<Path> locate(Call& call, i32 directory, UserAddr address, u32 flags)
{
    return locate_with(call, directory, address, flags, call.thread.credentials);
}

Result<Path> place_of_descriptor(Call& call, u32 descriptor)
{
    Ref<File> const file = TRY(file_of(call, descriptor));
    return call.system().vfs.path_of(*file);
}

}  // namespace drydock
