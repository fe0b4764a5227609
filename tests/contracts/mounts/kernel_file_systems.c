// proc(5), sysfs(5), devtmpfs: mounted once more they show the same; what of each programs use.
#include "tests/contracts/mounts/support.h"

#include <sys/sysmacros.h>

static void show_file(char const* path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        show(path, -1);
        return;
    }
    // Whoever manages devices may have changed their modes.
    printf("%s: mode %o", path, S_ISCHR(info.st_mode) ? S_IFCHR : info.st_mode);
    if (S_ISCHR(info.st_mode)) printf(", device %d:%d", major(info.st_rdev), minor(info.st_rdev));
    printf("\n");
}

static void show_kind(char const* path)
{
    struct statfs info;
    require(statfs(path, &info) == 0, "statfs");
    printf(
        "%s: type %lx, longest name %ld\n", path, (unsigned long)info.f_type, (long)info.f_namelen);
}

int main(void)
{
    mkdir("p", 0755);
    mkdir("s", 0755);
    mkdir("d", 0755);
    show_mount("proc", "any name", "p", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    show_mount("proc, unknown option", "proc", "p", "proc", 0, "no-such-option");
    show_mount("proc at the same place", "proc", "p", "proc", 0, NULL);
    show_file("p/self/stat");
    char link[32] = "";
    char number[32];
    snprintf(number, sizeof number, "%d", getpid());
    require(readlink("p/self", link, sizeof link) > 0, "self");
    printf("self is the reader: %d\n", strcmp(link, number) == 0);
    show_kind("p");
    show_mount("sysfs", "sysfs", "s", "sysfs", 0, NULL);
    show_mount("sysfs, unknown option", "sysfs", "s", "sysfs", 0, "no-such-option");
    show_file("s/devices/system/cpu/online");
    show_file("s/fs/cgroup");
    show_file("s/kernel");
    show_kind("s");
    show_mount("devtmpfs", "dev", "d", "devtmpfs", 0, NULL);
    char const* const names[] = {
        "d/null", "d/zero", "d/full", "d/random", "d/urandom", "d/tty", "d/console"};
    for (int i = 0; i < 7; ++i) show_file(names[i]);
    show_ok("open", open("d/null", O_WRONLY | O_CLOEXEC));
    for (int i = 3; i < 8; ++i) close(i);
    show("umount", umount("p"));
    show("umount", umount("s"));
    show("umount", umount("d"));
    return 0;
}
