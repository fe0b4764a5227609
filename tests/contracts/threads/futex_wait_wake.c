// futex(2), FUTEX_WAIT and FUTEX_WAKE: sleeps only while the word has the value; wakes up to so
// many, and tells how many; private and shared words are different ones; what is refused.
#include "tests/contracts/threads/futex.h"

int main(void)
{
    static int word = 7;
    static char bytes[16] __attribute__((aligned(8)));
    show("another value", futex(&word, kWait, 8, NULL, NULL, 0));
    show("nobody sleeps", futex(&word, kWake, 1, NULL, NULL, 0));
    show("not aligned", futex(bytes + 1, kWait, 0, NULL, NULL, 0));
    show("wake not aligned", futex(bytes + 2, kWake, 1, NULL, NULL, 0));
    show("no memory", futex((void*)16, kWait, 0, NULL, NULL, 0));
    show("wake private where nothing is", futex((void*)16, kWake | kPrivate, 1, NULL, NULL, 0));
    show("wake shared where nothing is", futex((void*)16, kWake, 1, NULL, NULL, 0));
    show("beyond user memory", futex((void*)(1ul << 63), kWake | kPrivate, 1, NULL, NULL, 0));
    show("unknown operation", futex(&word, 77, 0, NULL, NULL, 0));
    show("operation that is gone", futex(&word, 2, 0, NULL, NULL, 0));
    show("clock for a wake", futex(&word, kWake | kRealTime, 1, NULL, NULL, 0));
    struct sleeper sleepers[4];
    for (int i = 0; i < 4; ++i) {
        sleepers[i] = (struct sleeper){.word = &word, .operation = kWait, .value = 7};
        start_sleeper(&sleepers[i]);
    }
    show("wake another kind", futex(&word, kWake | kPrivate, 4, NULL, NULL, 0));
    show("wake one", futex(&word, kWake, 1, NULL, NULL, 0));
    end_sleeper("the first that slept", &sleepers[0]);
    show("wake two", futex(&word, kWake, 2, NULL, NULL, 0));
    end_sleeper("second", &sleepers[1]);
    end_sleeper("third", &sleepers[2]);
    show("wake many", futex(&word, kWake, 1000, NULL, NULL, 0));
    end_sleeper("fourth", &sleepers[3]);
    sleepers[0] = (struct sleeper){.word = &word, .operation = kWait | kPrivate, .value = 7};
    start_sleeper(&sleepers[0]);
    show("wake none wakes one", futex(&word, kWake | kPrivate, 0, NULL, NULL, 0));
    end_sleeper("woken", &sleepers[0]);
    sleepers[0].value = 7;
    start_sleeper(&sleepers[0]);
    word = 9;
    show("the word has changed since", futex(&word, kWake | kPrivate, 1, NULL, NULL, 0));
    end_sleeper("woken all the same", &sleepers[0]);
    return 0;
}
