// ioctl_ns(2), NS_GET_PARENT: the namespace around a pid namespace, as far as the caller sees it.
#include "tests/contracts/namespaces/support.h"

#define GET_PARENT _IO(0xb7, 2)

static uint64_t inode_of(int file)
{
    struct stat info;
    require(fstat(file, &info) == 0, "fstat");
    return info.st_ino;
}

int main(void)
{
    int const own = open_own("pid");
    char const* const kinds[] = {"ipc", "mnt", "uts"};
    for (int i = 0; i < 3; ++i) show(kinds[i], ioctl(open_own(kinds[i]), GET_PARENT));
    require(unshare(CLONE_NEWPID) == 0, "unshare");
    pid_t const child = fork_child();
    if (child == 0) {
        int const inside = open_own("pid");
        show("from inside", ioctl(inside, GET_PARENT));
        require(unshare(CLONE_NEWPID) == 0, "unshare");
        pid_t const further = fork_child();
        if (further == 0) {
            for (;;) pause();
        }
        int const deep = open("/proc/self/ns/pid_for_children", O_RDONLY | O_CLOEXEC);
        int const around = ioctl(deep, GET_PARENT);
        show_ok("one further in", around);
        printf("is the own one: %d\n", inode_of(around) == inode_of(inside));
        printf("closed by exec: %d\n", fcntl(around, F_GETFD));
        show("its parent", ioctl(around, GET_PARENT));
        show("kind", ioctl(around, _IO(0xb7, 3)) == CLONE_NEWPID);
        kill(further, SIGKILL);
        leave(0);
    }
    int const space = open("/proc/self/ns/pid_for_children", O_RDONLY | O_CLOEXEC);
    require(space >= 0, "open");
    int const around = ioctl(space, GET_PARENT);
    show_ok("of the children's", around);
    printf("is the own one: %d\n", inode_of(around) == inode_of(own));
    show_end("child", child);
    return 0;
}
