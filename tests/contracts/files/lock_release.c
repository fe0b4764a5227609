// fcntl(2), advisory record locks: closing any descriptor of a file gives up all of the process's locks on it;
// they are not inherited by fork, and end with the process.
#include "tests/contracts/contract.h"

static long lock(int file, int command, short type, off_t start, off_t length)
{
    struct flock request = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return fcntl(file, command, &request);
}

// What somebody else sees of the first ten bytes.
static void show_others_view(char const* what, char const* path)
{
    pid_t const child = fork_child();
    if (child == 0) {
        int const file = open(path, O_RDWR);
        leave(lock(file, F_SETLK, F_WRLCK, 0, 10) == 0 ? 0 : errno == EAGAIN ? 1 : 2);
    }
    show_end(what, child);
}

int main(void)
{
    make_file("f", "0123456789");
    make_file("g", "0123456789");
    int const file = open("f", O_RDWR);
    int const other = open("g", O_RDWR);
    show("lock f", lock(file, F_SETLK, F_WRLCK, 0, 10));
    show("lock g", lock(other, F_SETLK, F_WRLCK, 0, 10));
    show_others_view("locked", "f");
    int const second = open("f", O_RDONLY);
    show_others_view("still locked", "f");
    show("close another descriptor", close(second));
    show_others_view("free", "f");
    show_others_view("the other file is locked", "g");
    show("lock f", lock(file, F_SETLK, F_WRLCK, 0, 10));
    show("dup2 over a descriptor of it", dup2(1, dup(file)) >= 0);
    show_others_view("free", "f");
    show("lock f", lock(file, F_SETLK, F_WRLCK, 0, 10));
    pid_t const child = fork_child();
    if (child == 0) {
        long const own = lock(file, F_SETLK, F_WRLCK, 0, 10);
        int const error = errno;
        close(file);
        leave(own == -1 && error == EAGAIN ? 0 : 1);
    }
    show_end("not inherited", child);
    show_others_view("a child's close does nothing", "f");
    pid_t const owner = fork_child();
    if (owner == 0) {
        int const own = open("f", O_RDWR);
        leave(lock(own, F_SETLK, F_WRLCK, 20, 10) == 0 ? 0 : 1);
    }
    show_end("child locks and ends", owner);
    show("its range is free", lock(file, F_SETLK, F_WRLCK, 20, 10));
    show("unlink", unlink("g"));
    show("unlock of the removed file", lock(other, F_SETLK, F_UNLCK, 0, 10));
    return 0;
}
