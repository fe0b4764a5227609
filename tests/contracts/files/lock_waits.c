// fcntl(2) F_SETLKW: waits until the lock is free; a signal that is caught ends the wait with EINTR, or it
// goes on with SA_RESTART.
#include "tests/contracts/contract.h"

static int file;
static volatile sig_atomic_t caught;

static long lock(int command, short type)
{
    struct flock request = {.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    return fcntl(file, command, &request);
}

static void on_signal(int number)
{
    (void)number;
    ++caught;
}

static pid_t start(int flags)
{
    pid_t const child = fork_child();
    if (child > 0) return child;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};
    sigaction(SIGUSR1, &action, NULL);
    show("child", lock(F_SETLKW, F_WRLCK));
    leave(caught);
    return 0;
}

int main(void)
{
    file = open("f", O_RDWR | O_CREAT, 0600);
    show("lock", lock(F_SETLK, F_RDLCK));
    show("without waiting", lock(F_SETLK, F_RDLCK));
    pid_t child = start(0);
    wait_for_state(child, 'S');
    kill(child, SIGUSR1);
    show_end("interrupted", child);
    child = start(SA_RESTART);
    wait_for_state(child, 'S');
    kill(child, SIGUSR1);
    wait_for_state(child, 'S');
    long const unlocked = lock(F_SETLK, F_UNLCK);
    show_end("restarted", child);
    show("unlocked", unlocked);
    show("free again", lock(F_SETLK, F_WRLCK));
    child = start(0);
    wait_for_state(child, 'S');
    show("to a read lock", lock(F_SETLK, F_RDLCK));
    wait_for_state(child, 'S');
    kill(child, SIGKILL);
    show_end("killed", child);
    show("to a write lock again", lock(F_SETLK, F_WRLCK));
    child = start(0);
    wait_for_state(child, 'S');
    close(file);
    show_end("closed by the holder", child);
    return 0;
}
