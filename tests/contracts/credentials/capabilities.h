#pragma once

// Capability sets by the raw calls, for the programs about capabilities(7).
#include "tests/contracts/contract.h"

#include <sys/prctl.h>

enum {
    CHOWN = 0,
    DAC_OVERRIDE = 1,
    DAC_READ_SEARCH = 2,
    FOWNER = 3,
    FSETID = 4,
    KILL = 5,
    SETGID = 6,
    SETUID = 7,
    SETPCAP = 8,
    SYS_CHROOT = 18,
    SYS_RESOURCE = 24,
    MKNOD = 27,
    LAST = 40
};

enum { VERSION_1 = 0x19980330, VERSION_2 = 0x20071026, VERSION_3 = 0x20080522 };
enum { AMBIENT = 47, AMBIENT_IS_SET = 1, AMBIENT_RAISE = 2, AMBIENT_LOWER = 3, AMBIENT_CLEAR = 4 };

#define BIT(number) (UINT64_C(1) << (number))

// Hosts that are containers often lack this one, and it is nobody's business here.
static uint64_t const all_capabilities = (BIT(LAST + 1) - 1) & ~BIT(SYS_RESOURCE);

struct sets {
    uint64_t effective, permitted, inheritable;
};

struct header {
    uint32_t version;
    int pid;
};

static long get_sets(struct sets* sets)
{
    uint32_t data[6] = {0};
    struct header header = {VERSION_3, 0};
    long const result = syscall(SYS_capget, &header, data);
    sets->effective = (data[0] | (uint64_t)data[3] << 32) & ~BIT(SYS_RESOURCE);
    sets->permitted = (data[1] | (uint64_t)data[4] << 32) & ~BIT(SYS_RESOURCE);
    sets->inheritable = (data[2] | (uint64_t)data[5] << 32) & ~BIT(SYS_RESOURCE);
    return result;
}

static long set_sets(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
    uint32_t const data[6] = {(uint32_t)effective,
                              (uint32_t)permitted,
                              (uint32_t)inheritable,
                              effective >> 32,
                              permitted >> 32,
                              inheritable >> 32};
    struct header header = {VERSION_3, 0};
    return syscall(SYS_capset, &header, data);
}

static uint64_t ambient_set(void)
{
    uint64_t set = 0;
    for (int i = 0; i <= LAST; ++i) {
        if (prctl(AMBIENT, AMBIENT_IS_SET, i, 0, 0) == 1) set |= BIT(i);
    }
    return set;
}

static uint64_t bounding_set(void)
{
    uint64_t set = 0;
    for (int i = 0; i <= LAST; ++i) {
        if (i != SYS_RESOURCE && prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1) set |= BIT(i);
    }
    return set;
}

// Hosts may have capabilities that this program does not know, or lack some in their bounding set.
static char const* set_text(uint64_t set)
{
    static char texts[4][24];
    static int next;
    char* const text = texts[next++ % 4];
    if ((set & all_capabilities) == all_capabilities) return "all";
    snprintf(text, 24, "%llx", (unsigned long long)set);
    return text;
}

static void show_sets(char const* what)
{
    struct sets sets;
    require(get_sets(&sets) == 0, "capget");
    printf("%s: effective %s permitted %s inheritable %s",
           what,
           set_text(sets.effective),
           set_text(sets.permitted),
           set_text(sets.inheritable));
    printf(" ambient %s\n", set_text(ambient_set()));
    fflush(stdout);
}
