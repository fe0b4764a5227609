#pragma once

// For the programs about signals of files (fcntl(2), "Managing signals"): all signals stay blocked
// and are taken one by one.
#include "tests/contracts/contract.h"

#include <poll.h>
#include <time.h>

enum { QUEUED = 40, ASK_OWNER_EX = 16, NAME_OWNER_EX = 15, NAME_SIGNAL = 10, ASK_SIGNAL = 11 };

struct owner {
    int type, pid;
};

static void block_all(void)
{
    sigset_t all;
    sigfillset(&all);
    require(sigprocmask(SIG_BLOCK, &all, NULL) == 0, "block");
}

// Prints and takes what is pending of SIGIO, SIGURG, SIGUSR1 and the queued one.
static void show_signals(char const* what)
{
    uint64_t const set =
        1ull << (SIGIO - 1) | 1ull << (QUEUED - 1) | 1ull << (SIGURG - 1) | 1ull << (SIGUSR1 - 1);
    struct timespec const now = {0, 0};
    int count = 0;
    printf("%s:", what);
    for (;;) {
        siginfo_t info;
        memset(&info, 0, sizeof info);
        long const signal = syscall(SYS_rt_sigtimedwait, &set, &info, &now, 8);
        if (signal < 0) break;
        long band;
        int file;
        memcpy(&band, (char*)&info + 16, sizeof band);
        memcpy(&file, (char*)&info + 24, sizeof file);
        printf(
            " %s%ld code %d band %lx fd %d", count++ ? "| " : "", signal, info.si_code, band, file);
    }
    printf("%s\n", count ? "" : " nothing");
    fflush(stdout);
}

static void ask(int file, int signal)
{
    require(fcntl(file, F_SETOWN, getpid()) == 0, "F_SETOWN");
    require(fcntl(file, NAME_SIGNAL, signal) == 0, "F_SETSIG");
    require(fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_ASYNC) == 0, "F_SETFL");
}
