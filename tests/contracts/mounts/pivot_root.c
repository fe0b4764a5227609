// pivot_root(2): the root moves to a folder of the new one; processes that stood at the old root
// stand at the new one. The errors, in a root of its own.
#include "tests/contracts/mounts/support.h"

static void pivot(char const* what, char const* new_root, char const* put_old)
{
    show(what, syscall(SYS_pivot_root, new_root, put_old));
}

static void as_somebody(void)
{
    pid_t const child = fork_child();
    if (child == 0) {
        setresuid(1000, 1000, 1000);
        pivot("as somebody", "/gone", "/gone");
        leave(0);
    }
    show_end("somebody", child);
}

int main(void)
{
    mkdir("r", 0755);
    show_mount("a root", "none", "r", "tmpfs", 0, NULL);
    mkdir("r/proc", 0755);
    mkdir("r/new", 0755);
    mkdir("r/folder", 0755);
    show_mount("proc", "proc", "r/proc", "proc", 0, NULL);
    pid_t const other = fork_child();
    if (other == 0) {
        require(chdir("r") == 0 && chroot(".") == 0, "chroot");
        struct barrier const go = barrier_make();
        struct barrier const done = barrier_make();
        pid_t const child = fork_child();
        if (child == 0) {
            barrier_wait(&go);
            char here[256];
            printf("the other one stands at %s\n", getcwd(here, sizeof here));
            show_exists("and sees", "/of-the-new");
            leave(0);
        }
        make_file("file", "");
        pivot("no such folder", "gone", "folder");
        pivot("no such place", "new", "gone");
        pivot("a file", "file", "folder");
        pivot("no mount", "new", "new");
        show_mount("the new root", "none", "new", "tmpfs", 0, NULL);
        mkdir("new/old", 0755);
        make_file("new/of-the-new", "");
        pivot("itself", "/", "/");
        pivot("place outside", "new", "folder");
        pivot("place above", "new", "/");
        pivot("bad pointer", (char*)8, "new/old");
        as_somebody();
        mkdir("new/proc", 0755);
        pivot("done", "new", "new/old");
        char here[256];
        printf("here: %s\n", getcwd(here, sizeof here));
        show_exists("in the new", "/of-the-new");
        show_exists("in the old", "/old/new");
        show_mount("proc", "proc", "/proc", "proc", 0, NULL);
        barrier_signal(&go);
        show_end("the other", child);
        show_mounts("mounts", "/");
        show("umount of the old", umount2("/old", MNT_DETACH));
        pivot("not in a mount of its own", "/", "/old");
        (void)done;
        leave(0);
    }
    show_end("process", other);
    show("umount", umount2("r", MNT_DETACH));
    return 0;
}
