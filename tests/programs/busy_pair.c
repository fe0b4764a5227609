// Two processes that compete for the CPU and say in which order they ran: the schedule made visible.
#include "support.h"

int main(void)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    for (int who = 0; who < 2; ++who) {
        pid_t const child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            volatile unsigned work = 0;
            for (int round = 0; round < 40; ++round) {
                for (int i = 0; i < 400000; ++i) work += (unsigned)i;
                char const mark = (char)('a' + who);
                CHECK(write(ends[1], &mark, 1) == 1);
            }
            _exit(0);
        }
    }
    close(ends[1]);
    char order[128];
    int length = 0;
    for (;;) {
        ssize_t const got = read(ends[0], order + length, sizeof order - 1 - (size_t)length);
        if (got <= 0) break;
        length += (int)got;
    }
    order[length] = 0;
    while (wait(NULL) > 0) {}
    int as = 0;
    for (int i = 0; i < length; ++i) as += order[i] == 'a';
    fprintf(stderr, "%s\n", order);
    printf("%d marks, %d of the first\n", length, as);
    return 0;
}
