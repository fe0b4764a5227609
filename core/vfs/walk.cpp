#include "core/vfs/walk.h"

namespace drydock {

PathWalk::~PathWalk()
{
    while (top_) pop_text();
}

void PathWalk::pop_text()
{
    Own<Text> popped = std::move(top_);
    top_ = std::move(popped->below);
}

Result<void> PathWalk::start(StringView text)
{
    if (text.is_empty()) return Errno::NoEnt;
    if (text.size() >= kPathMaximum) return Errno::NameTooLong;
    base_rest_ = text;
    root_ = &resolver_.context.root;
    // openat2(2): RESOLVE_BENEATH has no absolute names, RESOLVE_IN_ROOT another root.
    bool const is_absolute = text[0] == '/';
    bool const is_in_root = has_limit(resolve_limits::kInRoot);
    if (is_absolute && has_limit(resolve_limits::kBeneath)) return Errno::Xdev;
    if (is_absolute && !is_in_root) {
        current_ = *root_;
    } else if (resolver_.base.is_empty()) {
        current_ = resolver_.context.working_directory;
    } else {
        current_ = resolver_.base;
    }
    ASSERT(!current_.is_empty());
    if (is_in_root || has_limit(resolve_limits::kBeneath)) {
        own_root_ = current_;
        root_ = &own_root_;
    }
    if (has_limit(resolve_limits::kOneMount)) mount_ = current_.mount();
    return {};
}

// Only slashes are left, at every level.
bool PathWalk::is_rest_empty() const
{
    for (char const letter : base_rest_) {
        if (letter != '/') return false;
    }
    for (Text const* text = top_.get(); text != nullptr; text = text->below.get()) {
        for (char const letter : text->rest) {
            if (letter != '/') return false;
        }
    }
    return true;
}

// The next component, from the innermost text that has one.
bool PathWalk::take_component(StringView& name, bool& has_slash)
{
    while (true) {
        StringView& text = rest();
        usize start = 0;
        while (start < text.size() && text[start] == '/') ++start;
        if (start < text.size()) {
            usize end = start;
            while (end < text.size() && text[end] != '/') ++end;
            name = text.from(start).first(end - start);
            has_slash = end < text.size();
            text = text.from(end);
            return true;
        }
        text = text.from(start);
        if (!top_) return false;
        pop_text();
    }
}

// path_resolution(7): every directory on the way must be searchable.
Result<void> PathWalk::check_search()
{
    Inode& directory = current_.inode();
    if (directory.type() != InodeType::Directory) return Errno::NotDir;
    constexpr u64 kSearchers = bit_of(Capability::DacOverride) | bit_of(Capability::DacReadSearch);
    if (resolver_.credentials.has_any(kSearchers)) return {};
    constexpr u32 kSearch = 1;
    return vfs_.check_access(directory, kSearch, resolver_.credentials);
}

Result<void> PathWalk::walk_to_last()
{
    last_ = has_jumped_ ? Last::Jumped : Last::Root;
    has_jumped_ = false;
    last_name_ = StringView();
    last_has_slash_ = false;
    StringView name;
    bool has_slash = false;
    while (take_component(name, has_slash)) {
        ++components_;
        TRY(check_search());
        if (!is_rest_empty()) {
            TRY(advance(name));
            continue;
        }
        last_name_ = name;
        last_has_slash_ = has_slash;
        if (has_slash) needs_directory_ = true;
        last_ = Last::Name;
        if (name == ".") last_ = Last::Dot;
        if (name == "..") last_ = Last::DotDot;
        return {};
    }
    return {};
}

Result<void> PathWalk::check_mount(Path const& place) const
{
    if (!has_limit(resolve_limits::kOneMount) || place.mount() == mount_) return {};
    return Errno::Xdev;
}

Result<void> PathWalk::go_up()
{
    if (has_limit(resolve_limits::kBeneath) && current_ == *root_) return Errno::Xdev;
    current_ = vfs_.step_up(current_, *root_);
    return check_mount(current_);
}

Result<void> PathWalk::take_dots()
{
    ASSERT(last_ != Last::Name);
    if (last_ == Last::DotDot) return go_up();
    return {};
}

Result<bool> PathWalk::step(StringView name, bool follows)
{
    Ref<Dentry> entry = TRY(vfs_.lookup_child(current_.entry(), name));
    if (entry->is_negative()) return Errno::NoEnt;
    bool const is_link = entry->inode().type() == InodeType::SymbolicLink;
    if (!entry->is_mount_point() && !(is_link && follows)) {
        current_.enter(std::move(entry));
        return false;
    }
    Path found = vfs_.cross_mounts(Path(current_.mount(), std::move(entry)));
    TRY(check_mount(found));
    if (follows && found.inode().type() == InodeType::SymbolicLink) {
        TRY(push_link(found));
        return true;
    }
    current_ = std::move(found);
    return false;
}

// One component that is not the last.
Result<void> PathWalk::advance(StringView name)
{
    if (name == ".") return {};
    if (name == "..") return go_up();
    TRY(step(name, true));
    return {};
}

Result<void> PathWalk::push_link(Path const& place)
{
    using namespace resolve_limits;
    Inode& link = place.inode();
    // path_resolution(7): at most 40 links in one resolution.
    if (links_followed_ == kSymlinkMaximum) return Errno::Loop;
    if (has_limit(kNoLinks)) return Errno::Loop;
    // mount(2), MS_NOSYMFOLLOW.
    if ((place.mount()->flags() & mount_flags::kNoSymbolicLinks) != 0) return Errno::Loop;
    ++links_followed_;
    // The link may be dropped from its directory and die while its text is in use: it stays.
    Ref<Inode> const held(&link);
    Result<Path> magic = link.follow_magic();
    if (magic.is_ok()) {
        if (has_limit(kNoMagicLinks)) return Errno::Loop;
        if (has_limit(kBeneath | kInRoot)) return Errno::Xdev;
        TRY(check_mount(magic.value()));
        current_ = magic.take();
        has_jumped_ = true;
        return {};
    }
    if (magic.error() != Errno::Inval) return magic.error();

    u64 const size = link.attributes().size;
    usize const capacity =
        size > 0 && size < kPathMaximum ? static_cast<usize>(size) + 1 : kPathMaximum;
    Own<Text> text = TRY(vfs_.heap().create<Text>());
    text->storage = TRY(Buffer::create(vfs_.heap(), capacity));
    auto* const letters = reinterpret_cast<char*>(text->storage.data());
    usize const length = TRY(link.read_link({letters, capacity}));
    Vfs::note_access(place);
    if (length == capacity) return Errno::NameTooLong;
    if (length == 0) return Errno::NoEnt;
    text->rest = StringView(letters, length);
    if (letters[0] == '/') {
        if (has_limit(kBeneath)) return Errno::Xdev;
        TRY(check_mount(*root_));
        current_ = *root_;
    }
    // What is used up below is not needed any more, so the stack is as deep as the links are
    // nested.
    while (top_ && top_->rest.is_empty()) pop_text();
    text->below = std::move(top_);
    top_ = std::move(text);
    return {};
}

}  // namespace drydock
