// execve(2), "Effect on process attributes": when a thread calls it, all others end, the process
// keeps its number, which becomes that of the thread; name and mask are those of the thread.
#include "tests/contracts/contract.h"

#include <pthread.h>

static int volatile spins = 1;

static void* spin(void* unused)
{
    while (spins) syscall(SYS_sched_yield);
    return unused;
}

static void* sleep_for_ever(void* end)
{
    char byte;
    if (read(*(int*)end, &byte, 1) < 0) return NULL;
    return NULL;
}

static void* run_again(void* number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    // For this thread: it has to be there afterwards, for the process it would be as well.
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR2);
    execl("/proc/self/exe", "again", (char*)number, NULL);
    return NULL;
}

static int count_threads(void)
{
    char text[1024] = {0};
    int const file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    require(file >= 0 && read(file, text, sizeof text - 1) > 0, "status");
    close(file);
    char const* const line = strstr(text, "Threads:");
    return line == NULL ? -1 : atoi(line + 8);
}

int main(int count, char** words)
{
    if (count > 1) {
        show("same process", getpid() == atoi(words[1]));
        show("number of the thread is its number", syscall(SYS_gettid) == getpid());
        show("threads", count_threads());
        sigset_t set;
        sigprocmask(SIG_BLOCK, NULL, &set);
        show("mask of the thread", sigismember(&set, SIGUSR2));
        sigpending(&set);
        show("signal of the thread", sigismember(&set, SIGUSR2));
        return 4;
    }
    int ends[2];
    require(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
    pid_t const child = fork_child();
    if (child == 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", getpid());
        pthread_t threads[4];
        pthread_create(&threads[0], NULL, spin, NULL);
        pthread_create(&threads[1], NULL, sleep_for_ever, &ends[0]);
        pthread_create(&threads[2], NULL, sleep_for_ever, &ends[0]);
        pthread_create(&threads[3], NULL, run_again, number);
        pthread_join(threads[0], NULL);
        leave(9);
    }
    show_end("program of the thread", child);
    show("no other child", waitpid(-1, NULL, __WALL));
    return 0;
}
