// usage: growth COUNT OPERATION...   Prints `GROWTH <operation> <count> <rounds> <total_ns>`, and
// `MEMORY <family> <count> <KiB>`: what the things themselves take; at the end `GROWTH_END`. `growth exit` just ends.
#define _GNU_SOURCE
#include "guest/user/growth/growth.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { warm_up = 4, rounds = 64 };

static struct operation const* const families[] = {process_operations, descriptor_operations, file_operations,
                                                   region_operations, text_operations};
static char const* const names[] = {"processes", "descriptors", "files", "regions", "text"};

void must(bool is_done, char const* what)
{
    if (is_done) return;
    perror(what);
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static long free_kib(void)
{
    struct sysinfo info;
    must(sysinfo(&info) == 0, "sysinfo");
    return (long)(info.freeram * info.mem_unit / 1024);
}

static void measure(struct operation const* operation, int count)
{
    for (int i = 0; i < warm_up; ++i) operation->run(i);
    uint64_t const start = now_ns();
    for (int i = warm_up; i < warm_up + rounds; ++i) operation->run(i);
    uint64_t const total = now_ns() - start;
    printf("GROWTH %s %d %d %llu\n", operation->name, count, rounds, (unsigned long long)total);
    fflush(stdout);
}

static void run_family(int family, int count)
{
    for (struct operation const* each = families[family]; each->name != NULL; ++each) {
        if (each->prepare != NULL) {
            long const before = free_kib();
            each->prepare(count);
            printf("MEMORY %s/%s %d %ld\n", names[family], each->name, count, before - free_kib());
        }
        measure(each, count);
    }
}

int main(int argc, char** argv)
{
    if (argc == 2 && strcmp(argv[1], "exit") == 0) _exit(0);
    if (argc < 3) {
        fprintf(stderr, "usage: growth COUNT FAMILY...\n");
        return 2;
    }
    // As the first process of a bare root.
    if (access("/proc/self", F_OK) != 0) mount("proc", "/proc", "proc", 0, NULL);
    int const count = atoi(argv[1]);
    struct rlimit const many = {65536, 65536};
    setrlimit(RLIMIT_NOFILE, &many);
    for (int i = 2; i < argc; ++i) {
        int family = 0;
        while (family < 5 && strcmp(argv[i], names[family]) != 0) ++family;
        must(family < 5, argv[i]);
        // A process of its own, in a group of its own: what it made goes with it.
        pid_t const child = fork();
        if (child == 0) {
            setpgid(0, 0);
            run_family(family, count);
            kill(0, 9);
        }
        int status = 0;
        must(child > 0 && waitpid(child, &status, 0) == child, "waitpid");
        must(WIFSIGNALED(status) && WTERMSIG(status) == 9, names[family]);
    }
    printf("GROWTH_END\n");
    fflush(stdout);
    if (getpid() == 1) sleep(1);
    return 0;
}
