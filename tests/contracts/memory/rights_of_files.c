// mmap(2), mprotect(2), EACCES: a shared mapping cannot do what the open file cannot; a private one
// may write whatever the file allows to be read.
#include "tests/contracts/contract.h"

static void try_map(char const* what, int file, int rights, int flags)
{
    void* const map = show_mapped(what, mmap(NULL, 4096, rights, flags, file, 0));
    if (map != MAP_FAILED) munmap(map, 4096);
}

int main(void)
{
    make_file("f", "x");
    int const reader = open("f", O_RDONLY | O_CLOEXEC);
    int const writer = open("f", O_WRONLY | O_CLOEXEC);
    int const both = open("f", O_RDWR | O_CLOEXEC);
    int const path = open("f", O_PATH | O_CLOEXEC);
    int const folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    try_map("reader, shared, read", reader, PROT_READ, MAP_SHARED);
    try_map("reader, shared, write", reader, PROT_READ | PROT_WRITE, MAP_SHARED);
    try_map("reader, private, write", reader, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    try_map("writer, shared, write", writer, PROT_WRITE, MAP_SHARED);
    try_map("writer, private, read", writer, PROT_READ, MAP_PRIVATE);
    try_map("both, shared, write", both, PROT_READ | PROT_WRITE, MAP_SHARED);
    try_map("O_PATH", path, PROT_READ, MAP_SHARED);
    try_map("a directory", folder, PROT_READ, MAP_SHARED);
    try_map("a pipe", ends[0], PROT_READ, MAP_SHARED);
    try_map("no descriptor", 99, PROT_READ, MAP_SHARED);
    char* const shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, 0);
    require(shared != MAP_FAILED, "mmap");
    show("shared, made writable", mprotect(shared, 4096, PROT_READ | PROT_WRITE));
    show("shared, made executable", mprotect(shared, 4096, PROT_READ | PROT_EXEC));
    char* const own = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, reader, 0);
    show("private, made writable", mprotect(own, 4096, PROT_READ | PROT_WRITE));
    char* const of_both = mmap(NULL, 4096, PROT_READ, MAP_SHARED, both, 0);
    show("closed", close(both));
    show("made writable after the file was closed",
         mprotect(of_both, 4096, PROT_READ | PROT_WRITE));
    of_both[0] = 'y';
    printf("and written to: %c\n", shared[0]);
    return 0;
}
