// tty(4): without a controlling terminal /dev/tty cannot be opened, ENXIO; setsid(2), getsid(2) and the ioctls
// of job control say so too.
#include "tests/contracts/contract.h"
#include <sys/ioctl.h>
#include <termios.h>

int main(void)
{
    struct stat status;
    pid_t group = 0;
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("leader of its session", getsid(0) == getpid());
    show("setsid", setsid());
    show("open", open("/dev/tty", O_RDWR));
    show("open without waiting", open("/dev/tty", O_RDONLY | O_NONBLOCK | O_NOCTTY));
    show_ok("place", open("/dev/tty", O_PATH));
    show("stat", stat("/dev/tty", &status));
    show("character device", S_ISCHR(status.st_mode));
    show("tcgetpgrp", ioctl(0, TIOCGPGRP, &group));
    show("of a pipe", ioctl(ends[0], TIOCGPGRP, &group));
    show("TIOCSCTTY of a pipe", ioctl(ends[0], TIOCSCTTY, 0));
    show("TIOCNOTTY of a pipe", ioctl(ends[0], TIOCNOTTY));
    pid_t const child = fork_child();
    if (child == 0) {
        show("child", open("/dev/tty", O_RDWR));
        show("new session", setsid() == getpid());
        show("child", open("/dev/tty", O_RDWR));
        leave(0);
    }
    show_end("child", child);
    return 0;
}
