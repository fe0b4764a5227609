// execve(2), open(2) O_CLOEXEC: marked descriptors close, others stay with their positions; record locks stay, and
// so does the close-on-exec flag when an exec fails.
#include "tests/contracts/contract.h"

int main(int count, char** words)
{
    (void)words;
    if (count > 1) {
        show("marked", fcntl(10, F_GETFD));
        show("kept", fcntl(11, F_GETFD));
        show("its position", lseek(11, 0, SEEK_CUR));
        show("marked by fcntl", fcntl(12, F_GETFD));
        show("marked by ioctl", fcntl(13, F_GETFD));
        show("marked and cleared", fcntl(14, F_GETFD));
        show("kept pipe", fcntl(15, F_GETFD));
        struct flock request = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 5};
        pid_t const child = fork_child();
        if (child == 0) leave(fcntl(11, F_SETLK, &request) == -1 && errno == EAGAIN ? 0 : 1);
        show_end("lock kept", child);
        return 0;
    }
    make_file("f", "0123456789");
    int const file = open("f", O_RDWR | O_CLOEXEC);
    int ends[2];
    require(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
    require(dup3(file, 10, O_CLOEXEC) == 10 && dup2(file, 11) == 11 && dup2(file, 12) == 12, "dup");
    require(dup2(file, 13) == 13 && dup3(file, 14, O_CLOEXEC) == 14 && dup2(ends[0], 15) == 15, "dup");
    show("fcntl", fcntl(12, F_SETFD, FD_CLOEXEC));
    show("ioctl", syscall(SYS_ioctl, 13, 0x5451));
    show("cleared", fcntl(14, F_SETFD, 0));
    struct flock request = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 5};
    show("lock", fcntl(11, F_SETLK, &request));
    lseek(11, 4, SEEK_SET);
    show("exec of nothing", execl("nothing", "nothing", NULL));
    show("still there", fcntl(10, F_GETFD));
    fflush(NULL);
    execl("/proc/self/exe", "program", "after", NULL);
    show("execl", -1);
    return 1;
}
