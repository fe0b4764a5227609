// set_tid_address(2), clone(2), CLONE_CHILD_CLEARTID: at a thread's end the word is cleared and one
// that sleeps at it is woken; a process that shares its memory with nobody does not clear it; bad
// addresses are nobody's concern.
#include "tests/contracts/threads/futex.h"

static int word;
static int* shared;

static void* end_with(void* address)
{
    long const number = syscall(SYS_set_tid_address, address);
    show("returns the thread's number", number == syscall(SYS_gettid));
    if (address == &word) __atomic_store_n(&word, 5, __ATOMIC_RELEASE);
    syscall(SYS_exit, 0);
    return NULL;
}

static void run(void* address)
{
    // It cannot be joined: libc's own word is not cleared.
    pthread_t thread;
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    require(pthread_create(&thread, &detached, end_with, address) == 0, "thread");
}

static int count_threads(void)
{
    char text[2048] = {0};
    int const file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    require(file >= 0 && read(file, text, sizeof text - 1) > 0, "status");
    close(file);
    return atoi(strstr(text, "Threads:") + 8);
}

int main(void)
{
    word = 1;
    run(&word);
    while (__atomic_load_n(&word, __ATOMIC_ACQUIRE) == 1) syscall(SYS_sched_yield);
    while (__atomic_load_n(&word, __ATOMIC_ACQUIRE) == 5) futex(&word, kWait, 5, NULL, NULL, 0);
    show("cleared", word);
    run((void*)16);
    while (count_threads() > 1) syscall(SYS_sched_yield);
    show("a bad address", count_threads());
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(shared != MAP_FAILED, "mmap");
    *shared = 8;
    pid_t const child = fork_child();
    if (child == 0) {
        show("returns the process's number", syscall(SYS_set_tid_address, shared) == getpid());
        leave(0);
    }
    show_end("process", child);
    show("not cleared", *shared);
    return 0;
}
