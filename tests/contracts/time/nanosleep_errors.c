// nanosleep(2), clock_nanosleep(2): EINVAL for nanoseconds outside 0..999999999 or negative seconds;
// clock_nanosleep returns the error; an absolute time that has passed returns at once.
#include "tests/contracts/contract.h"
#include <time.h>

int main(void)
{
    struct timespec times[] = {{0, -1}, {0, 1000000000}, {-1, 0}, {0, 0}, {0, 1}};
    for (int i = 0; i < 5; ++i) show("nanosleep", nanosleep(&times[i], NULL));
    show("nanosleep NULL", syscall(SYS_nanosleep, 0, 0));
    for (int i = 0; i < 5; ++i) {
        printf("clock_nanosleep: %s\n", error_name(clock_nanosleep(CLOCK_MONOTONIC, 0, &times[i], NULL)));
    }
    printf("past: %s\n", error_name(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &times[4], NULL)));
    show("bad clock", syscall(SYS_clock_nanosleep, 99, 0, &times[4], 0));
    show("thread's clock", syscall(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &times[4], 0));
    return 0;
}
