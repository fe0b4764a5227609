// Calls getpid as often as the argument says: the cost of a system call that does nothing.
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char** arguments)
{
    long const rounds = count > 1 ? atol(arguments[1]) : 0;
    for (long i = 0; i < rounds; ++i) syscall(SYS_getpid);
    return 0;
}
