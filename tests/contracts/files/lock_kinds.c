// fcntl(2), open file description locks: they conflict between two openings in one process, with the locks of
// processes too, and not with flock(2); the last close gives them up.
#include "tests/contracts/contract.h"
#include <sys/file.h>

static struct flock range(short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};
}

static void ask(int file, int command)
{
    struct flock request = range(F_WRLCK);
    require(fcntl(file, command, &request) == 0, "question");
    printf("  %s, pid %s\n", request.l_type == F_UNLCK ? "free" : request.l_type == F_RDLCK ? "read" : "write",
           request.l_type == F_UNLCK ? "none" : request.l_pid == -1 ? "-1" : request.l_pid == getpid() ? "own" : "?");
}

static void set(char const* what, int file, int command, short type)
{
    struct flock request = range(type);
    show(what, fcntl(file, command, &request));
}

int main(void)
{
    make_file("f", "0123456789");
    int const first = open("f", O_RDWR);
    int const second = open("f", O_RDWR);
    set("first", first, F_OFD_SETLK, F_WRLCK);
    set("second", second, F_OFD_SETLK, F_RDLCK);
    ask(second, F_OFD_GETLK);
    ask(first, F_OFD_GETLK);
    set("of the process", first, F_SETLK, F_WRLCK);
    ask(first, F_GETLK);
    show("flock", flock(second, LOCK_EX | LOCK_NB));
    int const copy = dup(first);
    show("close first", close(first));
    set("the copy keeps it", second, F_OFD_SETLK, F_WRLCK);
    set("the copy changes it", copy, F_OFD_SETLK, F_RDLCK);
    set("second reads", second, F_OFD_SETLK, F_RDLCK);
    set("the process reads", copy, F_SETLK, F_RDLCK);
    ask(second, F_OFD_GETLK);
    show("close the copy", close(copy));
    ask(second, F_OFD_GETLK);
    set("second", second, F_OFD_SETLK, F_WRLCK);
    pid_t const child = fork_child();
    if (child == 0) {
        set("child through the same file", second, F_OFD_SETLK, F_WRLCK);
        int const own = open("f", O_RDWR);
        set("child through its own", own, F_OFD_SETLK, F_WRLCK);
        set("waiting for the other", own, F_OFD_SETLKW, F_WRLCK);
        leave(0);
    }
    wait_for_state(child, 'S');
    struct flock request = range(F_UNLCK);
    long const unlocked = fcntl(second, F_OFD_SETLK, &request);
    show_end("child", child);
    show("unlocked", unlocked);
    return 0;
}
