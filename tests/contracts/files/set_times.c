// utimensat(2): UTIME_NOW, UTIME_OMIT, nanoseconds that are none; links, descriptors, and who may.
#include "tests/contracts/contract.h"

static void show_times(char const* path)
{
    struct stat status;
    require(lstat(path, &status) == 0, path);
    long const parts[4] = {status.st_atim.tv_sec, status.st_atim.tv_nsec, status.st_mtim.tv_sec,
                           status.st_mtim.tv_nsec};
    if (parts[0] < 100000) printf("  access %ld.%09ld", parts[0], parts[1]);
    else printf("  access now");
    if (parts[2] < 100000) printf(" modification %ld.%09ld\n", parts[2], parts[3]);
    else printf(" modification now\n");
}

static void set(char const* what, char const* path, long a, long an, long m, long mn, int flags)
{
    struct timespec const times[2] = {{a, an}, {m, mn}};
    show(what, utimensat(AT_FDCWD, path, times, flags));
}

int main(void)
{
    make_file("f", "x");
    require(symlink("f", "link") == 0 && symlink("nothing", "dangling") == 0, "links");
    set("both", "f", 10, 11, 20, 999999999, 0);
    show_times("f");
    set("omit access", "f", 77, UTIME_OMIT, 30, 0, 0);
    show_times("f");
    set("omit both", "f", 0, UTIME_OMIT, 0, UTIME_OMIT, 0);
    set("omit both of nothing", "nothing", 0, UTIME_OMIT, 0, UTIME_OMIT, 0);
    set("access now", "f", 77, UTIME_NOW, 40, 0, 0);
    show_times("f");
    set("before 1970", "f", -5, 7, -1, 0, 0);
    show_times("f");
    set("too many nanoseconds", "f", 0, 1000000000, 0, 0, 0);
    set("negative nanoseconds", "f", 0, 0, 0, -1, 0);
    set("of the link", "link", 50, 0, 60, 0, AT_SYMLINK_NOFOLLOW);
    show_times("link");
    show_times("f");
    set("of nothing", "nothing", 0, 0, 0, 0, 0);
    set("dangling", "dangling", 0, 0, 0, 0, 0);
    set("bad flags", "f", 0, 0, 0, 0, 4);
    set("empty path", "", 0, 0, 0, 0, 0);
    show("bad times", syscall(SYS_utimensat, AT_FDCWD, "f", 8, 0));
    show("no path", syscall(SYS_utimensat, AT_FDCWD, NULL, NULL, 0));
    int const file = open("f", O_RDONLY);
    struct timespec const times[2] = {{1, 0}, {2, 0}};
    show("descriptor", futimens(file, times));
    show("descriptor with flags", syscall(SYS_utimensat, file, NULL, times, AT_SYMLINK_NOFOLLOW));
    show("closed", futimens(77, times));
    require(chmod("f", 0666) == 0 && setresuid(1000, 1000, 1000) == 0, "setresuid");
    show("others with write access, now", utimensat(AT_FDCWD, "f", NULL, 0));
    set("both now", "f", 0, UTIME_NOW, 0, UTIME_NOW, 0);
    set("one now", "f", 0, UTIME_NOW, 0, UTIME_OMIT, 0);
    set("a time of their own", "f", 1, 0, 2, 0, 0);
    set("omit both", "f", 0, UTIME_OMIT, 0, UTIME_OMIT, 0);
    return 0;
}
