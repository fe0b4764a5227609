#pragma once

// What the programs about locked memory share.
#include "tests/contracts/credentials/capabilities.h"
#include "tests/contracts/proc/support.h"

#include <sys/resource.h>

enum { PAGE = 4096, IPC_LOCK = 14 };

static char proc_text[1 << 18];

// VmLck of /proc/self/status, in pages.
static long locked_pages(void)
{
    char const* const line =
        strstr(read_text("/proc/self/status", proc_text, sizeof proc_text), "VmLck:");
    require(line != NULL, "VmLck");
    return atol(line + 6) / 4;
}

static void show_locked(char const* what)
{
    printf("%s: %ld locked\n", what, locked_pages());
    fflush(stdout);
}

static void set_limit(long pages)
{
    struct rlimit limit;
    require(getrlimit(RLIMIT_MEMLOCK, &limit) == 0, "getrlimit");
    limit.rlim_cur = (rlim_t)pages * PAGE;
    require(setrlimit(RLIMIT_MEMLOCK, &limit) == 0, "setrlimit");
}

static void drop_right(void)
{
    uint64_t const rest = all_capabilities & ~BIT(IPC_LOCK);
    require(set_sets(rest, rest, 0) == 0, "capset");
}

static char* map_pages(int count, int protection)
{
    char* const map =
        mmap(NULL, (size_t)count * PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(map != MAP_FAILED, "mmap");
    return map;
}

static void show_resident(char const* what, void* map, int count)
{
    unsigned char answer[64];
    require(mincore(map, (size_t)count * PAGE, answer) == 0, "mincore");
    printf("%s:", what);
    for (int i = 0; i < count; ++i) printf(" %d", answer[i] & 1);
    printf("\n");
    fflush(stdout);
}

enum { RW = PROT_READ | PROT_WRITE, ON_FAULT = 1 };
#ifndef MCL_ONFAULT
#    define MCL_ONFAULT 4
#endif
static long lock2(void* start, size_t length, int flags)
{
    return syscall(SYS_mlock2, start, length, flags);
}
