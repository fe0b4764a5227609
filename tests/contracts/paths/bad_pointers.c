// Calls that take paths, EFAULT: a bad address of a path or a result, and which of several errors is told.
#include "tests/contracts/contract.h"
#include <sys/statfs.h>

int main(void)
{
    char* const bad = (char*)8;
    char* const page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct stat status;
    munmap(page + 4096, 4096);
    make_file("file", "text");
    show("open", open(bad, O_RDONLY));
    show("stat", stat(bad, &status));
    show("stat into it", syscall(SYS_stat, "file", bad));
    show("stat of nothing into it", syscall(SYS_stat, "nothing", bad));
    show("statfs into it", statfs("file", (void*)bad));
    show("rename", rename(bad, "x"));
    show("rename to", rename("file", bad));
    show("rename nothing to", rename("nothing", bad));
    show("link", link(bad, "x"));
    show("link to", link("file", bad));
    show("symlink", symlink(bad, "x"));
    show("symlink to", symlink("x", bad));
    show("unlink", unlink(bad));
    show("mkdir", mkdir(bad, 0700));
    show("chmod", chmod(bad, 0700));
    show("chown", chown(bad, 0, 0));
    show("truncate", truncate(bad, 0));
    show("access", access(bad, F_OK));
    show("access with a bad mode", access(bad, 99));
    show("chroot", chroot(bad));
    show("mknod", mknod(bad, S_IFIFO, 0));
    show("mknod of a bad kind", mknod(bad, 0050000, 0));
    show("unlinkat with bad flags", unlinkat(AT_FDCWD, bad, 1));
    memcpy(page + 4092, "file", 4);
    show("path without an end", stat(page + 4092, &status));
    memcpy(page + 4091, "file", 5);
    show("path that ends with the page", stat(page + 4091, &status));
    show("closed directory and a bad path", openat(77, bad, O_RDONLY));
    show("bad flags and a bad path", fstatat(AT_FDCWD, bad, &status, 1));
    show("statx into it", syscall(SYS_statx, AT_FDCWD, "file", 0, 0x7ff, bad));
    return 0;
}
