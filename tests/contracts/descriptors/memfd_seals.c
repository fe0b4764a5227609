// fcntl(2), F_ADD_SEALS and F_GET_SEALS: each seal forbids what it says, for ever; F_SEAL_WRITE
// waits for writable mappings; a file that was not made for sealing has no more seals.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static long map(int fd, int rights, int kind)
{
    void* const memory = mmap(NULL, 4096, rights, kind, fd, 0);
    if (memory == MAP_FAILED) return -1;
    munmap(memory, 4096);
    return 0;
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    int const plain = memfd_create("plain", 0);
    printf("plain: %#x\n", (unsigned)fcntl(plain, F_GET_SEALS));
    show("seal plain", fcntl(plain, F_ADD_SEALS, F_SEAL_GROW));
    int ends[2];
    pipe(ends);
    show("seals of a pipe", fcntl(ends[0], F_GET_SEALS));
    show("seal a pipe", fcntl(ends[1], F_ADD_SEALS, 0));
    int const fd = memfd_create("sealed", MFD_ALLOW_SEALING);
    printf("new: %#x\n", (unsigned)fcntl(fd, F_GET_SEALS));
    ftruncate(fd, 6000);
    show("unknown seal", fcntl(fd, F_ADD_SEALS, 0x4000));
    show("shrink seal", fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    show("shrink", ftruncate(fd, 5999));
    show("grow", ftruncate(fd, 6001));
    show("grow seal", fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
    show("grow", ftruncate(fd, 6002));
    show("fallocate", fallocate(fd, 0, 0, 7000));
    show("fallocate inside", fallocate(fd, 0, 0, 6000));
    printf("write over the end: %ld\n", (long)pwrite(fd, "0123456789", 10, 5995));
    printf("write up to it: %ld\n", (long)pwrite(fd, "012345", 6, 5995));
    char* const memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    show("write seal while mapped", fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    show("future write seal", fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
    memory[0] = 'm';
    show("write", write(fd, "x", 1));
    show("map writable", map(fd, PROT_WRITE, MAP_SHARED));
    show("map private", map(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE));
    show("map readable", map(fd, PROT_READ, MAP_SHARED));
    munmap(memory, 4096);
    show("write seal", fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    char* const shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    show("make it writable", mprotect(shared, 4096, PROT_READ | PROT_WRITE));
    show("punch", fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
    printf("kept: %c\n", shared[0]);
    show("last seal", fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
    show("one more", fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    printf("all: %#x\n", (unsigned)fcntl(fd, F_GET_SEALS));
    return 0;
}
