// The files of cgroups as files: what is written is taken as a whole, positions, what only one side
// can do.
#include "tests/contracts/cgroups/support.h"

int main(void)
{
    begin_groups();
    int const file = open(in_own("cgroup.max.depth"), O_RDWR | O_CLOEXEC);
    require(file >= 0, "open");
    char text[256];
    show("write", write(file, "12\n", 3));
    show("where it is", lseek(file, 0, SEEK_CUR));
    show("read", pread(file, text, sizeof text, 0));
    show("a part", pread(file, text, 1, 0));
    show("behind", pread(file, text, sizeof text, 1));
    show("past the end", pread(file, text, sizeof text, 100));
    show("to the start", lseek(file, 0, SEEK_SET));
    show("read", read(file, text, sizeof text));
    show("again", read(file, text, sizeof text));
    show("pwrite at 100", pwrite(file, "5", 1, 100));
    get("cgroup.max.depth");
    struct iovec const parts[] = {{"1", 1}, {"7", 1}};
    show("writev", writev(file, parts, 2));
    get("cgroup.max.depth");
    show("zero byte", write(file, "4\0005", 3));
    get("cgroup.max.depth");
    static char large[5000];
    memset(large, ' ', sizeof large);
    large[0] = '6';
    show("a page", write(file, large, 4096));
    get("cgroup.max.depth");
    show("more", write(file, large, 4097));
    show("bad address", write(file, (void*)1, 3));
    int const list = open(in_own("cgroup.stat"), O_RDWR | O_CLOEXEC);
    show_ok("read-only file", list);
    show("write to it", write(list, "1", 1));
    int const kill_file = open(in_own("cgroup.kill"), O_RDWR | O_CLOEXEC);
    show_ok("write-only file", kill_file);
    show("read of it", read(kill_file, text, sizeof text));
    show("truncated",
         open(in_own("cgroup.max.depth"), O_WRONLY | O_TRUNC | O_CLOEXEC) < 0 ? -1 : 0);
    get("cgroup.max.depth");
    put("cgroup.subtree_control", "+nothing");
    put("cgroup.subtree_control", "memory");
    put("cgroup.subtree_control", " ");
    put("cgroup.type", "domain");
    put("cgroup.type", "x");
    return 0;
}
