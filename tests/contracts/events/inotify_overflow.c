// inotify(7), IN_Q_OVERFLOW: what does not fit into the queue is lost, and the last event says so;
// equal events in a row are one.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    FILE* const limit_file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
    long limit = 16384;
    if (limit_file != NULL) fscanf(limit_file, "%ld", &limit);
    int const queue = inotify_init();
    char path[] = "/tmp/inotify_XXXXXX";
    int const fd = mkstemp(path);
    inotify_add_watch(queue, path, IN_MODIFY | IN_ATTRIB);
    for (int i = 0; i < 1000; ++i) write(fd, "x", 1);
    for (long i = 0; i < limit / 2 + 100; ++i) {
        fchmod(fd, 0600);
        write(fd, "x", 1);
    }
    close(fd);
    unlink(path);
    long count = 0, read_size = 0;
    struct inotify_event event = {0};
    do {
        read_size = read(queue, &event, sizeof(event));
        ++count;
    } while (read_size == sizeof(event) && (event.mask & IN_Q_OVERFLOW) == 0);
    printf("%d events, the last: %d %#x %u\n", count == limit + 1, event.wd, event.mask, event.len);
    return 0;
}
