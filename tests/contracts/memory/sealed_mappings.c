// memfd_create(2), fcntl(2), F_ADD_SEALS: what seals forbid to mappings, and what mappings forbid
// to seals.
#include "tests/contracts/contract.h"

int main(void)
{
    int const file = memfd_create("sealed", MFD_ALLOW_SEALING | MFD_CLOEXEC);
    require(file >= 0 && ftruncate(file, 8192) == 0, "memfd_create");
    char* const shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    require(shared != MAP_FAILED, "mmap");
    show("write seal under a writable mapping", fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    show("size seals", fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
    show("shorter", ftruncate(file, 4096));
    show("longer", ftruncate(file, 12288));
    require(munmap(shared, 4096) == 0, "munmap");
    char* const reader = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    show("write seal under a mapping that was made to read",
         fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    require(munmap(reader, 4096) == 0, "munmap");
    show("write seal", fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    show("seals", fcntl(file, F_GET_SEALS));
    show("write", pwrite(file, "x", 1, 0));
    show_mapped("shared to write", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
    show_mapped("private to write", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0));
    show("no more seals", fcntl(file, F_ADD_SEALS, F_SEAL_SEAL));
    show("after the last", fcntl(file, F_ADD_SEALS, F_SEAL_GROW));
    int const plain = memfd_create("plain", MFD_CLOEXEC);
    show("a file that takes no seals", fcntl(plain, F_ADD_SEALS, F_SEAL_WRITE));
    int const future = memfd_create("future", MFD_ALLOW_SEALING | MFD_CLOEXEC);
    require(ftruncate(future, 4096) == 0, "ftruncate");
    char* const before = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, future, 0);
    show("future write seal", fcntl(future, F_ADD_SEALS, 0x0010));
    before[0] = 'b';
    show("write", pwrite(future, "x", 1, 0));
    show_mapped("shared to write", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, future, 0));
    char* const later =
        show_mapped("shared to read", mmap(NULL, 4096, PROT_READ, MAP_SHARED, future, 0));
    show("made writable", mprotect(later, 4096, PROT_READ | PROT_WRITE));
    printf("the old mapping still writes: %c\n", later[0]);
    return 0;
}
