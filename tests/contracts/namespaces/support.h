#pragma once

// What the programs about namespaces share.
#include "tests/contracts/contract.h"

#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/utsname.h>

static void show_names(char const* what)
{
    struct utsname names;
    require(uname(&names) == 0, "uname");
    printf("%s: %s, %s\n", what, names.nodename, names.domainname);
    fflush(stdout);
}

static void set_names(char const* node, char const* domain)
{
    require(sethostname(node, strlen(node)) == 0, "sethostname");
    require(setdomainname(domain, strlen(domain)) == 0, "setdomainname");
}

static uint64_t number_of(char const* path)
{
    struct stat info;
    require(stat(path, &info) == 0, path);
    return info.st_ino;
}

static uint64_t number_in(pid_t process, char const* kind)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)process, kind);
    return number_of(path);
}

// Whether a process shares each kind with its caller.
static void show_shared(char const* what, pid_t process)
{
    printf("%s:", what);
    char const* const kinds[] = {"ipc", "mnt", "uts"};
    for (int i = 0; i < 3; ++i) {
        int const same = number_in(process, kinds[i]) == number_in(getpid(), kinds[i]);
        printf(" %s %s", kinds[i], same ? "shared" : "own");
    }
    printf("\n");
    fflush(stdout);
}

static int open_own(char const* kind)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
    int const file = open(path, O_RDONLY | O_CLOEXEC);
    require(file >= 0, path);
    return file;
}
