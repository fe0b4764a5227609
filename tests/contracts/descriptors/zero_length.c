// read(2), write(2) of no bytes: errors may be found, addresses are not looked at, nothing changes.
#include "tests/contracts/contract.h"

int main(void)
{
    char* const bad = (char*)8;
    int ends[2], pair[2];
    make_file("f", "text");
    require(pipe2(ends, O_NONBLOCK) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "ends");
    int const file = open("f", O_RDWR), directory = open(".", O_RDONLY);
    show("read a file", read(file, bad, 0));
    show("write a file", write(file, bad, 0));
    show("read at an offset", pread(file, bad, 0, 100));
    show("at a bad offset", pread(file, bad, 0, -1));
    show("read an empty pipe", read(ends[0], bad, 0));
    show("write a pipe", write(ends[1], bad, 0));
    show("read of the wrong end", read(ends[1], bad, 0));
    show("read a directory", read(directory, bad, 0));
    show("write a directory", write(directory, bad, 0));
    show("read a closed one", read(77, bad, 0));
    show("write a reader", write(open("f", O_RDONLY), bad, 0));
    show("write a socket", write(pair[0], bad, 0));
    struct iovec const none[2] = {{bad, 0}, {bad, 0}};
    show("readv", readv(file, none, 2));
    show("writev", writev(file, none, 2));
    show("writev of the wrong end", writev(ends[0], none, 2));
    show("kernel addresses", read(file, (void*)0xffff800000000000, 0));
    show("and some bytes", read(file, (void*)0xffff800000000000, 4));
    show("getdents", syscall(SYS_getdents64, directory, bad, 0));
    struct stat status;
    fstat(file, &status);
    show("size", status.st_size);
    show("position", lseek(file, 0, SEEK_CUR));
    return 0;
}
