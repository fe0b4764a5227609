#pragma once

// A place in the tree of names: a directory entry inside a mount. Keeps both alive.

#include "core/base/ref.h"

namespace drydock {

class Dentry;
class Mount;
class Inode;

class Path {
public:
    Path();
    Path(Ref<Mount> mount, Ref<Dentry> entry);
    Path(Path const&);
    Path(Path&&);
    Path& operator=(Path);
    ~Path();

    bool is_empty() const;
    // Another entry of the same mount.
    void enter(Ref<Dentry> entry);
    Inode& inode() const;
    Ref<Mount> const& mount() const { return mount_; }
    Ref<Dentry> const& entry() const { return entry_; }
    friend bool operator==(Path const& left, Path const& right)
    {
        return left.mount_ == right.mount_ && left.entry_ == right.entry_;
    }

private:
    Ref<Mount> mount_{};
    Ref<Dentry> entry_{};
};

}  // namespace drydock
