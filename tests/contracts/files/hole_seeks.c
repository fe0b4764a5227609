// lseek(2) SEEK_HOLE, SEEK_DATA: pages that were never written are holes, there is one at the end of each file,
// and ENXIO behind it.
#include "tests/contracts/contract.h"

int main(void)
{
    int const file = open("f", O_RDWR | O_CREAT, 0600);
    show("data of an empty file", lseek(file, 0, SEEK_DATA));
    show("hole of an empty file", lseek(file, 0, SEEK_HOLE));
    require(ftruncate(file, 10 * 4096 + 100) == 0, "ftruncate");
    show("no data", lseek(file, 0, SEEK_DATA));
    show("all a hole", lseek(file, 5, SEEK_HOLE));
    require(pwrite(file, "x", 1, 3 * 4096 + 7) == 1, "pwrite");
    require(pwrite(file, "x", 1, 10 * 4096 + 50) == 1, "pwrite");
    show("first data", lseek(file, 0, SEEK_DATA));
    show("inside data", lseek(file, 3 * 4096 + 99, SEEK_DATA));
    show("hole behind it", lseek(file, 3 * 4096 + 99, SEEK_HOLE));
    show("next data", lseek(file, 4 * 4096, SEEK_DATA));
    show("hole at the end", lseek(file, 10 * 4096 + 1, SEEK_HOLE));
    show("position", lseek(file, 0, SEEK_CUR));
    show("last byte", lseek(file, 10 * 4096 + 99, SEEK_DATA));
    show("end, data", lseek(file, 10 * 4096 + 100, SEEK_DATA));
    show("end, hole", lseek(file, 10 * 4096 + 100, SEEK_HOLE));
    show("negative", lseek(file, -1, SEEK_DATA));
    show("position", lseek(file, 0, SEEK_CUR));
    char byte;
    show("reading a hole", pread(file, &byte, 1, 4096));
    show("leaves a hole", lseek(file, 0, SEEK_DATA));
    char* const memory = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    memory[4096] = 1;
    show("written through memory", lseek(file, 0, SEEK_DATA));
    show("punched", fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4096, 3 * 4096));
    show("data", lseek(file, 0, SEEK_DATA));
    show("allocated", fallocate(file, 0, 6 * 4096, 4096));
    show("what is only allocated", lseek(file, 0, SEEK_DATA));
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("pipe", lseek(ends[0], 0, SEEK_DATA));
    show("directory", lseek(open(".", O_RDONLY), 0, SEEK_DATA));
    return 0;
}
