// Files of a stopped kernel, for whoever runs it from outside. Nothing here may block: nobody would
// come to wake it.

#include "core/kernel/kernel.h"

namespace drydock {

namespace {

class OneName final : public DirectorySink {
public:
    explicit OneName(Span<char> target) : target_(target) {}
    bool add(DirectoryEntry const& entry) override
    {
        if (is_full_) return false;
        next_position_ = entry.next_position;
        bool const is_dots = entry.name == StringView(".") || entry.name == StringView("..");
        if (is_dots) return true;
        if (entry.name.size() > target_.size()) return false;
        memcpy(target_.data(), entry.name.data(), entry.name.size());
        size_ = entry.name.size();
        is_full_ = true;
        return true;
    }
    usize size() const { return size_; }
    u64 next_position() const { return next_position_; }

private:
    Span<char> target_;
    usize size_ = 0;
    u64 next_position_ = 0;
    bool is_full_ = false;
};

Result<Path> find(System& system, StringView path)
{
    Ref<FileSystemContext> const context = TRY(system.heap.create_ref<FileSystemContext>());
    context->root = system.vfs.root_path();
    context->working_directory = system.vfs.root_path();
    Credentials const credentials;
    LookupOptions options;
    options.follow_last = false;
    return system.vfs.resolve(Resolver{*context, credentials, {}}, path, options);
}

}  // namespace

Result<InodeAttributes> Kernel::export_attributes(StringView path)
{
    Path const found = TRY(find(system(), path));
    return found.inode().attributes();
}

Result<usize> Kernel::export_read(StringView path, u64 offset, Bytes target)
{
    Path const found = TRY(find(system(), path));
    if (found.inode().type() != InodeType::Regular) return Errno::Inval;
    Credentials const credentials;
    Ref<File> const file = TRY(system().vfs.open_path(found, open_flags::kReadOnly, credentials));
    IoBuffer buffer = IoBuffer::kernel(target);
    return file->read_at(buffer, offset);
}

Result<usize> Kernel::export_link(StringView path, Span<char> target)
{
    Path const found = TRY(find(system(), path));
    return found.inode().read_link(target);
}

Result<usize> Kernel::export_name(StringView path, u64& position, Span<char> target)
{
    Path const found = TRY(find(system(), path));
    OneName sink(target);
    u64 const start = position;
    TRY(found.inode().list(start, 0, sink));
    if (sink.size() > 0) position = sink.next_position();
    return sink.size();
}

}  // namespace drydock
