#pragma once

// Files that the kernel writes (procfs, sysfs, cgroup2): the text of one is made when it is read
// from the start, and stays as it is until then; what is written to one is taken as a whole.

#include "core/base/text.h"
#include "core/vfs/file.h"

namespace drydock {

class TextInode : public Inode {
public:
    virtual Heap& heap() = 0;
    virtual Result<void> generate(Text& text) = 0;
    // Without the end of line; maybe nothing. Errno::Io where it cannot be written to.
    virtual Result<void> write(StringView /*text*/) { return Errno::Io; }
};

// Errno::NoMem.
Result<Ref<File>> open_text_file(TextInode& inode, OpenRequest const& request);

}  // namespace drydock
