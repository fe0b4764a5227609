#pragma once

// What the programs about cgroups share: a cgroup of the program's own, which goes at its end.
#include "tests/contracts/contract.h"

#include <dirent.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/random.h>

#ifndef CLONE_NEWCGROUP
#    define CLONE_NEWCGROUP 0x02000000
#endif

static char own_group[128];   // "t/drydock-1234", below the working folder.
static char home_group[512];  // Where the program was before.
static char own_path[600];    // As /proc/PID/cgroup has it.
static pid_t first_process;

// In one buffer of several, for use at once.
static char const* in_own(char const* name)
{
    static char paths[4][512];
    static int next;
    char* const path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s%s%s", own_group, *name != 0 ? "/" : "", name);
    return path;
}

static ssize_t write_text(char const* path, char const* text)
{
    int const file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t const written = write(file, text, strlen(text));
    int const error = errno;
    close(file);
    errno = error;
    return written < 0 ? -1 : 0;
}

static char const* read_text(char const* path)
{
    static char text[4096];
    int const file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return NULL;
    ssize_t const size = read(file, text, sizeof text - 1);
    int const error = errno;
    close(file);
    errno = error;
    if (size < 0) return NULL;
    text[size] = 0;
    return text;
}

// Of files in the program's cgroup.
static void put(char const* name, char const* text)
{
    char what[256];
    snprintf(what, sizeof what, "%s < \"%s\"", name, text);
    for (char* at = what; *at != 0; ++at)
        if (*at == '\n') *at = '~';
    show(what, write_text(in_own(name), text));
}

static void get(char const* name)
{
    char const* const text = read_text(in_own(name));
    if (text == NULL) {
        show(name, -1);
        return;
    }
    printf("%s:", name);
    for (char const* at = text; *at != 0; ++at) putchar(*at == '\n' ? '~' : *at);
    printf("\n");
    fflush(stdout);
}

// The line of version 2, relative to the program's own cgroup.
static void show_group_of(char const* what, pid_t process)
{
    char path[64];
    if (process == 0)
        snprintf(path, sizeof path, "/proc/self/cgroup");
    else
        snprintf(path, sizeof path, "/proc/%d/cgroup", (int)process);
    char const* const text = read_text(path);
    if (text == NULL) {
        show(what, -1);
        return;
    }
    char const* line = strstr(text, "0::");
    require(line != NULL, "line of version 2");
    line += 3;
    size_t const size = strcspn(line, "\n");
    size_t const own = strlen(own_path);
    if (strncmp(line, own_path, own) == 0)
        printf("%s: OWN%.*s\n", what, (int)(size - own), line + own);
    else if (size == strlen(home_group) && strncmp(line, home_group, size) == 0)
        printf("%s: HOME\n", what);
    else
        printf("%s: %.*s\n", what, (int)size, line);
    fflush(stdout);
}

static int count_lines(char const* name)
{
    char const* const text = read_text(in_own(name));
    if (text == NULL) return -1;
    int lines = 0;
    for (char const* at = text; *at != 0; ++at) lines += *at == '\n';
    return lines;
}

static void show_lines(char const* name)
{
    char what[256];
    snprintf(what, sizeof what, "lines of %s", name);
    show(what, count_lines(name));
}

static void remove_tree(char const* path)
{
    DIR* const folder = opendir(path);
    if (folder == NULL) return;
    for (struct dirent* entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
        char below[512];
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        remove_tree(below);
    }
    closedir(folder);
    rmdir(path);
}

static void end_groups(void)
{
    if (getpid() != first_process) return;
    char path[700];
    snprintf(path, sizeof path, "t%s/cgroup.procs", home_group);
    write_text(path, "0");
    remove_tree(own_group);
    umount2("t", MNT_DETACH);
}

static void make_own_group(void)
{
    unsigned random = 0;
    require(getrandom(&random, sizeof random, 0) == sizeof random, "getrandom");
    snprintf(own_group, sizeof own_group, "t/drydock-%u", random);
    require(mkdir(own_group, 0755) == 0, "a cgroup");
    snprintf(own_path, sizeof own_path, "%s", own_group + 1);
    first_process = getpid();
    atexit(end_groups);
}

static void begin_groups(void)
{
    require(mkdir("t", 0755) == 0, "t");
    require(mount("none", "t", "cgroup2", 0, NULL) == 0, "cgroup2");
    char const* const text = read_text("/proc/self/cgroup");
    require(text != NULL, "/proc/self/cgroup");
    char const* const line = strstr(text, "0::");
    require(line != NULL, "line of version 2");
    snprintf(home_group, sizeof home_group, "%.*s", (int)strcspn(line + 3, "\n"), line + 3);
    make_own_group();
}

// The same with the controller pids: of version 2, or where version 1 has it, of that, which has
// the same files for it.
static void begin_pids(void)
{
    begin_groups();
    if (write_text("t/cgroup.subtree_control", "+pids") == 0) return;
    remove_tree(own_group);
    require(umount2("t", MNT_DETACH) == 0, "umount");
    require(mount("none", "t", "cgroup", 0, "pids") == 0, "the controller pids");
    home_group[0] = 0;
    make_own_group();
}

static pid_t sleeper_in(char const* name)
{
    pid_t const child = fork_child();
    if (child == 0) {
        for (;;) pause();
    }
    char number[16];
    snprintf(number, sizeof number, "%d", (int)child);
    char path[256];
    snprintf(path, sizeof path, "%s%scgroup.procs", name, *name != 0 ? "/" : "");
    require(write_text(in_own(path), number) == 0, path);
    return child;
}

static void end_sleeper(char const* what, pid_t child)
{
    kill(child, SIGKILL);
    show_end(what, child);
}
