// futex(2), FUTEX_WAKE_OP: changes the second word, wakes at the first, and at the second if the
// old value compares; operations, comparisons and the shifted argument; what is refused.
#include "tests/contracts/threads/futex.h"

static int first, second;

static unsigned encode(unsigned operation, unsigned comparison, unsigned argument, unsigned other)
{
    return operation << 28 | comparison << 24 | (argument & 0xfff) << 12 | (other & 0xfff);
}

static void change(char const* what, int old, unsigned code)
{
    second = old;
    long const result = futex(&first, kWakeOperation | kPrivate, 1, (void*)1, &second, code);
    printf("%s: %s, %d\n", what, result < 0 ? error_name(errno) : "ok", second);
    fflush(stdout);
}

int main(void)
{
    change("set", 5, encode(0, 0, 77, 0));
    change("add", 5, encode(1, 0, 10, 0));
    change("add a negative number", 5, encode(1, 0, (unsigned)-10, 0));
    change("or", 5, encode(2, 0, 0x0a, 0));
    change("and not", 7, encode(3, 0, 5, 0));
    change("exclusive or", 5, encode(4, 0, 0xf, 0));
    change("set a bit", 5, encode(8, 0, 31, 0));
    change("or a bit", 5, encode(8 | 2, 0, 4, 0));
    change("bit 0", 5, encode(8 | 1, 0, 0, 0));
    change("unknown operation", 5, encode(5, 0, 1, 0));
    change("unknown comparison", 5, encode(0, 6, 1, 0));
    show("other word not there",
         futex(&first, kWakeOperation | kPrivate, 1, (void*)1, (void*)16, encode(0, 0, 1, 0)));
    show("other word not aligned",
         futex(&first, kWakeOperation | kPrivate, 1, (void*)1, (char*)&second + 1, 0));
    int* const readable = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("other word to be read only",
         futex(&first, kWakeOperation | kPrivate, 1, (void*)1, readable, encode(0, 0, 1, 0)));
    char const* const names[] = {"==", "!=", "<", "<=", ">", ">="};
    int const olds[] = {-5, 3, 4};
    for (unsigned comparison = 0; comparison < 6; ++comparison) {
        for (int i = 0; i < 3; ++i) {
            first = 1;
            second = olds[i];
            struct sleeper one = {.word = &first, .operation = kWait | kPrivate, .value = 1};
            struct sleeper two = {
                .word = &second, .operation = kWait | kPrivate, .value = (unsigned)second};
            start_sleeper(&one);
            start_sleeper(&two);
            unsigned const code = encode(0, comparison, 9, 3);
            printf("%d %s 3 ", olds[i], names[comparison]);
            long const woken = futex(&first, kWakeOperation | kPrivate, 1, (void*)1, &second, code);
            show("wakes", woken);
            if (woken < 2) futex(&second, kWake | kPrivate, 1, NULL, NULL, 0);
            pthread_join(one.thread, NULL);
            pthread_join(two.thread, NULL);
        }
    }
    return 0;
}
