// cgroup.events: populated says whether a process lives in the cgroup or below it, and tells of
// changes by poll(2) and inotify(7).
#include "tests/contracts/cgroups/support.h"

#include <sys/inotify.h>

static int file;

// It is told of by another thread of the kernel.
static void show_event(int watch)
{
    char events[1024];
    struct pollfd entry = {watch, POLLIN, 0};
    require(poll(&entry, 1, -1) == 1, "poll");
    show_ok("event", read(watch, events, sizeof events));
}

static void show_populated(char const* what)
{
    char text[128];
    ssize_t const size = pread(file, text, sizeof text - 1, 0);
    require(size > 0, "read");
    text[size] = 0;
    printf("%s: %.*s\n", what, (int)strcspn(text, "\n"), text);
    fflush(stdout);
}

static void show_poll(char const* what)
{
    struct pollfd entry = {file, POLLPRI, 0};
    int const count = poll(&entry, 1, 0);
    printf("%s: %d, %x\n", what, count, entry.revents);
    fflush(stdout);
}

int main(void)
{
    begin_groups();
    require(mkdir(in_own("a"), 0755) == 0 && mkdir(in_own("a/b"), 0755) == 0, "mkdir");
    file = open(in_own("a/cgroup.events"), O_RDONLY | O_CLOEXEC);
    require(file >= 0, "open");
    show_poll("not read yet");
    show_populated("empty");
    show_poll("read");
    int const watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    require(inotify_add_watch(watch, in_own("a/cgroup.events"), IN_MODIFY) >= 0, "inotify");
    char events[1024];
    show("no event yet", read(watch, events, sizeof events));
    pid_t const child = sleeper_in("a/b");
    show_poll("a process below");
    show_poll("still not read");
    show_populated("a process below");
    show_poll("read");
    show_event(watch);
    get("a/b/cgroup.events");
    put("a/cgroup.procs", "0");
    show_poll("another process changes nothing");
    char const* const home = in_own("cgroup.procs");
    require(write_text(home, "0") == 0, home);
    show_populated("one has gone");
    kill(child, SIGKILL);
    struct pollfd entry = {file, POLLPRI, 0};
    require(poll(&entry, 1, -1) == 1, "poll");
    printf("waited: %x\n", entry.revents);
    show_populated("both have gone");
    show_event(watch);
    show_end("child", child);
    show_poll("end");
    return 0;
}
