// pidfd_open(2), poll(2): who asks for no event at all sleeps through the end of a process, because
// a zombie is only readable, and is woken with POLLHUP when its parent has waited for it.
#include "tests/contracts/contract.h"

#include <poll.h>

int main(void)
{
    struct barrier const go = barrier_make();
    pid_t const subject = fork_child();
    if (subject == 0) {
        barrier_wait(&go);
        leave(3);
    }
    int const fd = (int)syscall(SYS_pidfd_open, subject, 0);
    require(fd >= 0, "pidfd_open");
    pid_t const watcher = fork_child();
    if (watcher == 0) {
        struct pollfd entry = {fd, 0, 0};
        long const count = poll(&entry, 1, -1);
        show("descriptors of the watcher", count);
        printf("events: %#x\n", (unsigned)entry.revents);
        leave(0);
    }
    wait_for_state(watcher, 'S');
    barrier_signal(&go);
    wait_for_state(subject, 'Z');
    struct pollfd entry = {fd, POLLIN, 0};
    show("readable", poll(&entry, 1, -1));
    printf("events: %#x\n", (unsigned)entry.revents);
    // Were the watcher awake, it would be on its way to its end.
    for (int i = 0; i < 100; ++i) syscall(SYS_sched_yield);
    wait_for_state(watcher, 'S');
    show("watcher has not ended", waitpid(watcher, NULL, WNOHANG));
    int status = 0;
    require(waitpid(subject, &status, 0) == subject, "waitpid");
    show_end("watcher", watcher);
    printf("subject: %s\n", status_text(status));
    return 0;
}
