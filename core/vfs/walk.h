#pragma once

// One walk along a path (path_resolution(7)), component by component, without recursion: the texts
// of symbolic links that are being followed are kept in a stack on the heap.

#include "core/vfs/vfs.h"

namespace drydock {

class PathWalk {
public:
    // What the last component is. Jumped: a magic link has led to current() itself.
    enum class Last : u8 { Name, Root, Dot, DotDot, Jumped };

    PathWalk(Vfs& vfs, Resolver const& resolver) : vfs_(vfs), resolver_(resolver) {}
    PathWalk(PathWalk const&) = delete;
    PathWalk& operator=(PathWalk const&) = delete;
    ~PathWalk();

    // Takes the path and the place to start from. Errno::NoEnt if empty, NameTooLong, NotDir.
    Result<void> start(StringView text);
    // Walks all components but the last, which is then described by the four accessors; current()
    // is the directory that it is in, which may be searched. Again after push_link().
    Result<void> walk_to_last();
    Last last() const { return last_; }
    StringView last_name() const { return last_name_; }
    // It must be a directory: a slash follows it.
    bool last_has_slash() const { return last_has_slash_; }
    // A last component with a slash behind it was met at any level of links.
    bool needs_directory() const { return needs_directory_; }

    Path const& current() const { return current_; }
    Path take_current() { return std::move(current_); }
    // Moves to what a last component that is no name stands for.
    Result<void> take_dots();
    // Errno::Xdev where the walk must not leave its first mount and the place has.
    Result<void> check_mount(Path const& place) const;
    // Follows a symbolic link found in current(). Errno::Loop, NoEnt, NoMem.
    Result<void> push_link(Path const& place);
    // Moves to what the name in current() leads to, mounts crossed; follows a symbolic link
    // instead, if that is asked for, and says so. Errno::NoEnt for a free name.
    Result<bool> step(StringView name, bool follows);
    u64 components() const { return components_; }

private:
    // The text of a link and how much of it is left.
    struct Text {
        Buffer storage{};
        StringView rest{};
        Own<Text> below{};
    };

    StringView& rest() { return top_ ? top_->rest : base_rest_; }
    bool is_rest_empty() const;
    bool take_component(StringView& name, bool& has_slash);
    bool has_limit(u32 limits) const { return (resolver_.limits & limits) != 0; }
    Result<void> go_up();
    Result<void> check_search();
    Result<void> advance(StringView name);
    void pop_text();

    Vfs& vfs_;
    Resolver const& resolver_;
    Path current_{};
    // Where "/" and the last ".." lead: the caller's root, or where the walk has started.
    Path const* root_ = nullptr;
    Path own_root_{};
    Ref<Mount> mount_{};  // The one it started in, where it must not leave it.
    StringView base_rest_{};
    Own<Text> top_{};
    StringView last_name_{};
    Last last_ = Last::Root;
    bool last_has_slash_ = false;
    bool needs_directory_ = false;
    bool has_jumped_ = false;
    u32 links_followed_ = 0;
    u64 components_ = 0;
};

}  // namespace drydock
