// Who is woken by which operation of futex(2), and by the end of a thread or of the owner of a
// robust lock (set_tid_address(2), set_robust_list(2)). Between processes, in shared memory.
#include "support.h"

#include <sched.h>
#include <stddef.h>

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_REQUEUE = 3, FUTEX_CMP_REQUEUE = 4, FUTEX_WAKE_OP = 5 };
enum { kWaiters = (int)0x80000000, kOwnerDied = 0x40000000 };

struct shared {
    int first, second, released[2];
    struct {
        void* next;
        int word;
    } lock;
};
static struct shared* shared;

static void pause_ms(long ms)
{
    struct timespec const time = {0, ms * 1000000};
    nanosleep(&time, NULL);
}

static long futex(int* word, int operation, int value, long timeout_or_count, int* other, int more)
{
    return syscall(SYS_futex, word, operation, value, timeout_or_count, other, more);
}

// A process that waits for the word to be woken, and says so by its exit status.
static pid_t waiter(int* word)
{
    fflush(stdout);
    pid_t const child = fork();
    CHECK(child >= 0);
    if (child == 0) _exit(futex(word, FUTEX_WAIT, *word, 0, NULL, 0) == 0 ? 7 : 1);
    pause_ms(40);
    return child;
}

static void ended(char const* name, pid_t child)
{
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s: %s\n", name, status_text(status));
}

static long wake_op(int operation, int argument, int comparison, int compared)
{
    int const code = operation << 28 | comparison << 24 | argument << 12 | compared;
    return futex(&shared->first, FUTEX_WAKE_OP, 1, 1, &shared->second, code);
}

static void wake_operations(void)
{
    enum { kSet = 0, kAdd = 1, kEqual = 0, kGreater = 4 };
    pid_t first = waiter(&shared->first), second = waiter(&shared->second);
    shared->second = 0;
    printf("both: %ld\n", wake_op(kAdd, 5, kEqual, 0));
    printf("second is %d\n", shared->second);
    ended("first", first);
    ended("second", second);
    first = waiter(&shared->first);
    second = waiter(&shared->second);
    printf("only the first: %ld\n", wake_op(kSet, 3, kGreater, 9));
    ended("first", first);
    printf("then the second: %ld\n", futex(&shared->second, FUTEX_WAKE, 1, 0, NULL, 0));
    ended("second", second);
    printf("nobody: %ld\n", wake_op(kSet, 0, kEqual, 3));
}

static void requeues(void)
{
    shared->first = shared->second = 0;
    pid_t const one = waiter(&shared->first), two = waiter(&shared->first);
    long const wrong = futex(&shared->first, FUTEX_CMP_REQUEUE, 1, 10, &shared->second, 1);
    printf("changed word: %ld %s\n", wrong, error_name(errno));
    printf("one woken, one moved: %ld\n",
           futex(&shared->first, FUTEX_CMP_REQUEUE, 1, 10, &shared->second, 0));
    ended("the first in line", one);
    printf("nobody here: %ld\n", futex(&shared->first, FUTEX_WAKE, 9, 0, NULL, 0));
    printf("but there: %ld\n", futex(&shared->second, FUTEX_WAKE, 9, 0, NULL, 0));
    ended("the second in line", two);
    pid_t const three = waiter(&shared->first);
    printf("woken, not moved: %ld\n", futex(&shared->first, FUTEX_REQUEUE, 1, 1, &shared->second, 0));
    ended("the only one", three);
}

static char stack[65536] __attribute__((aligned(16)));

static int short_life(void* argument)
{
    (void)argument;
    pause_ms(40);
    return 0;
}

static void end_of_a_thread(void)
{
    static int word = 1;
    int const child = clone(short_life, stack + sizeof stack, CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD,
                            NULL, NULL, NULL, &word);
    CHECK(child > 0);
    while (word != 0) {
        long const result = futex(&word, FUTEX_WAIT, 1, 0, NULL, 0);
        CHECK(result == 0 || errno == EAGAIN || errno == EINTR);
    }
    printf("told of the end: %d\n", word);
    CHECK(waitpid(child, NULL, 0) == child);
}

static void end_of_an_owner(void)
{
    fflush(stdout);
    pid_t const owner = fork();
    if (owner == 0) {
        struct {
            void* next;
            long offset;
            void* pending;
        } head = {&shared->lock.next, offsetof(struct shared, lock.word) - offsetof(struct shared, lock.next), NULL};
        shared->lock.next = &head;
        shared->lock.word = (int)syscall(SYS_gettid) | kWaiters;
        CHECK(syscall(SYS_set_robust_list, &head, sizeof head) == 0);
        pause_ms(150);
        _exit(0);
    }
    pause_ms(40);
    pid_t const child = waiter(&shared->lock.word);
    CHECK(waitpid(owner, NULL, 0) == owner);
    printf("owner died: %d, waiters: %d, owner: %d\n", (shared->lock.word & kOwnerDied) != 0,
           (shared->lock.word & kWaiters) != 0, shared->lock.word & 0x3fffffff);
    ended("who waited", child);
}

int main(void)
{
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    wake_operations();
    requeues();
    end_of_a_thread();
    end_of_an_owner();
    return 0;
}
