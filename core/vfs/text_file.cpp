#include "core/vfs/text_file.h"

namespace drydock {

namespace {

constexpr usize kWriteMaximum = 256;

class TextFile final : public File {
public:
    TextFile(TextInode& inode, OpenRequest const& request)
        : File(request.inode, request.path, request.flags), text_inode_(inode), text_(inode.heap())
    {}

    Result<usize> read(IoBuffer& target) override
    {
        usize const moved = TRY(read_at(target, position_));
        position_ += moved;
        return moved;
    }
    Result<usize> read_at(IoBuffer& target, u64 offset) override
    {
        if (offset == 0 || !is_generated_) {
            text_.clear();
            TRY(text_inode_.generate(text_));
            is_generated_ = true;
        }
        if (offset >= text_.size() || target.remaining() == 0) return usize{0};
        StringView const rest = text_.view().from(offset);
        usize const size = rest.size() < target.remaining() ? rest.size() : target.remaining();
        return target.put({reinterpret_cast<std::byte const*>(rest.data()), size});
    }
    Result<usize> write(IoBuffer& source) override
    {
        char text[kWriteMaximum] = {};
        usize const wanted =
            source.remaining() < kWriteMaximum ? source.remaining() : kWriteMaximum;
        usize size = 0;
        if (wanted > 0) size = TRY(source.take({reinterpret_cast<std::byte*>(text), wanted}));
        usize length = size;
        if (length > 0 && text[length - 1] == '\n') --length;
        TRY(text_inode_.write({text, length}));
        return size;
    }
    Result<usize> write_at(IoBuffer& source, u64) override { return write(source); }
    Result<u64> seek(i64 offset, u32 whence) override
    {
        constexpr u32 kSet = 0, kCurrent = 1;
        // As seq_file: there is no end to seek from.
        if (whence != kSet && whence != kCurrent) return Errno::Inval;
        i64 const base = whence == kCurrent ? static_cast<i64>(position_) : 0;
        i64 target = 0;
        if (__builtin_add_overflow(base, offset, &target) || target < 0) return Errno::Inval;
        position_ = static_cast<u64>(target);
        return position_;
    }
    Result<void> truncate(u64) override { return {}; }

private:
    // The base class holds the inode.
    TextInode& text_inode_;
    Text text_;
    bool is_generated_ = false;
};

}  // namespace

Result<Ref<File>> open_text_file(TextInode& inode, OpenRequest const& request)
{
    Ref<TextFile> const file = TRY(inode.heap().create_ref<TextFile>(inode, request));
    return Ref<File>(file);
}

}  // namespace drydock
