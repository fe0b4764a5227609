// Threads as libc makes them: mutexes, condition variables, thread-local storage, exit of one and all.
#include "support.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long counter;
static int turn;
static __thread int mine;

static void* count_up(void* argument)
{
    mine = (int)(intptr_t)argument;
    for (int i = 0; i < 2000; ++i) {
        pthread_mutex_lock(&mutex);
        counter += mine;
        pthread_mutex_unlock(&mutex);
    }
    return (void*)(intptr_t)mine;
}

static void* take_turns(void* argument)
{
    int const me = (int)(intptr_t)argument;
    for (int i = 0; i < 100; ++i) {
        pthread_mutex_lock(&mutex);
        while (turn % 3 != me) pthread_cond_wait(&changed, &mutex);
        ++turn;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void* sleep_for_ever(void* argument)
{
    (void)argument;
    for (;;) pause();
    return NULL;
}

int main(void)
{
    pthread_t threads[8];
    for (intptr_t i = 0; i < 8; ++i) CHECK(pthread_create(&threads[i], NULL, count_up, (void*)(i + 1)) == 0);
    long sum = 0;
    for (int i = 0; i < 8; ++i) {
        void* result = NULL;
        CHECK(pthread_join(threads[i], &result) == 0);
        sum += (long)(intptr_t)result;
    }
    printf("counter %ld, results %ld, mine %d\n", counter, sum, mine);
    for (intptr_t i = 0; i < 3; ++i) CHECK(pthread_create(&threads[i], NULL, take_turns, (void*)i) == 0);
    for (int i = 0; i < 3; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
    printf("turns %d\n", turn);
    fflush(stdout);
    pid_t const child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        for (int i = 0; i < 4; ++i) CHECK(pthread_create(&threads[i], NULL, sleep_for_ever, NULL) == 0);
        _exit(7);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("a process of five threads: %s\n", status_text(status));
    fflush(stdout);
    pid_t const other = fork();
    CHECK(other >= 0);
    if (other == 0) {
        for (int i = 0; i < 4; ++i) CHECK(pthread_create(&threads[i], NULL, sleep_for_ever, NULL) == 0);
        pthread_exit(NULL);
    }
    struct timespec const moment = {0, 10000000};
    nanosleep(&moment, NULL);
    kill(other, SIGTERM);
    CHECK(waitpid(other, &status, 0) == other);
    printf("whose main thread had left: %s\n", status_text(status));
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_nsec += 1000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_nsec -= 1000000000;
        ++deadline.tv_sec;
    }
    pthread_mutex_lock(&mutex);
    printf("timed wait: %s\n", error_name(pthread_cond_timedwait(&changed, &mutex, &deadline)));
    pthread_mutex_unlock(&mutex);
    return 0;
}
