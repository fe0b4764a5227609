// Programs whose text is small or large, and that run the same few pages of it (text.S).
#define _GNU_SOURCE
#include "guest/user/growth/growth.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static char program[32];

// Warm: each page of the program is in the page cache.
static void choose(int count)
{
    static char buffer[4096];
    snprintf(program, sizeof program, "/bin/text_%d", count);
    int const file = open(program, O_RDONLY);
    must(file >= 0, program);
    while (read(file, buffer, sizeof buffer) > 0) continue;
    close(file);
}

static void exec_text(int round)
{
    (void)round;
    char* const arguments[] = {program, NULL};
    pid_t const child = vfork();
    if (child == 0) {
        execv(program, arguments);
        _exit(127);
    }
    int status = 0;
    must(child > 0 && waitpid(child, &status, 0) == child && status == 0, program);
}

struct operation const text_operations[] = {
    {"exec_text", choose, exec_text},
    {NULL, NULL, NULL},
};
