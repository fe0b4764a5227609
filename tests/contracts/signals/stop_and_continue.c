// kill(2), signal(7): SIGSTOP stops whatever the mask says, SIGTSTP can be handled, ignored or
// blocked; a stopped process takes other signals when it goes on; SIGKILL ends it at once; SIGCONT
// continues it even where it is blocked or ignored.
#include "tests/contracts/contract.h"

static volatile sig_atomic_t seen;
static void on_signal(int number) { seen = seen * 100 + number; }

static struct barrier ready;

static pid_t start(int number, void (*handler)(int), int blocked)
{
    seen = 0;
    pid_t const child = fork_child();
    if (child == 0) {
        if (number != 0) signal(number, handler);
        signal(SIGUSR1, on_signal);
        sigset_t set;
        sigemptyset(&set);
        if (blocked != 0) sigaddset(&set, blocked);
        sigprocmask(SIG_BLOCK, &set, NULL);
        barrier_signal(&ready);
        while (seen % 100 != SIGUSR1) syscall(SYS_sched_yield);
        leave(seen == SIGUSR1 ? 1 : 2);
    }
    // Not orphaned: stop signals from the keyboard count.
    require(setpgid(child, child) == 0, "setpgid");
    barrier_wait(&ready);
    return child;
}

// Whether `number` stops it; it is continued and told to end.
static void attempt(char const* what, pid_t child, int number)
{
    int status = 0;
    kill(child, number);
    // It has taken this one, too, when the first has been.
    if (number == SIGSTOP || number == -1) {
        require(waitpid(child, &status, WUNTRACED) == child, "waitpid");
        printf("%s: %s\n", what, status_text(status));
        kill(child, SIGCONT);
    }
    kill(child, SIGUSR1);
    show_end(what, child);
}

int main(void)
{
    ready = barrier_make();
    attempt("SIGSTOP", start(0, NULL, 0), SIGSTOP);
    attempt("SIGSTOP, blocked", start(0, NULL, SIGSTOP), SIGSTOP);
    attempt("SIGTSTP, ignored", start(SIGTSTP, SIG_IGN, 0), SIGTSTP);
    attempt("SIGTSTP, blocked", start(0, NULL, SIGTSTP), SIGTSTP);
    attempt("SIGCONT ignored", start(SIGCONT, SIG_IGN, 0), SIGSTOP);
    attempt("SIGCONT blocked", start(SIGCONT, on_signal, SIGCONT), SIGSTOP);
    int status = 0;
    int const stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};
    for (int i = 0; i < 3; ++i) {
        pid_t const child = start(0, NULL, 0);
        kill(child, stops[i]);
        require(waitpid(child, &status, WUNTRACED) == child, "waitpid");
        printf("stop signal: %s\n", status_text(status));
        kill(child, SIGUSR1);
        show("a stopped one does not take it", waitpid(child, &status, WNOHANG | WUNTRACED));
        kill(child, SIGCONT);
        show_end("continued", child);
    }
    pid_t const handling = start(SIGTSTP, on_signal, 0);
    kill(handling, SIGTSTP);
    kill(handling, SIGUSR1);
    require(waitpid(handling, &status, WUNTRACED) == handling, "waitpid");
    printf("handled: %s\n", WIFEXITED(status) ? "was not stopped" : status_text(status));
    pid_t const killed = start(0, NULL, 0);
    kill(killed, SIGSTOP);
    require(waitpid(killed, &status, WUNTRACED) == killed, "waitpid");
    kill(killed, SIGTERM);
    show("SIGTERM waits", waitpid(killed, &status, WNOHANG));
    kill(killed, SIGKILL);
    show_end("SIGKILL does not", killed);
    return 0;
}
