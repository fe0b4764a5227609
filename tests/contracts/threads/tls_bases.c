// arch_prctl(2): the bases of FS and GS of a thread, kept over calls and signals, copied by
// fork(2), set by CLONE_SETTLS; addresses beyond user memory are refused.
#include "tests/contracts/contract.h"

#include <sched.h>

enum { kSetGs = 0x1001, kSetFs = 0x1002, kGetFs = 0x1003, kGetGs = 0x1004 };

static long words[4] = {11, 22, 33, 44};

static long at_gs(void)
{
    long value;
    __asm__ volatile("movq %%gs:0, %0" : "=r"(value));
    return value;
}

static void on_signal(int number)
{
    (void)number;
    printf("in a handler: %ld\n", at_gs());
    syscall(SYS_arch_prctl, kSetGs, &words[3]);
}

static int in_clone(void* unused)
{
    (void)unused;
    long base = 0;
    // Its own FS is of no use to libc: nothing but calls of the kernel here.
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(SYS_arch_prctl), "D"((long)kGetFs), "S"(&base)
                     : "rcx", "r11", "memory");
    int const is_set = result == 0 && base == (long)&words[2];
    __asm__ volatile("syscall" : : "a"(SYS_exit), "D"((long)(is_set ? 12 : 13)) : "rcx", "r11");
    return 0;
}

int main(void)
{
    unsigned long base = 1;
    show("get GS", syscall(SYS_arch_prctl, kGetGs, &base));
    show("is", (long)base);
    show("set GS", syscall(SYS_arch_prctl, kSetGs, &words[1]));
    show("reads", at_gs());
    show("get GS", syscall(SYS_arch_prctl, kGetGs, &base));
    show("is it", base == (unsigned long)&words[1]);
    show("beyond user memory", syscall(SYS_arch_prctl, kSetGs, 1ul << 63));
    show("at its border", syscall(SYS_arch_prctl, kSetGs, 0x7ffffffff000));
    show("FS beyond", syscall(SYS_arch_prctl, kSetFs, 1ul << 47));
    show("not canonical", syscall(SYS_arch_prctl, kSetFs, 1ul << 50));
    show("unchanged", at_gs());
    show("at a bad place", syscall(SYS_arch_prctl, kGetFs, 16L));
    show("unknown", syscall(SYS_arch_prctl, 0x1005, 0L));
    pid_t const child = fork_child();
    if (child == 0) leave((int)at_gs());
    show_end("in a child", child);
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    show("after the handler, which set it", at_gs());
    static char stack[16384] __attribute__((aligned(16)));
    fflush(NULL);
    pid_t const second =
        clone(in_clone, stack + sizeof stack, CLONE_SETTLS | SIGCHLD, NULL, NULL, &words[2]);
    show_end("CLONE_SETTLS", second);
    show("CLONE_SETTLS beyond",
         syscall(SYS_clone, CLONE_SETTLS | SIGCHLD, NULL, NULL, NULL, 1ul << 63));
    return 0;
}
