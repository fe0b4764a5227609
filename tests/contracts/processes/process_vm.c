// process_vm_readv(2), process_vm_writev(2): memory of a child, in several pieces on both sides; what
// is copied before the first bad page; what is refused.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    char* const memory =
        mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char* const fixed = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(memory + 2 * 4096, 4096);
    strcpy(memory, "before the fork");
    int ready[2], go[2];
    pipe(ready);
    pipe(go);
    pid_t const child = fork();
    if (child == 0) {
        strcpy(memory, "written by the child");
        write(ready[1], "x", 1);
        char byte;
        read(go[0], &byte, 1);
        printf("child sees: %s\n", memory + 4090);
        _exit(0);
    }
    char byte;
    read(ready[0], &byte, 1);
    char first[8] = {0}, second[16] = {0};
    struct iovec local[2] = {{first, 7}, {second, 13}};
    struct iovec remote[2] = {{memory, 10}, {memory + 10, 11}};
    show("read", process_vm_readv(child, local, 2, remote, 2, 0));
    printf("[%s] [%s]\n", first, second);
    struct iovec const over = {memory + 4090, 100};
    char text[] = "across the border of two pages";
    struct iovec source = {text, sizeof(text)};
    show("write", process_vm_writev(child, &source, 1, &over, 1, 0));
    write(go[1], "x", 1);
    waitpid(child, NULL, 0);
    printf("own memory: %s\n", memory);
    pid_t const self = getpid();
    static char large[8192];
    struct iovec big = {large, sizeof(large)};
    struct iovec const end = {memory + 4096, 8192};
    show("up to the end", process_vm_readv(self, &big, 1, &end, 1, 0));
    struct iovec const nowhere = {memory + 2 * 4096, 10};
    show("nothing there", process_vm_readv(self, &big, 1, &nowhere, 1, 0));
    struct iovec const read_only = {fixed, 10};
    show("read-only", process_vm_writev(self, &big, 1, &read_only, 1, 0));
    show("flags", process_vm_readv(self, &big, 1, &end, 1, 1));
    show("no process", process_vm_readv(child, &big, 1, &end, 1, 0));
    show("too many", process_vm_readv(self, &big, 1, &end, 1025, 0));
    show("bad vector", process_vm_readv(self, &big, 1, (struct iovec*)8, 1, 0));
    show("none of ours", process_vm_readv(self, &big, 0, &end, 1, 0));
    show("none of theirs", process_vm_readv(self, &big, 1, &end, 0, 0));
    return 0;
}
