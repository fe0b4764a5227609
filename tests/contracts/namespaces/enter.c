// setns(2): into a namespace that a file of /proc/PID/ns or a pidfd stands for; it lives as long as
// somebody holds it.
#include "tests/contracts/namespaces/support.h"

// setns(2) leads to the root of the tree; where the programs run it is a folder further down.
static void stand_at(int root) { require(fchdir(root) == 0 && chroot(".") == 0, "chroot"); }

int main(void)
{
    set_names("first", "one");
    mkdir("m", 0755);
    int const own_uts = open_own("uts");
    int const own_mounts = open_own("mnt");
    int const own_root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct barrier const made = barrier_make();
    struct barrier const end = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        require(unshare(CLONE_NEWUTS | CLONE_NEWNS) == 0, "unshare");
        set_names("second", "two");
        require(mount("none", "m", "tmpfs", 0, NULL) == 0, "mount");
        make_file("m/inside", "");
        barrier_signal(&made);
        barrier_wait(&end);
        leave(0);
    }
    barrier_wait(&made);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/uts", (int)child);
    int const uts = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/ns/mnt", (int)child);
    int const mounts = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/root", (int)child);
    int const root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const process = (int)syscall(SYS_pidfd_open, child, 0);
    show("another kind", setns(uts, CLONE_NEWNS));
    show("into the names", setns(uts, CLONE_NEWUTS));
    show_names("there");
    show("into the mounts, any kind", setns(mounts, 0));
    char here[256];
    printf("here: %s\n", getcwd(here, sizeof here));
    stand_at(root);
    show("mounted there", access("/work/m/inside", F_OK));
    show("back", setns(own_uts, 0));
    show("back", setns(own_mounts, CLONE_NEWNS));
    stand_at(own_root);
    show("not mounted here", access("/work/m/inside", F_OK));
    show_names("here");
    show("by a pidfd, no kind", setns(process, 0));
    show("by a pidfd, both", setns(process, CLONE_NEWUTS | CLONE_NEWNS));
    show_names("there");
    stand_at(root);
    show("mounted there", access("/work/m/inside", F_OK));
    require(setns(own_uts, 0) == 0 && setns(own_mounts, 0) == 0, "back");
    stand_at(own_root);
    barrier_signal(&end);
    show_end("child", child);
    show("by the pidfd of one that has ended", setns(process, CLONE_NEWUTS));
    show("names that nobody has any more", setns(uts, 0));
    show_names("there");
    show("mounts that nobody has any more", setns(mounts, 0));
    stand_at(root);
    show("mounted there", access("/work/m/inside", F_OK));
    require(setns(own_uts, 0) == 0 && setns(own_mounts, 0) == 0, "back");
    stand_at(own_root);
    show("no descriptor", setns(-1, 0));
    show("another file", setns(open("/dev/null", O_RDONLY | O_CLOEXEC), 0));
    show("a pipe", setns(made.ends[0], CLONE_NEWUTS));
    show("ioctl NS_GET_NSTYPE", ioctl(own_uts, 0xb703));
    set_names("drydock", "(none)");
    return 0;
}
