// prctl(2), PR_SET_NAME: a name of up to 15 bytes for the calling thread alone, shown by
// /proc/PID/task/TID/comm; fork(2) copies it, execve(2) sets it to the last part of the file's
// name.
#include "tests/contracts/contract.h"

#include <pthread.h>
#include <sys/prctl.h>

static void tell(char const* what, char const* path)
{
    char name[64] = {0};
    int const file = open(path, O_RDONLY | O_CLOEXEC);
    require(file >= 0, path);
    ssize_t const size = read(file, name, sizeof name - 1);
    close(file);
    if (size > 0 && name[size - 1] == '\n') name[size - 1] = 0;
    printf("%s: %s\n", what, name);
    fflush(stdout);
}

static void tell_own(char const* what)
{
    char name[17] = "----------------";
    show("  get", prctl(PR_GET_NAME, name));
    printf("%s: %s\n", what, name);
    fflush(stdout);
}

static void* other(void* unused)
{
    tell_own("inherited by a thread");
    prctl(PR_SET_NAME, "second");
    tell_own("the thread's");
    tell("the process's", "/proc/self/comm");
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%ld/comm", syscall(SYS_gettid));
    tell("the thread's file", path);
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", getpid());
    tell("the first thread's file", path);
    return unused;
}

int main(int count, char** words)
{
    if (count > 1) {
        tell_own("after exec");
        return words[1][0] - '0';
    }
    tell_own("at first");
    show("set", prctl(PR_SET_NAME, "first"));
    pthread_t thread;
    require(pthread_create(&thread, NULL, other, NULL) == 0, "thread");
    pthread_join(thread, NULL);
    tell_own("still");
    show("long", prctl(PR_SET_NAME, "0123456789abcdefghij"));
    tell_own("cut");
    show("empty", prctl(PR_SET_NAME, ""));
    tell_own("empty");
    show("a bad place", prctl(PR_SET_NAME, 16));
    show("a bad place", prctl(PR_GET_NAME, 16));
    prctl(PR_SET_NAME, "parent's");
    pid_t const child = fork_child();
    if (child == 0) {
        tell_own("in a child");
        require(symlink("/proc/self/exe", "a-name-of-some-length") == 0, "link");
        execl("a-name-of-some-length", "zeroth", "3", NULL);
        leave(1);
    }
    show_end("exec", child);
    return 0;
}
