#pragma once

// futex(2), and threads that sleep at a word. Waits until they sleep, not for time to pass.
#include "tests/contracts/contract.h"

#include <pthread.h>
#include <time.h>

enum {
    kWait = 0,
    kWake = 1,
    kRequeue = 3,
    kCompareRequeue = 4,
    kWakeOperation = 5,
    kWaitBitset = 9,
    kWakeBitset = 10,
    kPrivate = 128,
    kRealTime = 256,
};

static long futex(
    void* word, int operation, unsigned value, void const* fourth, void* other, unsigned third)
{
    return syscall(SYS_futex, word, operation, value, fourth, other, third);
}

struct sleeper {
    int* word;
    int operation;
    unsigned value, bits;
    int tid;
    long result;
    int error;
    pthread_t thread;
};

static void* sleep_at_word(void* argument)
{
    struct sleeper* const self = argument;
    __atomic_store_n(&self->tid, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    self->result = futex(self->word, self->operation, self->value, NULL, NULL, self->bits);
    self->error = errno;
    return NULL;
}

// Returns when it sleeps.
static void start_sleeper(struct sleeper* sleeper)
{
    sleeper->tid = 0;
    require(pthread_create(&sleeper->thread, NULL, sleep_at_word, sleeper) == 0, "thread");
    while (__atomic_load_n(&sleeper->tid, __ATOMIC_ACQUIRE) == 0) syscall(SYS_sched_yield);
    char path[64];
    char text[512];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", sleeper->tid);
    for (;;) {
        int const file = open(path, O_RDONLY | O_CLOEXEC);
        require(file >= 0, path);
        ssize_t const size = read(file, text, sizeof text - 1);
        close(file);
        require(size > 0, path);
        text[size] = 0;
        if (strrchr(text, ')')[2] == 'S') return;
        syscall(SYS_sched_yield);
    }
}

static void end_sleeper(char const* what, struct sleeper* sleeper)
{
    require(pthread_join(sleeper->thread, NULL) == 0, "join");
    errno = sleeper->error;
    show(what, sleeper->result);
}
