// Writing to files of /proc that are only for reading, and writing nothing to those that take text.
#include "tests/contracts/contract.h"

#include <sys/prctl.h>

static void try_file(char const* path)
{
    int const file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        show(path, -1);
        return;
    }
    char what[128];
    snprintf(what, sizeof what, "%s, a byte", path);
    show(what, write(file, "1", 1));
    snprintf(what, sizeof what, "%s, nothing", path);
    show(what, write(file, "", 0));
    close(file);
}

static void write_nothing(char const* path)
{
    int const file = open(path, O_WRONLY | O_CLOEXEC);
    require(file >= 0, path);
    show(path, write(file, "", 0));
    close(file);
}

int main(void)
{
    char const* const names[] = {"/proc/self/stat",
                                 "/proc/self/status",
                                 "/proc/self/cmdline",
                                 "/proc/self/limits",
                                 "/proc/self/maps",
                                 "/proc/self/mounts",
                                 "/proc/self/mountinfo",
                                 "/proc/self/environ",
                                 "/proc/self/oom_score",
                                 "/proc/self/statm",
                                 "/proc/self/smaps",
                                 "/proc/self/task/1/none",
                                 "/proc/version",
                                 "/proc/meminfo",
                                 "/proc/stat",
                                 "/proc/uptime",
                                 "/proc/cpuinfo",
                                 "/proc/filesystems",
                                 "/proc/cmdline",
                                 "/proc/loadavg",
                                 "/proc/sys/kernel/osrelease",
                                 "/proc/sys/kernel/ostype",
                                 "/proc/sys/kernel/random/uuid",
                                 "/proc/sys/fs/file-nr",
                                 "/proc/sys/kernel/ngroups_max"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; ++i) try_file(names[i]);
    write_nothing("/proc/self/comm");
    char name[20] = "";
    prctl(PR_GET_NAME, name);
    printf("the name: \"%s\"\n", name);
    write_nothing("/proc/self/oom_score_adj");
    write_nothing("/proc/sys/kernel/hostname");
    printf("there is a host name: %d\n", gethostname(name, sizeof name) == 0 && name[0] != 0);
    return 0;
}
