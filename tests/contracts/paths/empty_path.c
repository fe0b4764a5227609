// openat(2), AT_EMPTY_PATH, AT_FDCWD: which calls take a descriptor in place of a path; an empty path is ENOENT
// otherwise.
#include "tests/contracts/contract.h"

int main(void)
{
    struct stat status;
    make_file("f", "text");
    require(symlink("f", "link") == 0, "symlink");
    int const file = open("f", O_RDONLY);
    int const link = open("link", O_PATH | O_NOFOLLOW);
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("fstatat", fstatat(file, "", &status, AT_EMPTY_PATH));
    show("size", status.st_size);
    show("of the working directory", fstatat(AT_FDCWD, "", &status, AT_EMPTY_PATH));
    show("directory", S_ISDIR(status.st_mode));
    show("of a pipe", fstatat(ends[0], "", &status, AT_EMPTY_PATH));
    show("fifo", S_ISFIFO(status.st_mode));
    show("of a closed one", fstatat(77, "", &status, AT_EMPTY_PATH));
    show("without the flag", fstatat(file, "", &status, 0));
    show("with a path", fstatat(file, "x", &status, AT_EMPTY_PATH));
    show("with an absolute path", fstatat(file, "/", &status, AT_EMPTY_PATH));
    show("unknown flag", fstatat(file, "", &status, AT_EMPTY_PATH | 1));
    show("fchownat", fchownat(file, "", 5, 6, AT_EMPTY_PATH));
    show("of a link", fchownat(link, "", 7, 8, AT_EMPTY_PATH));
    fstat(file, &status);
    printf("file: %u %u\n", status.st_uid, status.st_gid);
    lstat("link", &status);
    printf("link: %u %u\n", status.st_uid, status.st_gid);
    show("without the flag", fchownat(file, "", 5, 6, 0));
    show("openat", openat(file, "", O_RDONLY));
    show("faccessat2", syscall(SYS_faccessat2, file, "", R_OK, AT_EMPTY_PATH));
    show("faccessat2 without", syscall(SYS_faccessat2, file, "", R_OK, 0));
    show("utimensat", syscall(SYS_utimensat, file, "", NULL, AT_EMPTY_PATH));
    show("unlinkat", unlinkat(file, "", 0));
    show("mkdirat", mkdirat(AT_FDCWD, "", 0700));
    show("renameat", renameat(file, "", AT_FDCWD, "x"));
    show("symlinkat to empty", symlinkat("", AT_FDCWD, "x"));
    show("readlinkat of a link", readlinkat(link, "", (char[8]){0}, 8));
    show("null path", syscall(SYS_newfstatat, file, NULL, &status, 0));
    return 0;
}
