// mknod(2): which kinds can be made, by whom, and what opening them does.
#include "tests/contracts/contract.h"
#include <sys/sysmacros.h>

static void make(char const* name, mode_t mode, dev_t device)
{
    struct stat status;
    if (show(name, mknod(name, mode, device)) != 0) return;
    require(lstat(name, &status) == 0, name);
    printf("  type %o mode %o device %u:%u size %ld\n", (status.st_mode & S_IFMT) >> 12, status.st_mode & 07777, major(status.st_rdev),
           minor(status.st_rdev), (long)status.st_size);
}

int main(void)
{
    char byte = 0;
    make("regular", S_IFREG | 0644, makedev(3, 4));
    make("no_type", 0600, 0);
    make("fifo", S_IFIFO | 0666, 0);
    make("socket", S_IFSOCK | 0666, 0);
    make("character", S_IFCHR | 0666, makedev(1, 3));
    make("block", S_IFBLK | 0660, makedev(7, 1000));
    make("directory", S_IFDIR | 0755, 0);
    make("link", S_IFLNK | 0777, 0);
    make("unknown", 0150000, 0);
    make("regular", S_IFREG, 0);
    make("set_ids", S_IFREG | 07777, 0);
    int const null = open("character", O_RDWR);
    show_ok("open null", null);
    show("read", read(null, &byte, 1));
    show("write", write(null, &byte, 1));
    show("open a socket", open("socket", O_RDWR));
    make("nobody", S_IFCHR | 0666, makedev(250, 250));
    show("open a device that is not there", open("nobody", O_RDWR));
    show("place of it", open("nobody", O_PATH) >= 0);
    require(chmod(".", 0777) == 0 && setresuid(1000, 1000, 1000) == 0, "setresuid");
    make("own_fifo", S_IFIFO | 0600, 0);
    make("own_file", S_IFREG | 0600, 0);
    make("own_socket", S_IFSOCK | 0600, 0);
    make("own_device", S_IFCHR | 0600, makedev(1, 3));
    make("fifo", S_IFCHR | 0600, makedev(1, 3));
    make("missing/x", S_IFCHR | 0600, makedev(1, 3));
    return 0;
}
