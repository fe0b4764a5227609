// mount(2), MS_NOATIME, MS_NODIRATIME, MS_RELATIME, MS_STRICTATIME: when reading changes st_atime.
#include "tests/contracts/mounts/support.h"

#include <dirent.h>

// As seconds: long ago, an hour ago, or now.
enum { kLongAgo = 1000000000 };

static void age(char const* path, long accessed, long modified)
{
    struct timespec const times[2] = {{accessed, 0}, {modified, 0}};
    require(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0, "utimensat");
}

static void show_change(char const* what, char const* path, long before)
{
    struct stat info;
    require(lstat(path, &info) == 0, "lstat");
    printf("  %s: %s\n", what, info.st_atime == before ? "the same" : "changed");
}

static void read_all(long accessed, long modified)
{
    char byte;
    char const* const paths[] = {"m/f", "m/d", "m/link"};
    for (int i = 0; i < 3; ++i) age(paths[i], accessed, modified);
    int const file = open("m/f", O_RDONLY | O_CLOEXEC);
    require(read(file, &byte, 1) == 1, "read");
    close(file);
    show_change("file", "m/f", accessed);
    age("m/f", accessed, modified);
    int const quiet = open("m/f", O_RDONLY | O_NOATIME | O_CLOEXEC);
    require(read(quiet, &byte, 1) == 1, "read");
    close(quiet);
    show_change("file, O_NOATIME", "m/f", accessed);
    DIR* const folder = opendir("m/d");
    while (readdir(folder) != NULL) {
    }
    closedir(folder);
    show_change("folder", "m/d", accessed);
    require(readlink("m/link", &byte, 1) == 1, "readlink");
    show_change("link", "m/link", accessed);
    fflush(stdout);
}

static void try_flags(char const* what, unsigned long flags)
{
    printf("%s\n", what);
    require(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | flags, NULL) == 0, "remount");
    printf(" accessed before it was changed:\n");
    read_all(kLongAgo, kLongAgo + 1000);
}

int main(void)
{
    mkdir("m", 0755);
    show_mount("mount", "none", "m", "tmpfs", 0, NULL);
    make_file("m/f", "text");
    mkdir("m/d", 0755);
    symlink("f", "m/link");
    try_flags("as it was", 0);
    try_flags("relatime", MS_RELATIME);
    try_flags("noatime", MS_NOATIME);
    try_flags("nodiratime", MS_NODIRATIME);
    try_flags("strictatime", MS_STRICTATIME);
    try_flags("strictatime, nodiratime", MS_STRICTATIME | MS_NODIRATIME);
    show_mounts("kept without any", "/work");
    try_flags("again as it was", 0);
    try_flags("read-only", MS_RDONLY | MS_STRICTATIME);
    show("umount", umount("m"));
    return 0;
}
