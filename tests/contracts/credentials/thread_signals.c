// kill(2), tkill(2): whether a signal may be sent is asked of the calling thread's ids, and of
// those of the thread whose number is given; threads of one process may always.
#include "tests/contracts/credentials/thread_support.h"

static struct worker worker;
static pid_t of_root, of_user;
static int other_thread;

static void as_user(void) { show("  setresuid", syscall(SYS_setresuid, 1000, 1000, 1000)); }

static void ask(void)
{
    show("  root's process", kill(of_root, 0));
    show("  a user's process", kill(of_user, 0));
    show("  own process", kill(getpid(), 0));
    show("  own main thread", syscall(SYS_tkill, getpid(), 0));
    show("  of root, by queue",
         syscall(SYS_rt_sigqueueinfo, of_root, 0, &(siginfo_t){.si_code = SI_QUEUE}));
    show("  thread of a user in root's process", syscall(SYS_tkill, other_thread, 0));
    show("  the same, as a process", kill(other_thread, 0));
    show("  its main thread", syscall(SYS_tkill, of_root, 0));
    show("  to everybody it may", kill(of_user, SIGCONT));
}

static void become_user(void) { syscall(SYS_setresuid, 1000, 1000, 1000); }

int main(void)
{
    struct barrier const ready = barrier_make();
    int numbers[2];
    require(pipe(numbers) == 0, "pipe");
    of_root = fork_child();
    if (of_root == 0) {
        static struct worker inner;
        start_worker(&inner);
        run_in(&inner, become_user);
        require(write(numbers[1], &inner.tid, sizeof inner.tid) == sizeof inner.tid, "number");
        for (;;) pause();
    }
    of_user = fork_child();
    if (of_user == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        barrier_signal(&ready);
        for (;;) pause();
    }
    barrier_wait(&ready);
    require(read(numbers[0], &other_thread, sizeof other_thread) == sizeof other_thread, "number");
    start_worker(&worker);
    printf("as root\n");
    run_in(&worker, ask);
    run_in(&worker, as_user);
    printf("as a user\n");
    run_in(&worker, ask);
    printf("main is still root\n");
    ask();
    show("end", kill(of_root, SIGKILL));
    show_end("of root", of_root);
    show("end", kill(of_user, SIGKILL));
    show_end("of a user", of_user);
    end_worker(&worker);
    return 0;
}
