// ioctl_ficlone(2): FICLONE and FICLONERANGE on a file system whose files share nothing, and what comes before that (fs/remap_range.c).
#include "tests/contracts/contract.h"

#include <sys/ioctl.h>

// linux/fs.h, which musl does not have.
struct file_clone_range {
    int64_t src_fd;
    uint64_t src_offset, src_length, dest_offset;
};
#define FICLONE _IOW(0x94, 9, int)
#define FICLONERANGE _IOW(0x94, 13, struct file_clone_range)

int main(void)
{
    make_file("source", "0123456789");
    make_file("target", "");
    int const source = open("source", O_RDONLY), target = open("target", O_RDWR), folder = open(".", O_RDONLY);
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("files", ioctl(target, FICLONE, source));
    show("no such descriptor", ioctl(target, FICLONE, 999));
    show("to a reader", ioctl(source, FICLONE, source));
    show("from a writer", ioctl(target, FICLONE, open("source", O_WRONLY)));
    show("to append", ioctl(open("target", O_WRONLY | O_APPEND), FICLONE, source));
    show("from a folder", ioctl(target, FICLONE, folder));
    show("to a folder", ioctl(folder, FICLONE, source));
    show("between pipes", ioctl(ends[1], FICLONE, ends[0]));
    show("from a pipe", ioctl(target, FICLONE, ends[0]));
    show("from another file system", ioctl(target, FICLONE, open("/proc/self/status", O_RDONLY)));
    struct file_clone_range range = {.src_fd = source, .src_length = 5};
    show("range", ioctl(target, FICLONERANGE, &range));
    range.src_fd = -1;
    show("range of nothing", ioctl(target, FICLONERANGE, &range));
    show("bad range", ioctl(target, FICLONERANGE, (void*)8));
    return 0;
}
