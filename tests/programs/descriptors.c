// The descriptor table up to its limit, and what happens there.
#include "support.h"

static void show(const char* what, int result)
{
    printf("%s: %d %s\n", what, result, result < 0 ? error_name(errno) : "");
}

int main(void)
{
    struct rlimit const limit = {64, 64};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    for (int i = 3; i < 64; ++i) close(i);
    int last = 2;
    for (;;) {
        int const descriptor = open("/dev/null", O_RDONLY);
        if (descriptor < 0) break;
        CHECK(descriptor == last + 1);
        last = descriptor;
    }
    printf("last descriptor %d, then %s\n", last, error_name(errno));
    int ends[2];
    show("pipe", pipe(ends));
    show("dup", dup(0));
    show("dup2 beyond", dup2(0, 64));
    CHECK(close(10) == 0);
    show("pipe with one free", pipe(ends));
    printf("the lowest free: %d\n", open("/dev/null", O_RDONLY));
    show("closed", close(10));
    show("closed twice", close(10));
    show("fcntl of nothing", fcntl(1000, F_GETFD));
    show("dupfd", fcntl(0, F_DUPFD, 100));
    CHECK(close(20) == 0);
    printf("dupfd from 15: %d\n", fcntl(0, F_DUPFD, 15));
    return 0;
}
