#pragma once

// For the programs about what each thread has of its own: what /proc says of one thread, and
// threads that do one thing after the other when told to.
#include "tests/contracts/credentials/capabilities.h"

#include <pthread.h>

// The line of /proc/PATH/status that begins with `key`, without it and with single blanks.
static char const* status_line(char const* path, char const* key)
{
    static char lines[4][256];
    static int next;
    char* const target = lines[next++ % 4];
    FILE* const file = fopen(path, "r");
    require(file != NULL, path);
    char line[4096];
    target[0] = 0;
    size_t const length = strlen(key);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, key, length) != 0) continue;
        snprintf(target, 256, "%s", line + length + 1);
        for (char* at = target; *at != 0; ++at) {
            if (*at == '\t' || *at == '\n') *at = ' ';
        }
    }
    fclose(file);
    return target;
}

static void show_status_of(char const* what, char const* path)
{
    printf("%s: Uid%sGid%sGroups%s",
           what,
           status_line(path, "Uid:"),
           status_line(path, "Gid:"),
           status_line(path, "Groups:"));
    unsigned long long const effective = strtoull(status_line(path, "CapEff:"), NULL, 16);
    printf(" %s\n", set_text(effective & ~BIT(SYS_RESOURCE)));
    fflush(stdout);
}

static int own_tid(void) { return (int)syscall(SYS_gettid); }

static void show_thread(char const* what, int tid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/status", tid);
    show_status_of(what, path);
}

// A thread that does its steps when the other one says so: run_in(thread, step) returns when the
// step is done.
struct worker {
    pthread_t thread;
    int tid;
    struct barrier start, done;
    void (*step)(void);
};

static void* work(void* argument)
{
    struct worker* const self = argument;
    self->tid = own_tid();
    barrier_signal(&self->done);
    for (;;) {
        barrier_wait(&self->start);
        if (self->step == NULL) return NULL;
        self->step();
        barrier_signal(&self->done);
    }
}

static void start_worker(struct worker* worker)
{
    worker->start = barrier_make();
    worker->done = barrier_make();
    require(pthread_create(&worker->thread, NULL, work, worker) == 0, "thread");
    barrier_wait(&worker->done);
}

static void run_in(struct worker* worker, void (*step)(void))
{
    worker->step = step;
    barrier_signal(&worker->start);
    barrier_wait(&worker->done);
}

static void end_worker(struct worker* worker)
{
    worker->step = NULL;
    barrier_signal(&worker->start);
    pthread_join(worker->thread, NULL);
}
