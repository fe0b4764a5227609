// mmap(2), MAP_SHARED: what is written to the memory is what read(2) sees, and the other way round;
// MAP_PRIVATE changes nothing but itself.
#include "tests/contracts/contract.h"

int main(void)
{
    make_file("f", "0123456789");
    int const file = open("f", O_RDWR | O_CLOEXEC);
    char* const shared =
        show_mapped("shared", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
    char* const own =
        show_mapped("private", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0));
    char text[16] = "";
    memcpy(shared, "abc", 3);
    show("read", pread(file, text, 10, 0));
    printf("file %s, private %.10s\n", text, own);
    show("write", pwrite(file, "XYZ", 3, 4));
    printf("shared %.10s, private %.10s\n", shared, own);
    own[0] = '!';
    show("write", pwrite(file, "Q", 1, 1));
    printf("shared %.10s, private after its own write %.10s\n", shared, own);
    struct stat info;
    require(fstat(file, &info) == 0, "fstat");
    printf("size %ld\n", (long)info.st_size);
    show("longer", ftruncate(file, 30));
    pid_t const child = fork_child();
    if (child == 0) {
        shared[0] = 'c';
        own[0] = 'c';
        leave(0);
    }
    show_end("child", child);
    printf("shared %c, private %c\n", shared[0], own[0]);
    show("msync", msync(shared, 4096, MS_SYNC));
    close(file);
    show("unlink", unlink("f"));
    shared[1] = 'u';
    printf("without a name %.10s\n", shared);
    show("munmap", munmap(shared, 4096));
    return 0;
}
