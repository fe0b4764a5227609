// setns(2), EINVAL: not into another tree of mounts while root and working directory are shared
// (CLONE_FS); unshare(CLONE_FS) parts them.
#include "tests/contracts/namespaces/support.h"

static char stack[16384] __attribute__((aligned(16)));
static struct barrier go, ready;
static int mounts;

static int child_code(void* unused)
{
    (void)unused;
    show("enter while shared", setns(mounts, CLONE_NEWNS));
    show("own names while shared", unshare(CLONE_NEWUTS));
    chdir("d");
    barrier_signal(&ready);
    barrier_wait(&go);
    show("unshare", unshare(CLONE_FS));
    chdir("..");
    umask(077);
    show("enter", setns(mounts, CLONE_NEWNS));
    return 0;
}

int main(void)
{
    mkdir("d", 0755);
    go = barrier_make();
    ready = barrier_make();
    mounts = open_own("mnt");
    fflush(NULL);
    pid_t const child = clone(child_code, stack + sizeof stack, CLONE_FS | SIGCHLD, NULL);
    require(child > 0, "clone");
    barrier_wait(&ready);
    char here[256];
    printf("here: %s\n", getcwd(here, sizeof here));
    barrier_signal(&go);
    show_end("child", child);
    printf("here: %s\n", getcwd(here, sizeof here));
    printf("umask: %o\n", umask(022));
    return 0;
}
