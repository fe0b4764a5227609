// clone(2): what a child changes shows in its parent where the flag shares it, and nowhere else:
// memory (CLONE_VM), descriptors (CLONE_FILES), folder and umask (CLONE_FS), handlers
// (CLONE_SIGHAND). Limits and masks are never shared by processes.
#include "tests/contracts/processes/clone3.h"

static char stack[32768] __attribute__((aligned(16)));
static int volatile word;
static int shared_end;

static int change_all(void* unused)
{
    (void)unused;
    word = 1;
    close(shared_end);
    if (chdir("/proc") != 0) return 9;
    umask(077);
    signal(SIGUSR1, SIG_IGN);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    return 3;
}

static void attempt(char const* what, int flags)
{
    word = 0;
    shared_end = open("/dev/null", O_RDONLY);
    require(shared_end >= 0 && chdir("/work") == 0, "start");
    umask(022);
    signal(SIGUSR1, SIG_DFL);
    fflush(NULL);
    pid_t const child = clone(change_all, stack + sizeof stack, flags | SIGCHLD, NULL);
    require(child > 0, what);
    show_end(what, child);
    char folder[64];
    require(getcwd(folder, sizeof folder) != NULL, "getcwd");
    mode_t const mask = umask(022);
    struct sigaction action;
    sigaction(SIGUSR1, NULL, &action);
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    printf("  memory %s, ", word ? "changed" : "kept");
    printf("file %s, ", fcntl(shared_end, F_GETFD) < 0 ? "closed" : "open");
    printf("folder %s, umask %03o, ", folder, (unsigned)mask);
    printf("handler %s, ", action.sa_handler == SIG_IGN ? "changed" : "kept");
    printf("mask %s\n", sigismember(&blocked, SIGHUP) ? "changed" : "kept");
    close(shared_end);
}

int main(void)
{
    attempt("nothing", 0);
    attempt("memory", CLONE_VM);
    attempt("files", CLONE_FILES);
    attempt("folder", CLONE_FS);
    attempt("memory and handlers", CLONE_VM | CLONE_SIGHAND);
    attempt("files and folder", CLONE_FILES | CLONE_FS);
    attempt("all", CLONE_VM | CLONE_SIGHAND | CLONE_FILES | CLONE_FS);
    attempt("memory, until the child ends", CLONE_VM | CLONE_VFORK);
    return 0;
}
