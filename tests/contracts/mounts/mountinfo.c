// proc(5), /proc/PID/mounts and mountinfo: fields, escapes, options, and that only what can be
// reached from the process's root is shown.
#include "tests/contracts/mounts/support.h"

static void show_lines(char const* what, char const* part)
{
    char line[4096];
    FILE* const file = fopen("/proc/self/mounts", "re");
    require(file != NULL, "mounts");
    printf("%s:\n", what);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strstr(line, part) == NULL) continue;
        drop_text(line, ",inode64");
        printf("  %s", line);
    }
    fclose(file);
    fflush(stdout);
}

// Ids, parents and devices agree with statx(2) and stat(2).
static void check_numbers(void)
{
    char line[4096];
    int child = 0, parent = 0, own = 0;
    unsigned major = 0, minor = 0;
    FILE* const file = fopen("/proc/self/mountinfo", "re");
    while (fgets(line, sizeof line, file) != NULL) {
        int id, up;
        unsigned one, two;
        char place[4096];
        if (sscanf(line, "%d %d %u:%u %*s %4095s", &id, &up, &one, &two, place) != 5) continue;
        if (strcmp(place, "/work/plain") == 0) own = id, major = one, minor = two;
        if (strcmp(place, "/work/plain/in") == 0) child = id, parent = up;
    }
    fclose(file);
    struct stat info;
    require(stat("plain", &info) == 0, "stat");
    printf("the parent is the outer one: %d, another id: %d, its device: %d\n",
           parent == own,
           child != own,
           info.st_dev == ((uint64_t)major << 8 | minor));
}

int main(void)
{
    mkdir("plain", 0755);
    mkdir("with blank", 0755);
    mkdir("with\ttab\nand\\more#", 0755);
    show_mount(
        "plain", "source name", "plain", "tmpfs", 0, "size=1M,nr_inodes=100,mode=0711,uid=7,gid=8");
    mkdir("plain/in", 0755);
    show_mount("in", "", "plain/in", "tmpfs", MS_RDONLY, NULL);
    show_mount(
        "blank", NULL, "with blank", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME, NULL);
    show_mount(
        "tab", "none", "with\ttab\nand\\more#", "tmpfs", MS_STRICTATIME | MS_NODIRATIME, NULL);
    mkdir("with blank/folder", 0755);
    mkdir("bound", 0755);
    show_mount("bound", "with blank/folder", "bound", NULL, MS_BIND, NULL);
    show_lines("mounts", "/work");
    show_mounts("mountinfo", "/work");
    check_numbers();
    show("rmdir of the folder that is bound", rmdir("with blank/folder"));
    show_mounts("mountinfo", "/work/bound");
    pid_t const child = fork_child();
    if (child == 0) {
        require(mkdir("plain/proc", 0755) == 0, "mkdir");
        show_mount("proc", "proc", "plain/proc", "proc", 0, NULL);
        require(chroot("plain") == 0 && chdir("/") == 0, "chroot");
        show_lines("mounts below another root", "tmpfs");
        show("umount", umount("/proc"));
        leave(0);
    }
    show_end("child", child);
    show("umount", umount("plain/in"));
    show("umount", umount("plain"));
    show("umount", umount("bound"));
    show("umount", umount("with blank"));
    show("umount", umount("with\ttab\nand\\more#"));
    return 0;
}
