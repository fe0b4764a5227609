// Calls about users, groups and rights, and those that only root may make and that would change the
// whole machine: of these only what must be refused is tried, as the contract programs of others run
// on the same machine (and Linux here is somebody's).
#include "tests/contracts/bad_arguments/sweep.h"

#include <sys/mount.h>
#include <sys/time.h>
#include <sys/timex.h>

static int const groups[2] = {1, 2};
static int const no_groups[2] = {-1, 2};
static struct {
    unsigned version;
    int pid;
} const version = {0x20080522, 0}, no_version = {0x12345678, 0}, of_nobody = {0x20080522, 999998};
static unsigned const rights[6] = {0, 0, 0, 0, 0, 0};
static char const missing[] = "missing";
static struct timespec const wrong = {0, 1000000000};
static struct timeval const wrong_time = {0, 1000000};

static struct call const calls[] = {
    {"setuid", SYS_setuid, {USER(0)}, 1},
    {"setgid", SYS_setgid, {USER(0)}, 1},
    {"setreuid", SYS_setreuid, {USER(0), USER(0)}, 1},
    {"setregid", SYS_setregid, {USER(0), USER(0)}, 1},
    {"setresuid", SYS_setresuid, {USER(0), USER(0), USER(0)}, 1},
    {"setresgid", SYS_setresgid, {USER(0), USER(0), USER(0)}, 1},
    {"setfsuid", SYS_setfsuid, {USER(0)}, 1},
    {"setfsgid", SYS_setfsgid, {USER(0)}, 1},
    {"getresuid", SYS_getresuid, {OUT(4), OUT(4), OUT(4)}, 3},
    {"getresgid", SYS_getresgid, {OUT(4), OUT(4), OUT(4)}, 3},
    {"getgroups", SYS_getgroups, {CODE(0, 2), OUT(8)}, 2},
    // Not 1024 and 4097, which are more than the kernel keeps.
    {"setgroups", SYS_setgroups, {SIZE(2), IN(groups)}, 1},
    {"setgroups of nobody", SYS_setgroups, {NUM(2), IN(no_groups)}, 1},
    {"capget", SYS_capget, {IN(version), OUT(24)}, 3},
    {"capget version", SYS_capget, {IN(no_version), OUT(24)}, 3},
    {"capget of nobody", SYS_capget, {IN(of_nobody), OUT(24)}, 3},
    {"capset", SYS_capset, {IN(version), IN(rights)}, 1},
    {"capset version", SYS_capset, {IN(no_version), IN(rights)}, 1},
    {"capset of nobody", SYS_capset, {IN(of_nobody), IN(rights)}, 1},
    // Refused for their length or their address.
    {"sethostname", SYS_sethostname, {NUM(0x10), NUM(65)}, 3},
    {"sethostname negative", SYS_sethostname, {NUM(0x10), NUM(-1)}, 3},
    {"sethostname nowhere", SYS_sethostname, {NUM(0x10), NUM(5)}, 3},
    {"setdomainname", SYS_setdomainname, {NUM(0x10), NUM(65)}, 3},
    {"setdomainname nowhere", SYS_setdomainname, {NUM(0x10), NUM(5)}, 3},
    {"settimeofday", SYS_settimeofday, {IN(wrong_time), NUM(0)}, 3},
    {"clock_settime", SYS_clock_settime, {CODE(1, 1), IN(wrong)}, 3},
    {"reboot", SYS_reboot, {NUM(1), NUM(2), NUM(3), NUM(4)}, 3},
    {"umount2", SYS_umount2, {IN(missing), FLAGS(0)}, 3},
    {"syslog", SYS_syslog, {CODE(99, -2), NUM(0), NUM(0)}, 3},
};
SWEEP(calls)
