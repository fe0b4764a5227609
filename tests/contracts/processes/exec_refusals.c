// execve(2), ERRORS: what cannot be run, and why; the caller goes on as if nothing had happened.
#include "tests/contracts/contract.h"

static char* const no_words[] = {"name", NULL};

static void try(char const* what, char const* path)
{
    show(what, syscall(SYS_execve, path, no_words, no_words));
}

static void executable(char const* name, void const* bytes, size_t size)
{
    int const file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    require(file >= 0 && write(file, bytes, size) == (ssize_t)size, name);
    close(file);
}

int main(void)
{
    unsigned char header[64] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    header[16] = 2;
    header[18] = 62;
    header[20] = 1;
    try("empty name", "");
    try("missing", "missing");
    try("folder", "/work");
    try("name with a slash", "/proc/self/exe/");
    try("below a file", "/proc/self/exe/x");
    try("name at a bad address", (char const*)16);
    try("device", "/dev/null");
    char name[5000];
    memset(name, 'n', sizeof name);
    name[256] = 0;
    try("name of 256", name);
    name[256] = 'n';
    name[4096] = 0;
    try("path of 4096", name);
    require(symlink("loop", "loop") == 0, "symlink");
    try("loop", "loop");
    make_file("plain", "data");
    try("without permission", "plain");
    require(mkfifo("fifo", 0755) == 0, "mkfifo");
    try("pipe", "fifo");
    executable("empty", "", 0);
    try("empty file", "empty");
    executable("text", "echo hello\n", 11);
    try("text", "text");
    executable("short", header, 20);
    try("part of a header", "short");
    executable("bare", header, 64);
    try("header alone", "bare");
    header[4] = 1;
    executable("small", header, 64);
    header[4] = 2;
    header[18] = 40;
    executable("foreign", header, 64);
    try("another machine's", "foreign");
    header[18] = 62;
    header[16] = 1;
    executable("object", header, 64);
    try("object file", "object");
    header[0] = 0;
    executable("no_magic", header, 64);
    try("no magic number", "no_magic");
    show("words at a bad address", syscall(SYS_execve, "/proc/self/exe", 16L, no_words));
    char* const bad_word[] = {"name", (char*)16, NULL};
    show("a word at a bad address", syscall(SYS_execve, "/proc/self/exe", bad_word, no_words));
    show("environment at a bad address", syscall(SYS_execve, "/proc/self/exe", no_words, 16L));
    return 0;
}
