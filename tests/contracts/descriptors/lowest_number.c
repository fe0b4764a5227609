// POSIX 2.14 (file descriptor allocation), fcntl(2) F_DUPFD: the lowest free number, or the lowest
// that is not below the argument; EINVAL for an argument at or above RLIMIT_NOFILE.
#include "tests/contracts/contract.h"
#include <sys/resource.h>

int main(void)
{
    int files[8];
    for (int i = 0; i < 8; ++i) files[i] = open("f", O_RDWR | O_CREAT, 0600);
    require(files[7] == files[0] + 7, "eight in a row");
    close(files[5]);
    close(files[2]);
    show("dup takes the lowest", dup(files[0]) - files[0]);
    show("then the next", dup(files[0]) - files[0]);
    close(files[3]);
    show("F_DUPFD from a free one", fcntl(files[0], F_DUPFD, files[3]) - files[0]);
    show("F_DUPFD from a used one", fcntl(files[0], F_DUPFD, files[3]) - files[0]);
    show("F_DUPFD 100", fcntl(files[0], F_DUPFD, 100));
    show("F_DUPFD 100", fcntl(files[0], F_DUPFD, 100));
    show("flag", fcntl(101, F_GETFD));
    show("F_DUPFD_CLOEXEC 100", fcntl(101, F_DUPFD_CLOEXEC, 100));
    show("flag", fcntl(102, F_GETFD));
    show("F_DUPFD -1", fcntl(files[0], F_DUPFD, -1));
    show("F_DUPFD of a closed one", fcntl(500, F_DUPFD, 0));
    struct rlimit const limit = {103, 4096};
    show("limit", setrlimit(RLIMIT_NOFILE, &limit));
    show("F_DUPFD at the limit", fcntl(files[0], F_DUPFD, 103));
    show("F_DUPFD with none left", fcntl(files[0], F_DUPFD, 102));
    close(101);
    show("one below is free, none above", fcntl(files[0], F_DUPFD, 102));
    show("from the free one", fcntl(files[0], F_DUPFD, 101));
    return 0;
}
