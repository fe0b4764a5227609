// nptl(7): the C library's setuid(2) and its family change all threads, by a signal of its own to
// each of them.
#include "tests/contracts/credentials/thread_support.h"

#include <grp.h>

static struct worker workers[3];

static void show_all(char const* what)
{
    show_thread(what, own_tid());
    for (int i = 0; i < 3; ++i) show_thread("  worker", workers[i].tid);
}

static void from_worker(void)
{
    show("  setresgid in a worker", setresgid(20, 21, 22));
    gid_t const groups[] = {9, 8};
    show("  setgroups in a worker", setgroups(2, groups));
    show("  setuid in a worker", setuid(1000));
    show("  setuid back", setuid(0));
}

int main(void)
{
    for (int i = 0; i < 3; ++i) start_worker(&workers[i]);
    show("seteuid", seteuid(5));
    show_all("seteuid");
    show("seteuid back", seteuid(0));
    show_all("back");
    run_in(&workers[1], from_worker);
    show_all("all");
    for (int i = 0; i < 3; ++i) end_worker(&workers[i]);
    return 0;
}
