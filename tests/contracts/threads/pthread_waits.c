// pthread_barrier_wait(3p), pthread_cond_timedwait(3p), pthread_mutex_lock(3p),
// pthread_rwlock_rdlock(3p), pthread_join(3): what they return, with the waiting that libc builds
// from futexes.
#include "tests/contracts/threads/futex.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t gate;
static int ready, woken, serial;

static char const* name(int error) { return error == 0 ? "ok" : error_name(error); }

static void* pass(void* unused)
{
    for (int i = 0; i < 10; ++i) {
        if (pthread_barrier_wait(&gate) == PTHREAD_BARRIER_SERIAL_THREAD) {
            __atomic_add_fetch(&serial, 1, __ATOMIC_SEQ_CST);
        }
    }
    pthread_mutex_lock(&mutex);
    while (!ready) pthread_cond_wait(&condition, &mutex);
    ++woken;
    pthread_mutex_unlock(&mutex);
    return (void*)((long)unused * 2);
}

static void kinds(void)
{
    int const all[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK};
    char const* const names[] = {"normal", "recursive", "checking"};
    for (int i = 0; i < 3; ++i) {
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_settype(&attributes, all[i]);
        pthread_mutex_t own;
        pthread_mutex_init(&own, &attributes);
        pthread_mutex_lock(&own);
        printf("%s: try again %s", names[i], name(pthread_mutex_trylock(&own)));
        if (i > 0) printf(", lock again %s", name(pthread_mutex_lock(&own)));
        printf("\n");
    }
}

int main(void)
{
    struct timespec past = {1, 0};
    pthread_barrier_init(&gate, NULL, 4);
    pthread_t threads[4];
    for (long i = 0; i < 4; ++i) {
        require(pthread_create(&threads[i], NULL, pass, (void*)i) == 0, "thread");
    }
    pthread_mutex_lock(&mutex);
    printf("nobody is told: %s\n", name(pthread_cond_timedwait(&condition, &mutex, &past)));
    ready = 1;
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
    long sum = 0;
    for (int i = 0; i < 4; ++i) {
        void* value = NULL;
        pthread_join(threads[i], &value);
        sum += (long)value;
    }
    printf("results %ld, woken %d, of ten rounds one each %d\n", sum, woken, serial);
    kinds();
    past.tv_nsec = -1;
    pthread_mutex_lock(&mutex);
    printf("bad time: %s\n", name(pthread_cond_timedwait(&condition, &mutex, &past)));
    past.tv_nsec = 0;
    printf("taken: %s\n", name(pthread_mutex_timedlock(&mutex, &past)));
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    printf("read %s, read again %s, ",
           name(pthread_rwlock_rdlock(&lock)),
           name(pthread_rwlock_tryrdlock(&lock)));
    printf("write %s\n", name(pthread_rwlock_trywrlock(&lock)));
    printf("write in time: %s\n", name(pthread_rwlock_timedwrlock(&lock, &past)));
    return 0;
}
