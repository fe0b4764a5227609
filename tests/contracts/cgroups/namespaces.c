// cgroup_namespaces(7): the root is where unshare(2) was called; what is above is "/..".
#include "tests/contracts/cgroups/support.h"

static long number_of(pid_t process)
{
    char path[64];
    struct stat info;
    snprintf(path, sizeof path, "/proc/%d/ns/cgroup", (int)process);
    require(stat(path, &info) == 0, path);
    return (long)info.st_ino;
}

// Where in the hierarchy a mount begins, as mountinfo says.
static void show_root(char const* what, char const* place)
{
    char line[4096];
    FILE* const file = fopen("/proc/self/mountinfo", "re");
    require(file != NULL, "mountinfo");
    while (fgets(line, sizeof line, file) != NULL) {
        char root[1024];
        char target[1024];
        if (sscanf(line, "%*s %*s %*s %1023s %1023s", root, target) != 2) continue;
        char const* const last = strrchr(target, '/');
        if (last == NULL || strcmp(last + 1, place) != 0) continue;
        printf("%s: %s\n", what, root);
    }
    fclose(file);
    fflush(stdout);
}

int main(void)
{
    begin_groups();
    require(mkdir(in_own("a"), 0755) == 0 && mkdir(in_own("b"), 0755) == 0, "mkdir");
    require(mkdir(in_own("a/c"), 0755) == 0, "mkdir");
    char link[64] = "";
    require(readlink("/proc/self/ns/cgroup", link, sizeof link - 1) > 0, "readlink");
    printf("%.8s\n", link);
    int const before = open("/proc/self/ns/cgroup", O_RDONLY | O_CLOEXEC);
    require(before >= 0, "open");
    struct barrier const made = barrier_make();
    struct barrier const go = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        put("a/cgroup.procs", "0");
        show("unshare", unshare(CLONE_NEWCGROUP));
        show_group_of("inside", 0);
        printf("another: %d\n", number_of(getpid()) != number_of(getppid()));
        show("proc of the parent", 0);
        put("b/cgroup.procs", "0");
        show_group_of("in b", 0);
        put("a/c/cgroup.procs", "0");
        show_group_of("in a/c", 0);
        require(mkdir("inner", 0755) == 0, "mkdir");
        show("mount", mount("none", "inner", "cgroup2", 0, NULL));
        show("its root is a", access("inner/c/cgroup.procs", F_OK));
        show("b is not in it", access("inner/b", F_OK));
        show("type at its root", access("inner/cgroup.type", F_OK));
        show_root("its root", "inner");
        show_root("the root of the other", "t");
        show("umount", umount("inner"));
        barrier_signal(&made);
        barrier_wait(&go);
        show("setns", setns(before, CLONE_NEWCGROUP));
        show_group_of("as before", 0);
        printf("the parent's: %d\n", number_of(getpid()) == number_of(getppid()));
        leave(0);
    }
    barrier_wait(&made);
    show_group_of("from outside", child);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/cgroup", (int)child);
    int const inner = open(path, O_RDONLY | O_CLOEXEC);
    require(inner >= 0, "open");
    show("wrong kind", setns(inner, CLONE_NEWUTS));
    barrier_signal(&go);
    show_end("child", child);
    show("setns", setns(inner, 0));
    show_group_of("entered", 0);
    show("back", setns(before, CLONE_NEWCGROUP));
    pid_t const user = fork_child();
    if (user == 0) {
        require(setuid(1000) == 0, "setuid");
        show("without rights", unshare(CLONE_NEWCGROUP));
        show("setns", setns(inner, 0));
        leave(0);
    }
    show_end("user", user);
    return 0;
}
