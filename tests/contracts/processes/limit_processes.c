// getrlimit(2), RLIMIT_NPROC: the number of processes and threads of a real user; fork(2) beyond it
// is EAGAIN. Root is not bound; who becomes a user with a lower limit can still call execve(2).
#include "tests/contracts/contract.h"

#include <pthread.h>
#include <sys/resource.h>

static struct barrier end;

static pid_t start(void)
{
    fflush(NULL);
    pid_t const child = fork();
    if (child == 0) {
        barrier_wait(&end);
        _exit(0);
    }
    return child;
}

static void* sleep_a_while(void* unused)
{
    barrier_wait(&end);
    return unused;
}

int main(int count, char** words)
{
    if (count > 1) return words[1][0] - '0';
    end = barrier_make();
    struct rlimit const three = {3, 3};
    require(setrlimit(RLIMIT_NPROC, &three) == 0, "setrlimit");
    pid_t children[6];
    for (int i = 0; i < 4; ++i) children[i] = start();
    show("root makes", children[3] > 0);
    for (int i = 0; i < 4; ++i) barrier_signal(&end);
    for (int i = 0; i < 4; ++i) waitpid(children[i], NULL, 0);
    pid_t const user = fork_child();
    if (user == 0) {
        require(setresuid(4711, 4711, 4711) == 0, "setresuid");
        show("is one, makes two", (children[0] = start()) > 0);
        show("makes three", (children[1] = start()) > 0);
        show("makes four", start());
        barrier_signal(&end);
        require(waitpid(-1, NULL, 0) > 0, "waitpid");
        show("when one has gone", start() > 0);
        barrier_signal(&end);
        require(waitpid(-1, NULL, 0) > 0, "waitpid");
        pthread_t thread;
        show("a thread counts", pthread_create(&thread, NULL, sleep_a_while, NULL));
        show("as one of them", start());
        barrier_signal(&end);
        barrier_signal(&end);
        pthread_join(thread, NULL);
        require(waitpid(-1, NULL, 0) > 0, "waitpid");
        leave(0);
    }
    show_end("user", user);
    struct rlimit const none = {0, 0};
    pid_t const changer = fork_child();
    if (changer == 0) {
        require(setrlimit(RLIMIT_NPROC, &none) == 0, "setrlimit");
        show("setuid above the limit", setresuid(4711, 4711, 4711));
        show("exec then", execl("/proc/self/exe", "again", "5", NULL));
        show("fork then", start());
        leave(0);
    }
    show_end("changer", changer);
    return 0;
}
