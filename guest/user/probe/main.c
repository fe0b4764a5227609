// probe CHECK SEED [CHECK SEED...]: one check after the other, in one process.
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    char const* name;
    void (*run)(struct dice*);
} const kChecks[] = {
    {"blank", check_blank},
    {"break", check_break},
    {"copies", check_copies},
    {"exec", check_exec},
    {"fifo", check_fifo},
    {"files", check_files},
    {"kernel-copies", check_kernel_copies},
    {"mapped-file", check_mapped_file},
    {"pipe", check_pipe},
    {"poll", check_poll},
    {"programs", check_programs},
    {"protection", check_protection},
    {"signals", check_signals},
    {"sockets", check_sockets},
    {"stop", check_stop},
    {"timers", check_timers},
    {"unmapping", check_unmapping},
};

static char const* current = "probe";
static char const* current_seed = "";

uint32_t roll(struct dice* dice, uint32_t bound)
{
    dice->state ^= dice->state >> 12;
    dice->state ^= dice->state << 25;
    dice->state ^= dice->state >> 27;
    return (uint32_t)((dice->state * 0x2545f4914f6cdd1du) >> 32) % bound;
}

void broken(char const* format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    dprintf(STDOUT_FILENO, "probe %s %s: %s\n", current, current_seed, text);
    _exit(1);
}

void need(int is_done, char const* what)
{
    if (!is_done) broken("%s: %s", what, strerror(errno));
}

unsigned char pattern(uint32_t seed, size_t place)
{
    // Never 0, so that lost bytes are seen.
    return (unsigned char)(1 + (seed + place * 7 + place / 251) % 255);
}

void fill(unsigned char* target, size_t size, uint32_t seed, size_t from)
{
    for (size_t i = 0; i < size; ++i) target[i] = pattern(seed, from + i);
}

void expect_pattern(
    unsigned char const* bytes, size_t size, uint32_t seed, size_t from, char const* what)
{
    for (size_t i = 0; i < size; ++i) {
        unsigned char const expected = pattern(seed, from + i);
        if (bytes[i] != expected)
            broken("%s: byte %zu is %u, not %u", what, from + i, bytes[i], expected);
    }
}

void expect_zero(unsigned char const* bytes, size_t size, char const* what)
{
    for (size_t i = 0; i < size; ++i) {
        if (bytes[i] != 0) broken("%s: byte %zu is %u, not 0", what, i, bytes[i]);
    }
}

int in_child(void (*work)(void*), void* argument)
{
    pid_t const child = fork();
    need(child >= 0, "fork");
    if (child == 0) {
        work(argument);
        _exit(0);
    }
    int status = 0;
    need(waitpid(child, &status, 0) == child, "waitpid");
    return status;
}

void check_in_child(void (*work)(void*), void* argument, char const* what)
{
    int const status = in_child(work, argument);
    // The child has said what did not hold.
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0) _exit(1);
    if (WIFSIGNALED(status))
        broken("%s: the child was killed by signal %d", what, WTERMSIG(status));
}

int scratch_file(void)
{
    char name[64];
    snprintf(name, sizeof name, "/tmp/probe-%d", (int)getpid());
    int const file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    need(file >= 0, "open");
    need(unlink(name) == 0, "unlink");
    return file;
}

static int run(char const* name, char const* seed)
{
    struct dice dice = {strtoull(seed, NULL, 10) * 0x9e3779b97f4a7c15u + 1};
    for (unsigned i = 0; i < 8; ++i) roll(&dice, 2);
    current = name;
    current_seed = seed;
    for (size_t i = 0; i < sizeof kChecks / sizeof kChecks[0]; ++i) {
        if (strcmp(kChecks[i].name, name) != 0) continue;
        kChecks[i].run(&dice);
        return 0;
    }
    dprintf(STDERR_FILENO, "probe: no check is called %s\n", name);
    return 2;
}

int main(int count, char** arguments)
{
    if (count > 1 && strcmp(arguments[1], "after-exec") == 0) {
        current = "exec";
        return run_after_exec(arguments + 2);
    }
    if (count < 3 || count % 2 == 0) {
        dprintf(STDERR_FILENO, "usage: probe CHECK SEED [CHECK SEED...]\n");
        return 2;
    }
    for (int i = 1; i + 1 < count; i += 2) {
        int const status = run(arguments[i], arguments[i + 1]);
        if (status != 0) return status;
    }
    return 0;
}
