// mount(2), MS_NOSUID, MS_NOEXEC, MS_NODEV, MS_NOSYMFOLLOW: what each forbids, and statfs(2),
// f_flags.
#include "tests/contracts/mounts/support.h"

#include <sys/sysmacros.h>

static void copy_self(char const* path)
{
    static char bytes[1 << 20];
    int const from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int const to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    require(from >= 0 && to >= 0, path);
    ssize_t const size = read(from, bytes, sizeof bytes);
    require(write(to, bytes, (size_t)size) == size, "copy");
    close(from);
    close(to);
}

static void run(char const* what, char const* path)
{
    pid_t const child = fork_child();
    if (child == 0) {
        setresgid(1000, 1000, 1000);
        setresuid(1000, 1000, 1000);
        execl(path, path, "who", NULL);
        show("exec", -1);
        leave(1);
    }
    show_end(what, child);
}

static void try_all(char const* what, unsigned long flags)
{
    printf("-- %s\n", what);
    show_mount("remount", NULL, "m", NULL, MS_REMOUNT | MS_BIND | flags, NULL);
    struct statfs info;
    require(statfs("m", &info) == 0, "statfs");
    printf("f_flags: %#lx\n", (unsigned long)info.f_flags);
    run("program", "m/program");
    run("set-id program", "m/set-id");
    int const file = open("m/program", O_RDONLY | O_CLOEXEC);
    void* const code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
    show_mapped("mmap to execute", code);
    void* const data =
        show_mapped("mmap to read", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0));
    show("mprotect to execute", mprotect(data, 4096, PROT_READ | PROT_EXEC));
    close(file);
    show_ok("device", open("m/null", O_RDWR | O_CLOEXEC));
    show("access to the device", access("m/null", R_OK | W_OK));
    show("access to execute", access("m/program", X_OK));
    show_ok("through a link", open("m/link", O_RDONLY | O_CLOEXEC));
    show_ok("through a link to a folder", open("m/folder/program", O_RDONLY | O_CLOEXEC));
    char target[32];
    show("readlink", readlink("m/link", target, sizeof target));
    for (int i = 3; i < 16; ++i) close(i);
}

int main(int count, char** words)
{
    if (count > 1 && strcmp(words[1], "who") == 0) {
        printf("  uid %d, euid %d, gid %d, egid %d\n", getuid(), geteuid(), getgid(), getegid());
        return 0;
    }
    mkdir("m", 0755);
    show_mount("mount", "none", "m", "tmpfs", 0, "mode=755");
    copy_self("m/program");
    copy_self("m/set-id");
    chmod("m/set-id", 06755);
    require(mknod("m/null", S_IFCHR | 0666, makedev(1, 3)) == 0, "mknod");
    chmod("m/null", 0666);
    symlink("program", "m/link");
    symlink(".", "m/folder");
    try_all("nothing", 0);
    try_all("nosuid", MS_NOSUID);
    try_all("noexec", MS_NOEXEC);
    try_all("nodev", MS_NODEV);
    try_all("nosymfollow", MS_NOSYMFOLLOW);
    try_all("all",
            MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_NOSYMFOLLOW | MS_RDONLY | MS_NOATIME |
                MS_NODIRATIME);
    show("umount", umount("m"));
    return 0;
}
