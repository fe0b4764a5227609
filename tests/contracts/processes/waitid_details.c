// waitid(2): what siginfo_t says of each end and stop; WNOWAIT leaves it to be asked for again; a
// null pointer is fine; nothing to tell leaves zeros with WNOHANG; which arguments are refused.
#include "tests/contracts/contract.h"

static siginfo_t info;

static void look(char const* what, idtype_t kind, pid_t id, int options)
{
    memset(&info, 0x55, sizeof info);
    long const result = waitid(kind, (id_t)id, &info, options);
    printf("%s: %s", what, result == 0 ? "ok" : error_name(errno));
    if (result == 0 && info.si_pid == 0) printf(", nothing, signal %d", info.si_signo);
    if (result == 0 && info.si_pid != 0) {
        printf(", signal %d code %d status %d", info.si_signo, info.si_code, info.si_status);
        printf(" errno %d pid %s", info.si_errno, info.si_pid == id ? "right" : "other");
        printf(" uid %d", (int)info.si_uid);
    }
    printf("\n");
    fflush(stdout);
}

int main(void)
{
    look("no children", P_ALL, 0, WEXITED);
    pid_t const child = fork_child();
    if (child == 0) {
        for (;;) pause();
    }
    look("alive", P_PID, child, WEXITED | WNOHANG);
    look("no kind of event", P_PID, child, WNOHANG);
    look("unknown option", P_PID, child, WEXITED | 0x10000);
    look("unknown kind", (idtype_t)9, child, WEXITED);
    look("number 0", P_PID, 0, WEXITED);
    look("negative number", P_PID, -5, WEXITED);
    look("negative group", P_PGID, -5, WEXITED);
    look("another group", P_PGID, 1, WEXITED | WNOHANG);
    look("not a descriptor of a process", (idtype_t)3, 1, WEXITED);
    look("closed descriptor", (idtype_t)3, 77, WEXITED);
    kill(child, SIGSTOP);
    look("stopped", P_PID, child, WSTOPPED | WNOWAIT);
    look("stopped, again", P_PID, child, WSTOPPED);
    look("stopped, taken", P_PID, child, WSTOPPED | WNOHANG);
    kill(child, SIGCONT);
    look("continued", P_PID, child, WCONTINUED | WNOWAIT);
    look("continued, other event", P_PID, child, WSTOPPED | WEXITED | WNOHANG);
    look("continued, again", P_PID, child, WCONTINUED);
    kill(child, SIGTERM);
    look("killed", P_PID, child, WEXITED | WNOWAIT);
    look("killed, other event", P_PID, child, WSTOPPED | WNOHANG);
    show("no place for details", waitid(P_PID, (id_t)child, NULL, WEXITED | WNOWAIT));
    show("a bad place", waitid(P_PID, (id_t)child, (siginfo_t*)16, WEXITED | WNOWAIT));
    look("killed, again", P_PGID, getpgrp(), WEXITED);
    look("killed, taken", P_PID, child, WEXITED);
    pid_t const second = fork_child();
    if (second == 0) leave(258);
    look("exited", P_PID, second, WEXITED);
    return 0;
}
