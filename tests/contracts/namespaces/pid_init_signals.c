// pid_namespaces(7): signals without a handler do not reach process 1 from within; from outside
// SIGKILL and SIGSTOP do.
#include "tests/contracts/namespaces/pid_support.h"

static volatile sig_atomic_t seen;
static volatile sig_atomic_t sender = -1;
static void on_signal(int number, siginfo_t* info, void* context)
{
    (void)context;
    seen = number;
    sender = info->si_pid;
}

int main(void)
{
    struct barrier const ready = barrier_make();
    struct barrier const go = barrier_make();
    pid_t const init = clone_init();
    if (init == 0) {
        struct sigaction action = {0};
        action.sa_sigaction = on_signal;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGUSR1, &action, NULL);
        show("SIGTERM to itself", kill(1, SIGTERM));
        show("SIGKILL to itself", kill(1, SIGKILL));
        show("SIGSTOP to itself", kill(1, SIGSTOP));
        show("SIGUSR1 to itself", kill(1, SIGUSR1));
        printf("seen %d from %d\n", (int)seen, (int)sender);
        pid_t const child = fork_child();
        if (child == 0) {
            show("SIGKILL from a child", kill(1, SIGKILL));
            show("SIGHUP from a child", kill(1, SIGHUP));
            show("SIGUSR1 from a child", kill(1, SIGUSR1));
            show("everybody", kill(-1, SIGKILL));
            leave(0);
        }
        show_end("child", child);
        printf("seen %d from %d\n", (int)seen, (int)sender);
        fflush(stdout);
        seen = 0;
        sigset_t usr1;
        sigemptyset(&usr1);
        sigaddset(&usr1, SIGUSR1);
        sigset_t old;
        sigprocmask(SIG_BLOCK, &usr1, &old);
        // Blocked ones are kept, and still do nothing.
        sigaddset(&usr1, SIGTERM);
        sigprocmask(SIG_BLOCK, &usr1, NULL);
        kill(1, SIGTERM);
        sigset_t pending;
        sigpending(&pending);
        printf("SIGTERM pending %d\n", sigismember(&pending, SIGTERM));
        sigdelset(&usr1, SIGUSR1);
        sigprocmask(SIG_UNBLOCK, &usr1, NULL);
        fflush(stdout);
        barrier_signal(&ready);
        barrier_wait(&go);
        while (seen == 0) sigsuspend(&old);
        printf("seen %d from %d\n", (int)seen, (int)sender);
        fflush(stdout);
        barrier_signal(&ready);
        for (;;) pause();
    }
    barrier_wait(&ready);
    show("SIGTERM from outside", kill(init, SIGTERM));
    show("SIGUSR1 from outside", kill(init, SIGUSR1));
    barrier_signal(&go);
    barrier_wait(&ready);
    show("SIGSTOP from outside", kill(init, SIGSTOP));
    int status = 0;
    require(waitpid(init, &status, WUNTRACED) == init, "waitpid");
    printf("%s\n", status_text(status));
    show("SIGCONT from outside", kill(init, SIGCONT));
    show("SIGKILL from outside", kill(init, SIGKILL));
    show_end("init", init);
    return 0;
}
