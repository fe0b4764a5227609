// capabilities(7): "per-thread attribute". capset(2), securebits, the flag that keeps capabilities,
// the bounding and the ambient set, PR_SET_NO_NEW_PRIVS and PR_SET_PDEATHSIG in one thread;
// capget(2) of another one.
#include "tests/contracts/credentials/thread_support.h"

static struct worker worker;

static void change(void)
{
    show("  keep", prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
    show("  drop from the bound", prctl(PR_CAPBSET_DROP, MKNOD, 0, 0, 0));
    show("  death signal", prctl(PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0));
    require(set_sets(all_capabilities, all_capabilities, BIT(KILL)) == 0, "capset");
    show("  ambient", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
    show("  securebits", prctl(PR_SET_SECUREBITS, 16 | 1, 0, 0, 0));
    show("  no new privileges", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    show_sets("  now");
}

static void look(char const* where)
{
    int death = -1;
    printf("%s:\n", where);
    prctl(PR_GET_PDEATHSIG, &death, 0, 0, 0);
    show("  keeps", prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
    show("  bound", prctl(PR_CAPBSET_READ, MKNOD, 0, 0, 0));
    show("  death signal", death);
    show("  securebits", prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
    show("  no new privileges", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    show_sets("  sets");
}

static void look_there(void) { look("worker"); }

static void leave_root(void)
{
    show("  setresuid", syscall(SYS_setresuid, 1000, 1000, 1000));
    show_sets("  kept, not effective");
    int death = -1;
    prctl(PR_GET_PDEATHSIG, &death, 0, 0, 0);
    show("  death signal is gone", death);
}

static void show_sets_of(char const* what, int tid)
{
    uint32_t data[6] = {0};
    struct header header = {VERSION_3, tid};
    show(what, syscall(SYS_capget, &header, data));
    uint64_t const effective = data[0] | (uint64_t)data[3] << 32;
    uint64_t const inheritable = data[2] | (uint64_t)data[5] << 32;
    printf("  effective %s inheritable %s\n", set_text(effective), set_text(inheritable));
    fflush(stdout);
}

int main(void)
{
    start_worker(&worker);
    run_in(&worker, change);
    run_in(&worker, look_there);
    look("main");
    run_in(&worker, leave_root);
    show_sets_of("of the worker", worker.tid);
    show_sets_of("of the process", getpid());
    show_sets_of("of the caller", 0);
    show_sets("main");
    struct header header = {VERSION_3, worker.tid};
    uint32_t data[6] = {0};
    show("capset of another thread", syscall(SYS_capset, &header, data));
    header.pid = own_tid();
    show("capset of oneself by number", syscall(SYS_capset, &header, data));
    show_sets("main");
    end_worker(&worker);
    return 0;
}
