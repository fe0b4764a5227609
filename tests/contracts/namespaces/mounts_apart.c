// mount_namespaces(7): mounts made in one tree are not seen in another; unshare(CLONE_NEWNS) keeps
// root, working directory and open files, and parts from who shared them (CLONE_FS).
#include "tests/contracts/namespaces/support.h"

int main(void)
{
    mkdir("m", 0755);
    mkdir("m/d", 0755);
    mkdir("before", 0755);
    show("mount before", mount("none", "before", "tmpfs", 0, NULL));
    make_file("before/f", "");
    chdir("before");
    struct barrier const made = barrier_make();
    struct barrier const seen = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        int const folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        show("unshare", unshare(CLONE_NEWNS));
        char here[256];
        printf("here: %s\n", getcwd(here, sizeof here));
        show("mounted before, by its name", access("/work/before/f", F_OK));
        show("by the working directory", access("f", F_OK));
        show("by a descriptor", faccessat(folder, "f", F_OK, 0));
        show("mount inside", mount("none", "/work/m", "tmpfs", 0, NULL));
        make_file("/work/m/inside", "");
        barrier_signal(&made);
        barrier_wait(&seen);
        show("mounted outside", access("/work/m/outside", F_OK));
        show("umount of the copy, with the old one in use", umount2("/work/before", MNT_DETACH));
        show("the working directory stays", access("f", F_OK));
        leave(0);
    }
    barrier_wait(&made);
    show("mounted inside", access("/work/m/inside", F_OK));
    show("not covered", access("/work/m/d", F_OK));
    show("rmdir of what the other covers", rename("/work/m/d", "/work/d"));
    show("rmdir of where the other has mounted", rmdir("/work/m"));
    barrier_signal(&seen);
    show_end("child", child);
    show("still here", access("f", F_OK));
    chdir("/work");
    show("umount", umount("before"));
    return 0;
}
