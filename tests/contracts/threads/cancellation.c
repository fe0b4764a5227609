// pthread_cancel(3), pthreads(7): a thread that waits in a cancellation point ends, its handlers
// run; one that has cancellation disabled goes on until it enables it; a loop ends by
// asynchronous cancellation.
#include "tests/contracts/threads/futex.h"

static int ends[2], tid;

static void clean_up(void* what)
{
    printf("  cleaned up: %s\n", (char const*)what);
    fflush(stdout);
}

static void* read_for_ever(void* unused)
{
    char byte;
    pthread_cleanup_push(clean_up, "outer");
    pthread_cleanup_push(clean_up, "inner");
    tid = (int)syscall(SYS_gettid);
    if (read(ends[0], &byte, 1) != 1) printf("read failed\n");
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return unused;
}

static void* finish_first(void* unused)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    char byte;
    tid = (int)syscall(SYS_gettid);
    printf("  read %zd although it was cancelled\n", read(ends[0], &byte, 1));
    fflush(stdout);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    pthread_testcancel();
    return unused;
}

static void* loop(void* unused)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    __atomic_store_n(&tid, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    for (;;) {
    }
    return unused;
}

static void* do_nothing(void* unused) { return unused; }

static void attempt(char const* what, void* (*body)(void*), int sends)
{
    pthread_t thread;
    void* result = NULL;
    tid = 0;
    require(pthread_create(&thread, NULL, body, (void*)5) == 0, "thread");
    while (__atomic_load_n(&tid, __ATOMIC_ACQUIRE) == 0) syscall(SYS_sched_yield);
    printf("%s\n", what);
    fflush(stdout);
    int const sent = pthread_cancel(thread);
    if (sends) require(write(ends[1], "x", 1) == 1, "write");
    pthread_join(thread, &result);
    show("  sent", sent);
    show("  cancelled", result == PTHREAD_CANCELED);
}

int main(void)
{
    require(pipe(ends) == 0, "pipe");
    attempt("waiting", read_for_ever, 0);
    attempt("disabled", finish_first, 1);
    attempt("looping", loop, 0);
    pthread_t thread;
    void* result = NULL;
    require(pthread_create(&thread, NULL, do_nothing, (void*)5) == 0, "thread");
    pthread_join(thread, &result);
    show("not cancelled", result == (void*)5);
    return 0;
}
