// setxattr(2), getxattr(2), listxattr(2), removexattr(2) and their kin. Names and values are read
// before the file is looked for (fs/xattr.c).

#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/path_argument.h"
#include "core/vfs/extended_attributes.h"

namespace drydock {

namespace {

// Where the file is: the first argument is a path, or a descriptor.
enum class Target : u8 { Path, LinkItself, Descriptor };

Result<Path> target_of(Call& call, Target target)
{
    switch (target) {
    case Target::Path: return locate(call, kAtWorkingDirectory, call.address(0), 0);
    case Target::LinkItself:
        return locate(call, kAtWorkingDirectory, call.address(0), kAtSymlinkNoFollow);
    case Target::Descriptor: {
        Ref<File> const file = TRY(file_of(call, call.word(0)));
        return call.system().vfs.path_of(*file);
    }
    }
    UNREACHABLE();
}

// Errno::Range for no name and for one that is too long.
Result<Buffer> read_name(Call& call, UserAddr address)
{
    constexpr usize kCapacity = kAttributeNameMaximum + 1;
    Buffer text = TRY(Buffer::create(call.system().heap, kCapacity));
    auto* const letters = reinterpret_cast<char*>(text.data());
    Result<usize> size = call.space().read_string({letters, kCapacity}, address);
    if (size.is_error()) {
        return size.error() == Errno::NameTooLong ? Errno::Range : size.error();
    }
    if (size.value() == 0) return Errno::Range;
    return Buffer::copy_of(call.system().heap, {letters, size.value()});
}

// The file's attributes have changed (fsnotify_xattr()).
Result<void> note_change(Path const& path)
{
    AttributeChange const nothing;
    TRY(path.inode().change_attributes(nothing));
    tell_path(path, change_events::kAttributes);
    return {};
}

Result<i64> set_attribute(Call& call, Target target)
{
    constexpr u32 kCreate = 1, kReplace = 2;
    using Mode = ExtendedAttributes::Mode;
    constexpr Mode kModes[] = {Mode::Any, Mode::Create, Mode::Replace, Mode::Both};
    u32 const flags = call.word(4);
    if ((flags & ~(kCreate | kReplace)) != 0) return Errno::Inval;
    Buffer const name = TRY(read_name(call, call.address(1)));
    if (call[3] > kAttributeSizeMaximum) return Errno::TooBig;
    Buffer value;
    if (call[3] > 0) {
        value = TRY(Buffer::create(call.system().heap, static_cast<usize>(call[3])));
        TRY(call.space().read_bytes(value.bytes(), call.address(2)));
    }
    Path const path = TRY(target_of(call, target));
    if (path.mount()->is_read_only()) return Errno::RoFs;
    TRY(check_attribute(call.system().vfs,
                        path.inode(),
                        name.text(),
                        AttributeUse::Write,
                        call.thread.credentials));
    ExtendedAttributes* const attributes = TRY(attributes_for(path.inode(), name.text()));
    TRY(attributes->set(call.system().heap, name.text(), std::move(value), kModes[flags]));
    TRY(note_change(path));
    return i64{0};
}

Result<i64> get_attribute(Call& call, Target target)
{
    Buffer const name = TRY(read_name(call, call.address(1)));
    Path const path = TRY(target_of(call, target));
    TRY(check_attribute(
        call.system().vfs, path.inode(), name.text(), AttributeUse::Read, call.thread.credentials));
    ExtendedAttributes const* const attributes = TRY(attributes_for(path.inode(), name.text()));
    ConstBytes const value = TRY(attributes->get(name.text()));
    // A room of zero asks for the size.
    if (call[3] == 0) return static_cast<i64>(value.size());
    if (value.size() > call[3]) return Errno::Range;
    TRY(call.space().write_bytes(call.address(2), value));
    return static_cast<i64>(value.size());
}

Result<i64> list_attributes(Call& call, Target target)
{
    Path const path = TRY(target_of(call, target));
    ExtendedAttributes const* const attributes = path.inode().extended_attributes();
    if (attributes == nullptr) return i64{0};
    bool const all = call.thread.credentials.has(Capability::SysAdmin);
    usize const size = attributes->list_size(all);
    if (call[2] == 0 || size == 0) return static_cast<i64>(size);
    if (size > call[2]) return Errno::Range;
    // No list is longer than this (XATTR_LIST_MAX).
    if (size > kAttributeSizeMaximum) return Errno::TooBig;
    Buffer const names = TRY(Buffer::create(call.system().heap, size));
    attributes->list(all, {reinterpret_cast<char*>(names.data()), size});
    TRY(call.space().write_bytes(call.address(1), {names.data(), size}));
    return static_cast<i64>(size);
}

Result<i64> remove_attribute(Call& call, Target target)
{
    Buffer const name = TRY(read_name(call, call.address(1)));
    Path const path = TRY(target_of(call, target));
    if (path.mount()->is_read_only()) return Errno::RoFs;
    TRY(check_attribute(call.system().vfs,
                        path.inode(),
                        name.text(),
                        AttributeUse::Write,
                        call.thread.credentials));
    ExtendedAttributes* const attributes = TRY(attributes_for(path.inode(), name.text()));
    TRY(attributes->remove(name.text()));
    TRY(note_change(path));
    return i64{0};
}

}  // namespace

Result<i64> sys_setxattr(Call& call) { return set_attribute(call, Target::Path); }
Result<i64> sys_lsetxattr(Call& call) { return set_attribute(call, Target::LinkItself); }
Result<i64> sys_fsetxattr(Call& call) { return set_attribute(call, Target::Descriptor); }
Result<i64> sys_getxattr(Call& call) { return get_attribute(call, Target::Path); }
Result<i64> sys_lgetxattr(Call& call) { return get_attribute(call, Target::LinkItself); }
Result<i64> sys_fgetxattr(Call& call) { return get_attribute(call, Target::Descriptor); }
Result<i64> sys_listxattr(Call& call) { return list_attributes(call, Target::Path); }
Result<i64> sys_llistxattr(Call& call) { return list_attributes(call, Target::LinkItself); }
Result<i64> sys_flistxattr(Call& call) { return list_attributes(call, Target::Descriptor); }
Result<i64> sys_removexattr(Call& call) { return remove_attribute(call, Target::Path); }
Result<i64> sys_lremovexattr(Call& call) { return remove_attribute(call, Target::LinkItself); }
Result<i64> sys_fremovexattr(Call& call) { return remove_attribute(call, Target::Descriptor); }

}  // namespace drydock
