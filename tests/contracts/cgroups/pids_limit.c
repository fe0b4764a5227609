// The controller pids: EAGAIN for fork(2) and threads beyond pids.max of a cgroup or one above it;
// what is moved in is not limited.
#include "tests/contracts/cgroups/support.h"

#include <pthread.h>

static struct barrier hold;

static void* run_thread(void* unused)
{
    barrier_wait(&hold);
    return unused;
}

static void try_fork(char const* what)
{
    fflush(NULL);
    pid_t const child = fork();
    if (child == 0) leave(0);
    if (child < 0)
        show(what, -1);
    else
        show_end(what, child);
}

int main(void)
{
    begin_pids();
    hold = barrier_make();
    require(mkdir(in_own("a"), 0755) == 0, "mkdir");
    get("pids.current");
    get("pids.max");
    get("pids.events");
    put("pids.max", "2");
    put("cgroup.procs", "0");
    get("pids.current");
    try_fork("second");
    pthread_t thread;
    require(pthread_create(&thread, NULL, run_thread, NULL) == 0, "thread");
    get("pids.current");
    try_fork("third");
    get("pids.events");
    pthread_t other;
    show("thread", pthread_create(&other, NULL, run_thread, NULL) == EAGAIN);
    get("pids.events");
    barrier_signal(&hold);
    pthread_join(thread, NULL);
    put("pids.max", "0");
    try_fork("none");
    pid_t const child = fork();
    if (child == 0) leave(0);
    show("none", child);
    get("pids.current");
    put("pids.max", "max");
    try_fork("any");
    return 0;
}
