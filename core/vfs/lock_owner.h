#pragma once

// Whoever has file locks, as far as files and descriptor tables know: its end gives the locks up.

#include "core/base/ref.h"

namespace drydock {

class Inode;

class LockOwner : public RefCounted {
public:
    // A process has closed a descriptor of this file: its record locks on it are gone, however many
    // other descriptors there are (fcntl(2)).
    virtual void descriptor_closed(Inode& inode) = 0;
};

}  // namespace drydock
