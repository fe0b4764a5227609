#pragma once

// What the programs about pid namespaces share.
#include "tests/contracts/namespaces/support.h"

#include <poll.h>
#include <sys/prctl.h>

static pid_t clone_child(unsigned long flags)
{
    fflush(NULL);
    return (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

// A child that is process 1 of a namespace of its own.
static pid_t clone_init(void)
{
    pid_t const child = clone_child(CLONE_NEWPID);
    require(child >= 0, "CLONE_NEWPID");
    return child;
}

static long parent_number(void) { return syscall(SYS_getppid); }

// Of a file like /proc/PID/status: the line that begins so, with blanks for tabs.
static void show_line(char const* path, char const* start)
{
    FILE* const file = fopen(path, "re");
    require(file != NULL, path);
    char line[256];
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, start, strlen(start)) != 0) continue;
        for (char* letter = line; *letter != 0; ++letter) {
            if (*letter == '\t') *letter = ' ';
        }
        printf("%s", line);
    }
    fclose(file);
    fflush(stdout);
}

static void mount_proc(void)
{
    require(unshare(CLONE_NEWNS) == 0, "unshare");
    require(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private");
    mkdir("proc", 0755);
    require(mount("proc", "proc", "proc", 0, NULL) == 0, "mount proc");
}
