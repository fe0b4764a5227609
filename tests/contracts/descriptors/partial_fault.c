// read(2), write(2): a bad address in the middle: what went before it counts, EFAULT only if nothing did; a pipe
// keeps what was not read.
#include "tests/contracts/contract.h"

int main(void)
{
    char* const pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(munmap(pages + 4096, 4096) == 0, "munmap");
    char* const edge = pages + 4096;
    char text[16] = {0};
    int ends[2], pair[2];
    require(pipe2(ends, O_NONBLOCK) == 0 && socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "ends");
    make_file("f", "0123456789");
    int const file = open("f", O_RDWR);
    show("read a file over the edge", read(file, edge - 4, 8));
    show("position", lseek(file, 0, SEEK_CUR));
    show("read beyond it", read(file, edge, 8));
    show("position", lseek(file, 0, SEEK_CUR));
    memcpy(edge - 4, "abcd", 4);
    show("write a file over the edge", pwrite(file, edge - 4, 8, 2));
    show("content", pread(file, text, 10, 0));
    printf("%s\n", text);
    show("write beyond it", pwrite(file, edge, 1, 0));
    show("write to a pipe", write(ends[1], "0123", 4));
    show("read it beyond", read(ends[0], edge, 4));
    show("what is left", read(ends[0], text, 8));
    show("write to a pipe beyond", write(ends[1], edge, 4));
    show("nothing there", read(ends[0], text, 8));
    show("send over the edge", send(pair[0], edge - 2, 4, 0));
    show("nothing came", recv(pair[1], text, 8, MSG_DONTWAIT));
    mprotect(pages, 4096, PROT_READ);
    lseek(file, 0, SEEK_SET);
    show("read into what is read-only", read(file, pages, 4));
    show("write from it", write(file, pages, 4));
    mprotect(pages, 4096, PROT_NONE);
    show("write from nothing", write(file, pages, 4));
    show("position", lseek(file, 0, SEEK_CUR));
    return 0;
}
