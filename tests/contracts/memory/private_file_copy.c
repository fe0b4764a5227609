// mmap(2), MAP_PRIVATE: the file's bytes until the page is written to, and from then on one's own;
// the file never gets them.
#include "tests/contracts/contract.h"

int main(void)
{
    make_file("f", "abc");
    int const file = open("f", O_RDWR | O_CLOEXEC);
    char* const own = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    require(own != MAP_FAILED, "mmap");
    printf("at first: %.3s\n", own);
    own[1] = 'X';
    printf("own copy: %.3s\n", own);
    char text[4] = {0};
    require(pread(file, text, 3, 0) == 3, "pread");
    printf("the file: %s\n", text);
    require(pwrite(file, "123", 3, 0) == 3, "pwrite");
    printf("still one's own: %.3s\n", own);
    char* const other = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    printf("another mapping: %.3s\n", other);
    show("written back", msync(own, 4096, MS_SYNC));
    require(pread(file, text, 3, 0) == 3, "pread");
    printf("the file: %s\n", text);
    show("closed", close(file));
    show("unlinked", unlink("f"));
    printf("it stays: %.3s %.3s\n", own, other);
    return 0;
}
