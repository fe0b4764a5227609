// open(2): the access mode 3 wants both rights and grants neither; such a descriptor is for ioctl only.
#include "tests/contracts/contract.h"
#include <sys/ioctl.h>

int main(void)
{
    char byte = 0;
    int value = -1;
    make_file("f", "text");
    int const file = open("f", 3);
    show_ok("open", file);
    show("mode", fcntl(file, F_GETFL) & O_ACCMODE);
    show("read", read(file, &byte, 1));
    show("write", write(file, &byte, 1));
    show("lseek", lseek(file, 2, SEEK_SET));
    show("fstat", fstat(file, &(struct stat){0}));
    show("ioctl", ioctl(file, FIONREAD, &value));
    show("value", value);
    show("ftruncate", ftruncate(file, 0));
    show_mapped("mmap", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0));
    show("fchmod", fchmod(file, 0444));
    require(chown("f", 1000, 1000) == 0 && setresuid(1000, 1000, 1000) == 0, "setresuid");
    show("without write permission", open("f", 3));
    show_ok("reading alone", open("f", O_RDONLY));
    return 0;
}
