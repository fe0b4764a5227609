// fcntl(2) F_SETLKW: a wait that would close a circle of processes fails with EDEADLK; locks of open files
// are not looked at.
#include "tests/contracts/contract.h"

static int file;

static long lock(int command, short type, off_t start)
{
    struct flock request = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = 1};
    return fcntl(file, command, &request);
}

int main(void)
{
    file = open("f", O_RDWR | O_CREAT, 0600);
    struct barrier const two = barrier_make(), three = barrier_make();
    int volatile* const go = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    show("first byte", lock(F_SETLK, F_WRLCK, 1));
    pid_t const second = fork_child();
    if (second == 0) {
        require(lock(F_SETLK, F_WRLCK, 2) == 0, "second byte");
        barrier_signal(&two);
        // Not asleep before it waits for the lock.
        while (*go == 0) syscall(SYS_sched_yield);
        leave(lock(F_SETLKW, F_WRLCK, 1) == 0 ? 2 : 1);
    }
    barrier_wait(&two);
    pid_t const third = fork_child();
    if (third == 0) {
        require(lock(F_SETLK, F_WRLCK, 3) == 0, "third byte");
        barrier_signal(&three);
        leave(lock(F_SETLKW, F_WRLCK, 2) == 0 ? 3 : 1);
    }
    barrier_wait(&three);
    *go = 1;
    wait_for_state(second, 'S');
    wait_for_state(third, 'S');
    show("waiting for itself", lock(F_SETLKW, F_WRLCK, 1));
    show("closing the circle", lock(F_SETLKW, F_WRLCK, 3));
    show("reading, too", lock(F_SETLKW, F_RDLCK, 2));
    show("without waiting", lock(F_SETLK, F_WRLCK, 3));
    show("unlock", lock(F_SETLK, F_UNLCK, 1));
    show_end("second", second);
    show_end("third", third);
    show("all are free", lock(F_SETLKW, F_WRLCK, 2));
    return 0;
}
