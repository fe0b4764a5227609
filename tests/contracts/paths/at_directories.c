// openat(2) and its family: relative paths start at the descriptor, absolute ones do not look at it; what is no
// directory is ENOTDIR, what is closed EBADF.
#include "tests/contracts/contract.h"

int main(void)
{
    struct stat status;
    char text[16] = {0};
    make_file("file", "");
    require(mkdir("dir", 0755) == 0 && mkdir("dir/inner", 0755) == 0, "tree");
    int const directory = open("dir", O_RDONLY), file = open("file", O_RDONLY);
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("mkdirat", mkdirat(directory, "new", 0755));
    show("mknodat", mknodat(directory, "fifo", S_IFIFO | 0600, 0));
    show("symlinkat", symlinkat("inner", directory, "link"));
    show("readlinkat", readlinkat(directory, "link", text, sizeof text));
    printf("%s\n", text);
    show("linkat", linkat(AT_FDCWD, "file", directory, "hard", 0));
    show("renameat", renameat(directory, "hard", directory, "harder"));
    show("fchmodat", fchmodat(directory, "harder", 0600, 0));
    show("fchownat of a link", fchownat(directory, "link", 3, 4, AT_SYMLINK_NOFOLLOW));
    show("fstatat of a link", fstatat(directory, "link", &status, AT_SYMLINK_NOFOLLOW));
    printf("%u %u\n", status.st_uid, status.st_gid);
    show("faccessat", faccessat(directory, "harder", W_OK, 0));
    show("unlinkat", unlinkat(directory, "harder", 0));
    show("unlinkat of a directory", unlinkat(directory, "new", 0));
    show("with AT_REMOVEDIR", unlinkat(directory, "new", AT_REMOVEDIR));
    show("AT_REMOVEDIR of a fifo", unlinkat(directory, "fifo", AT_REMOVEDIR));
    show("AT_REMOVEDIR of a link", unlinkat(directory, "link", AT_REMOVEDIR));
    show("unknown flag", unlinkat(directory, "fifo", 1));
    show("from a file", openat(file, "x", O_RDONLY));
    show("from a pipe", openat(ends[0], "x", O_RDONLY));
    show("from a closed one", openat(77, "x", O_RDONLY));
    show_ok("absolute from a closed one", openat(77, "/work/file", O_RDONLY));
    show("mkdirat from a file", mkdirat(file, "x", 0755));
    show("fstatat from a closed one", fstatat(77, "x", &status, 0));
    show("renameat from a closed one", renameat(77, "x", directory, "y"));
    show("renameat to a file", renameat(directory, "fifo", file, "y"));
    show("linkat to a closed one", linkat(directory, "fifo", 77, "y", 0));
    show("rename the directory", rename("dir", "moved"));
    show("still the same", fstatat(directory, "inner", &status, 0));
    show("up from it", fstatat(directory, "../moved", &status, 0));
    show_ok("through itself", openat(directory, ".", O_RDONLY));
    return 0;
}
