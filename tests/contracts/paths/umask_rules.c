// umask(2): takes bits away from open(2), mkdir(2), mknod(2) and bind(2), not from chmod(2) nor symlink(2); children
// inherit it, threads of a process share it.
#include "tests/contracts/contract.h"
#include <pthread.h>
#include <sys/un.h>

static void show_mode(char const* path)
{
    struct stat status;
    require(lstat(path, &status) == 0, path);
    printf("%s: %o\n", path, status.st_mode & 07777);
}

static void* in_thread(void* unused)
{
    umask(0);
    return unused;
}

int main(void)
{
    umask(0127);
    close(open("file", O_CREAT | O_RDWR, 06777));
    show_mode("file");
    mkdir("dir", 0777);
    show_mode("dir");
    mknod("fifo", S_IFIFO | 0777, 0);
    show_mode("fifo");
    mknod("node", 0777, 0);
    show_mode("node");
    symlink("file", "link");
    show_mode("link");
    int const listener = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un const address = {AF_UNIX, "socket"};
    show("bind", bind(listener, (struct sockaddr*)&address, sizeof address));
    show_mode("socket");
    chmod("file", 0777);
    show_mode("file");
    close(open("file", O_CREAT | O_TRUNC | O_RDWR, 0600));
    show_mode("file");
    pid_t const child = fork_child();
    if (child == 0) leave(umask(0) == 0127 ? 0 : 1);
    show_end("inherited", child);
    printf("own: %o\n", umask(077));
    pthread_t thread;
    require(pthread_create(&thread, NULL, in_thread, NULL) == 0, "thread");
    pthread_join(thread, NULL);
    printf("shared: %o\n", umask(022));
    return 0;
}
