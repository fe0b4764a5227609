// inotify_add_watch(2), inotify_rm_watch(2): numbers, masks that change, one-shot watches, what is
// refused; the size of the queue (FIONREAD), reads that are too small, poll and epoll.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static int queue;

static void show(char const* what, long result)
{
    printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

static void dump(char const* what)
{
    _Alignas(struct inotify_event) char bytes[4096];
    int waiting = -1;
    ioctl(queue, FIONREAD, &waiting);
    long const size = read(queue, bytes, sizeof(bytes));
    printf("%s: of %d", what, waiting);
    for (long at = 0; at < size;) {
        struct inotify_event const* const event = (void*)(bytes + at);
        printf(" %d:%#x(%u)", event->wd, event->mask, event->len);
        at += (long)(sizeof(*event) + event->len);
    }
    printf("\n");
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    queue = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    printf("flags %#x %#x\n", (unsigned)fcntl(queue, F_GETFD), (unsigned)fcntl(queue, F_GETFL));
    char folder[] = "/tmp/inotify_XXXXXX";
    chdir(mkdtemp(folder));
    int const fd = open("file", O_CREAT | O_RDWR, 0644);
    symlink("file", "link");
    show("watch", inotify_add_watch(queue, "file", IN_MODIFY));
    show("by another name", inotify_add_watch(queue, "link", IN_ATTRIB));
    write(fd, "x", 1);
    fchmod(fd, 0600);
    dump("replaced mask");
    show("more events", inotify_add_watch(queue, "file", IN_MODIFY | IN_MASK_ADD));
    write(fd, "x", 1);
    fchmod(fd, 0600);
    dump("added mask");
    show("only new", inotify_add_watch(queue, "file", IN_MODIFY | IN_MASK_CREATE));
    show("the link itself", inotify_add_watch(queue, "link", IN_ALL_EVENTS | IN_DONT_FOLLOW));
    show("only directories", inotify_add_watch(queue, "file", IN_MODIFY | IN_ONLYDIR));
    show("both ways", inotify_add_watch(queue, "file", IN_MODIFY | IN_MASK_ADD | IN_MASK_CREATE));
    show("no events", inotify_add_watch(queue, "file", 0));
    show("unknown events", inotify_add_watch(queue, "file", 0x10000));
    show("missing", inotify_add_watch(queue, "missing", IN_MODIFY));
    show("no descriptor", inotify_add_watch(77, "file", IN_MODIFY));
    show("no queue", inotify_add_watch(fd, "file", IN_MODIFY));
    show("init flags", inotify_init1(1));
    show("remove", inotify_rm_watch(queue, 2));
    show("remove again", inotify_rm_watch(queue, 2));
    show("remove of no queue", inotify_rm_watch(fd, 1));
    dump("removed");
    show("one shot", inotify_add_watch(queue, ".", IN_CREATE | IN_ONESHOT));
    close(open("n1", O_CREAT | O_WRONLY, 0600));
    close(open("a name of more than sixteen bytes", O_CREAT | O_WRONLY, 0600));
    dump("one shot");
    show("directory", inotify_add_watch(queue, ".", IN_CREATE | IN_DELETE | IN_EXCL_UNLINK | IN_MODIFY));
    struct epoll_event event = {.events = EPOLLIN};
    int const set = epoll_create1(0);
    epoll_ctl(set, EPOLL_CTL_ADD, queue, &event);
    printf("epoll before %d\n", epoll_wait(set, &event, 1, 0));
    unlink("a name of more than sixteen bytes");
    struct pollfd entry = {queue, POLLIN | POLLOUT, 0};
    printf("epoll %d", epoll_wait(set, &event, 1, 0));
    int const ready = poll(&entry, 1, 0);
    printf(" poll %d %#x\n", ready, (unsigned)entry.revents);
    char small[40];
    show("small read", read(queue, small, sizeof(small)));
    show("write", write(queue, small, 1));
    dump("still there");
    unlink("file");
    write(fd, "x", 1);
    dump("unlinked");
    show("empty", read(queue, small, 0));
    unlink("n1");
    unlink("link");
    chdir("/");
    rmdir(folder);
    return 0;
}
