// clone3(2): the size of the structure, what it must not hold, and the flags that only it has or
// that it refuses.
#include "tests/contracts/processes/clone3.h"

#define CLEAR_SIGHAND 0x100000000ull

static unsigned char large[8192] __attribute__((aligned(8)));

static void show_large(char const* what, size_t size)
{
    fflush(NULL);
    long const child = syscall(SYS_clone3, large, size);
    if (child == 0) _exit(0);
    show_ok(what, child);
    if (child > 0) waitpid((pid_t)child, NULL, __WALL);
}

int main(void)
{
    struct clone3_arguments const plain = {.exit_signal = SIGCHLD};
    struct clone3_arguments changed = plain;
    show_clone3("whole", plain, 88);
    show_clone3("first version", plain, 64);
    show_clone3("between two versions", plain, 72);
    show_clone3("one byte short", plain, 63);
    show_clone3("nothing", plain, 0);
    memcpy(large, &plain, sizeof plain);
    show_large("a longer one, zero at its end", 4096);
    show_large("longer than a page", 4097);
    large[88] = 1;
    show_large("a longer one with more in it", 96);
    show_large("that is not looked at", 88);
    show("no structure", syscall(SYS_clone3, NULL, 88));
    show("at a bad address", syscall(SYS_clone3, 8, 88));
    changed.exit_signal = 65;
    show_clone3("signal 65", changed, 88);
    changed.exit_signal = 64;
    signal(64, SIG_IGN);
    show_clone3("signal 64", changed, 88);
    changed.exit_signal = 1ull << 32 | SIGCHLD;
    show_clone3("signal of more than 32 bits", changed, 88);
    changed = plain;
    changed.stack = (uint64_t)(uintptr_t)large;
    show_clone3("stack without size", changed, 88);
    changed.stack = 0;
    changed.stack_size = 4096;
    show_clone3("size without stack", changed, 88);
    changed = plain;
    changed.flags = SIGCHLD;
    show_clone3("signal in the flags", changed, 88);
    changed.flags = CLONE_DETACHED;
    show_clone3("detached", changed, 88);
    changed.flags = 1ull << 40;
    show_clone3("unknown flag", changed, 88);
    changed.flags = CLONE_PARENT;
    show_clone3("parent with a signal", changed, 88);
    changed.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;
    show_clone3("thread with a signal", changed, 88);
    changed.flags = CLEAR_SIGHAND;
    show_clone3("clear handlers", changed, 88);
    changed.flags = CLEAR_SIGHAND | CLONE_SIGHAND | CLONE_VM;
    show_clone3("clear and share handlers", changed, 88);
    changed = plain;
    changed.set_tid_size = 1;
    show_clone3("numbers wanted, none given", changed, 88);
    changed.set_tid_size = 0;
    changed.set_tid = (uint64_t)(uintptr_t)large;
    show_clone3("numbers given, none wanted", changed, 88);
    changed.set_tid_size = 33;
    show_clone3("too many numbers", changed, 88);
    return 0;
}
