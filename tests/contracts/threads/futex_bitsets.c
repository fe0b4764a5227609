// futex(2), FUTEX_WAIT_BITSET and FUTEX_WAKE_BITSET: who has no bit in common sleeps on; a plain
// wait has all bits, a plain wake too; no bits are refused.
#include "tests/contracts/threads/futex.h"

static int word;

static long wake(unsigned bits, unsigned count)
{
    return futex(&word, kWakeBitset | kPrivate, count, NULL, NULL, bits);
}

int main(void)
{
    show("wait without bits", futex(&word, kWaitBitset | kPrivate, 0, NULL, NULL, 0));
    show("wake without bits", wake(0, 1));
    show("wait, other value", futex(&word, kWaitBitset | kPrivate, 1, NULL, NULL, 1));
    unsigned const bits[] = {1, 2, 4, 3, 0};
    struct sleeper sleepers[5];
    for (int i = 0; i < 5; ++i) {
        int const operation = (bits[i] == 0 ? kWait : kWaitBitset) | kPrivate;
        sleepers[i] = (struct sleeper){.word = &word, .operation = operation, .bits = bits[i]};
        start_sleeper(&sleepers[i]);
    }
    show("wake 4, one", wake(4, 1));
    end_sleeper("waited with 4", &sleepers[2]);
    show("wake 2, two", wake(2, 2));
    end_sleeper("waited with 2", &sleepers[1]);
    end_sleeper("waited with 3", &sleepers[3]);
    show("wake 8", wake(8, 9));
    end_sleeper("waited without bits", &sleepers[4]);
    show("wake 6", wake(6, 9));
    show("plain wake", futex(&word, kWake | kPrivate, 9, NULL, NULL, 0));
    end_sleeper("waited with 1", &sleepers[0]);
    return 0;
}
