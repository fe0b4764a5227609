// Calls getpid as often as the argument says, in a loop of four instructions: the cost of a system
// call that does nothing.
#include <stdlib.h>
#include <sys/syscall.h>

int main(int count, char** arguments)
{
    long rounds = count > 1 ? atol(arguments[1]) : 0;
    if (rounds <= 0) return 0;
    __asm__ volatile("1: mov %[number], %%eax\n"
                     "   syscall\n"
                     "   dec %[rounds]\n"
                     "   jnz 1b\n"
                     : [rounds] "+r"(rounds)
                     : [number] "i"(SYS_getpid)
                     : "rax", "rcx", "r11", "cc", "memory");
    return 0;
}
