// futex(2), FUTEX_REQUEUE and FUTEX_CMP_REQUEUE: some are woken, others moved to sleep at another
// word, in their order; the result counts both; the comparison and the numbers are checked.
#include "tests/contracts/threads/futex.h"

enum { kSleepers = 5 };

static int first = 1, second = 2;
static struct sleeper sleepers[kSleepers];

static void start_all(void)
{
    for (int i = 0; i < kSleepers; ++i) {
        sleepers[i] = (struct sleeper){.word = &first, .operation = kWait | kPrivate, .value = 1};
        start_sleeper(&sleepers[i]);
    }
}

static long requeue(int operation, unsigned wake, long move, unsigned value)
{
    return futex(&first, operation | kPrivate, wake, (void*)move, &second, value);
}

static long wake(int* word, unsigned count)
{
    return futex(word, kWake | kPrivate, count, NULL, NULL, 0);
}

int main(void)
{
    show("nobody", requeue(kRequeue, 1, 1, 0));
    show("other value", requeue(kCompareRequeue, 1, 1, 2));
    show("negative count", requeue(kRequeue, (unsigned)-1, 1, 0));
    show("negative move", requeue(kCompareRequeue, 1, -1, 1));
    show("other word not aligned",
         futex(&first, kRequeue | kPrivate, 1, (void*)1, (char*)&second + 1, 0));
    show("first word not there", futex((void*)16, kCompareRequeue, 1, (void*)1, &second, 0));
    start_all();
    show("wake one, move two", requeue(kRequeue, 1, 2, 0));
    end_sleeper("woken", &sleepers[0]);
    show("at the second", wake(&second, 1));
    end_sleeper("the first that was moved", &sleepers[1]);
    show("at the second", wake(&second, 9));
    end_sleeper("the other", &sleepers[2]);
    show("at the first", wake(&first, 9));
    end_sleeper("stayed", &sleepers[3]);
    end_sleeper("stayed", &sleepers[4]);
    start_all();
    show("wake none, move all", requeue(kCompareRequeue, 0, 100, 1));
    show("at the first", wake(&first, 9));
    show("back, three", futex(&second, kRequeue | kPrivate, 0, (void*)3, &first, 0));
    show("at the first", wake(&first, 9));
    for (int i = 0; i < 3; ++i) end_sleeper("moved twice", &sleepers[i]);
    show("at the second", wake(&second, 9));
    for (int i = 3; i < 5; ++i) end_sleeper("moved once", &sleepers[i]);
    start_all();
    show("to itself", futex(&first, kRequeue | kPrivate, 2, (void*)9, &first, 0));
    show("the rest is there", wake(&first, 9) == 3);
    for (int i = 0; i < kSleepers; ++i) end_sleeper("woken", &sleepers[i]);
    return 0;
}
