// namespaces(7), /proc/PID/ns: links that say kind and number, the number is the inode's; equal for
// those that share a namespace.
#include "tests/contracts/namespaces/support.h"

static void show_link(char const* kind)
{
    char path[64];
    char text[64] = "";
    snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
    ssize_t const size = readlink(path, text, sizeof text - 1);
    require(size > 0, path);
    char expected[64];
    snprintf(expected, sizeof expected, "%s:[%llu]", kind, (unsigned long long)number_of(path));
    struct stat link, target;
    require(lstat(path, &link) == 0 && stat(path, &target) == 0, path);
    printf("%s: kind and inode %d, link %o, file %o, size %ld\n",
           kind,
           strcmp(text, expected) == 0,
           link.st_mode,
           target.st_mode,
           (long)target.st_size);
    int const file = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    memset(text, 0, sizeof text);
    require(readlink(path, text, sizeof text - 1) > 0, path);
    printf("  as a descriptor: %d\n", strcmp(text, expected) == 0);
    char byte;
    show("  read", read(file, &byte, 1));
    close(file);
}

int main(void)
{
    char const* const kinds[] = {"ipc", "mnt", "uts"};
    for (int i = 0; i < 3; ++i) show_link(kinds[i]);
    show("no such kind", access("/proc/self/ns/none", F_OK));
    struct barrier const made = barrier_make();
    struct barrier const end = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        require(unshare(CLONE_NEWIPC) == 0, "unshare");
        barrier_signal(&made);
        barrier_wait(&end);
        leave(0);
    }
    barrier_wait(&made);
    show_shared("child", child);
    barrier_signal(&end);
    show_end("child", child);
    return 0;
}
