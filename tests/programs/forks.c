// Ten thousand children, one after the other and in generations; every status arrives.
#include "support.h"

int main(void)
{
    unsigned long sum = 0;
    for (int i = 0; i < 10000; ++i) {
        pid_t const child = fork();
        CHECK(child >= 0);
        if (child == 0) _exit(i & 0x7f);
        int status = 0;
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        sum += (unsigned long)WEXITSTATUS(status);
    }
    printf("sum of statuses %lu\n", sum);
    int alive = 0;
    for (int i = 0; i < 200; ++i) {
        pid_t const child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            pause();
            _exit(0);
        }
        ++alive;
    }
    signal(SIGTERM, SIG_IGN);
    CHECK(kill(0, SIGTERM) == 0);
    while (alive > 0) {
        int status = 0;
        CHECK(wait(&status) > 0);
        CHECK(WIFSIGNALED(status));
        --alive;
    }
    CHECK(wait(NULL) < 0);
    printf("then %s\n", error_name(errno));
    return 0;
}
