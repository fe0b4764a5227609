// open(2) O_PATH: a place in the tree and nothing else: what works on such a descriptor, and what
// fails with EBADF.
#include "tests/contracts/contract.h"
#include <sys/ioctl.h>
#include <sys/file.h>
#include <sys/statfs.h>

int main(void)
{
    make_file("f", "text");
    require(mkdir("dir", 0700) == 0 && symlink("f", "link") == 0, "tree");
    make_file("dir/in", "");
    int const place = open("f", O_PATH);
    char text[16] = {0};
    struct stat status;
    struct statfs system;
    show("read", read(place, text, 1));
    show("write", write(place, text, 1));
    show("pread", pread(place, text, 1, 0));
    show("lseek", lseek(place, 0, SEEK_SET));
    show("fchmod", fchmod(place, 0600));
    show("fchown", fchown(place, 0, 0));
    show("ftruncate", ftruncate(place, 0));
    show("fsync", fsync(place));
    show("ioctl", ioctl(place, FIONREAD, text));
    show("flock", flock(place, LOCK_SH));
    show("fgetxattr", syscall(SYS_fgetxattr, place, "user.x", NULL, 0));
    show("futimens", futimens(place, NULL));
    show_mapped("mmap", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, place, 0));
    show("fstat", fstat(place, &status));
    show("size", status.st_size);
    show("fstatfs", fstatfs(place, &system));
    show_ok("dup", dup(place));
    show("fchdir", fchdir(place));
    show("as a directory", openat(place, "x", O_RDONLY));
    int const directory = open("dir", O_PATH | O_DIRECTORY);
    show_ok("openat", openat(directory, "in", O_RDONLY));
    show("getdents", syscall(SYS_getdents64, directory, text, sizeof text));
    show("O_DIRECTORY of a file", open("f", O_PATH | O_DIRECTORY));
    show("other flags are ignored", open("nowhere", O_PATH | O_CREAT, 0600));
    int const link = open("link", O_PATH | O_NOFOLLOW);
    show("fstat of a link", fstat(link, &status));
    show("is a link", S_ISLNK(status.st_mode));
    show("readlinkat", readlinkat(link, "", text, sizeof text));
    show("read of a link", read(link, text, 1));
    show("readlinkat of a file", readlinkat(place, "", text, sizeof text));
    show("fchdir", fchdir(directory));
    show("there", access("in", F_OK));
    return 0;
}
