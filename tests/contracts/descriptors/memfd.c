// memfd_create(2): a nameless file that grows, is shared by mapping and fork, shows its name in
// /proc, and can be opened again there.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    int const fd = memfd_create("a name/with a slash", MFD_CLOEXEC);
    printf("flags %#x %#x\n", (unsigned)fcntl(fd, F_GETFD), (unsigned)fcntl(fd, F_GETFL));
    struct stat status;
    fstat(fd, &status);
    printf("mode %o links %u size %ld\n", status.st_mode, (unsigned)status.st_nlink, (long)status.st_size);
    char path[64], text[300] = {0};
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    show("readlink", readlink(path, text, sizeof(text) - 1));
    printf("%s\n", text);
    show("grow", ftruncate(fd, 10000));
    char* const memory = mmap(NULL, 10000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    pid_t const child = fork();
    if (child == 0) {
        strcpy(memory + 5000, "from the child");
        _exit(0);
    }
    waitpid(child, NULL, 0);
    show("pread", pread(fd, text, 15, 5000));
    printf("%s\n", text);
    int const again = open(path, O_RDONLY);
    show("open again", again);
    show("write there", write(again, "x", 1));
    show("link", linkat(AT_FDCWD, path, AT_FDCWD, "/tmp/memfd_link", AT_SYMLINK_FOLLOW));
    show("lseek", lseek(fd, 0, SEEK_END) == 10000 ? 0 : -1);
    munmap(memory, 10000);
    char longest[260];
    memset(longest, 'n', sizeof(longest));
    longest[249] = 0;
    show("longest name", memfd_create(longest, 0));
    longest[249] = 'n';
    longest[250] = 0;
    show("too long", memfd_create(longest, 0));
    show("bad address", memfd_create((char const*)8, 0));
    show("bad flags", memfd_create("x", 0x4000));
    show("no name", memfd_create("", 0));
    return 0;
}
