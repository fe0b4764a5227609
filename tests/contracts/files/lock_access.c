// fcntl(2) F_SETLK, F_GETLK: the descriptor must be open for what the lock is; arguments that are refused.
#include "tests/contracts/contract.h"

static void try(char const* what, int file, int command, short type)
{
    struct flock request = {.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    show(what, fcntl(file, command, &request));
}

int main(void)
{
    make_file("f", "text");
    int const reader = open("f", O_RDONLY);
    int const writer = open("f", O_WRONLY);
    int const place = open("f", O_PATH);
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    try("read lock of a reader", reader, F_SETLK, F_RDLCK);
    try("write lock of a reader", reader, F_SETLK, F_WRLCK);
    try("unlock of a reader", reader, F_SETLK, F_UNLCK);
    try("read lock of a writer", writer, F_SETLK, F_RDLCK);
    try("write lock of a writer", writer, F_SETLK, F_WRLCK);
    try("ask a reader for a write lock", reader, F_GETLK, F_WRLCK);
    try("ask for no lock", reader, F_GETLK, F_UNLCK);
    try("ask for something else", reader, F_GETLK, 9);
    try("path only", place, F_SETLK, F_RDLCK);
    try("pipe", ends[0], F_SETLK, F_RDLCK);
    try("directory", open(".", O_RDONLY), F_SETLK, F_RDLCK);
    try("directory", open(".", O_RDONLY), F_SETLK, F_WRLCK);
    try("closed", 77, F_SETLK, F_RDLCK);
    show("bad place", fcntl(reader, F_SETLK, (void*)8));
    show("bad place of a question", fcntl(reader, F_GETLK, (void*)8));
    struct flock request = {.l_type = F_RDLCK, .l_len = 1, .l_pid = 1};
    show("with a pid", fcntl(reader, F_SETLK, &request));
    show("of an open file with a pid", fcntl(reader, F_OFD_SETLK, &request));
    show("question with a pid", fcntl(reader, F_OFD_GETLK, &request));
    return 0;
}
