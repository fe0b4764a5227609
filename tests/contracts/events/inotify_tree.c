// inotify(7): what a watched directory and watched files tell of creation, writes, reads, opening
// and closing, attributes, links, renames, removal; of a file that goes IN_IGNORED comes last.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int queue;

static void dump(char const* what)
{
    _Alignas(struct inotify_event) char bytes[4096];
    long const size = read(queue, bytes, sizeof(bytes));
    unsigned cookie = 0;
    printf("%s:", what);
    for (long at = 0; at < size;) {
        struct inotify_event const* const event = (void*)(bytes + at);
        printf(" %d:%#x%s%s", event->wd, event->mask, event->len > 0 ? "=" : "", event->len > 0 ? event->name : "");
        if ((event->mask & IN_MOVED_TO) != 0) printf("(%s cookie)", event->cookie == cookie && cookie != 0 ? "same" : "other");
        cookie = event->cookie;
        at += (long)(sizeof(*event) + event->len);
    }
    printf("\n");
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    queue = inotify_init1(IN_NONBLOCK);
    char folder[] = "/tmp/inotify_XXXXXX";
    chdir(mkdtemp(folder));
    inotify_add_watch(queue, ".", IN_ALL_EVENTS);
    int fd = open("a", O_CREAT | O_RDWR, 0644);
    dump("create");
    inotify_add_watch(queue, "a", IN_ALL_EVENTS);
    write(fd, "xyz", 3);
    write(fd, "x", 1);
    char byte = 0;
    pread(fd, &byte, 1, 0);
    pread(fd, &byte, 1, 100);
    dump("write and read");
    ftruncate(fd, 1);
    close(fd);
    fd = open("a", O_RDWR | O_TRUNC);
    dump("truncate");
    link("a", "b");
    chmod("a", 0600);
    futimens(fd, NULL);
    symlink("a", "l");
    dump("link and change");
    rename("a", "c");
    rename("c", "b");
    dump("rename");
    unlink("b");
    unlink("c");
    dump("unlink");
    close(fd);
    dump("last close");
    mkdir("e", 0755);
    inotify_add_watch(queue, "e", IN_ALL_EVENTS);
    fd = open("e", O_RDONLY | O_DIRECTORY);
    close(fd);
    rmdir("e");
    dump("directory");
    close(open("x", O_CREAT | O_WRONLY, 0600));
    close(open("y", O_CREAT | O_WRONLY, 0600));
    inotify_add_watch(queue, "x", IN_ALL_EVENTS);
    inotify_add_watch(queue, "y", IN_ALL_EVENTS);
    rename("x", "y");
    dump("replace");
    mkdir("d", 0755);
    syscall(SYS_renameat2, AT_FDCWD, "d", AT_FDCWD, "y", 2);
    dump("exchange");
    rename("d", "y/inside");
    dump("away");
    unlink("y/inside");
    rmdir("y");
    unlink("l");
    chdir("/");
    rmdir(folder);
    dump("end");
    return 0;
}
