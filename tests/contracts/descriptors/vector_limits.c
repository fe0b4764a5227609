// readv(2), writev(2): up to IOV_MAX (1024) pieces, in order, none of a negative length, and what a bad
// address in the middle leaves done.
#include "tests/contracts/contract.h"

static struct iovec many[1025];

int main(void)
{
    int const file = open("f", O_RDWR | O_CREAT, 0600);
    char text[64] = {0};
    char* const bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct iovec three[3] = {{"one", 3}, {"", 0}, {"two", 3}};
    show("writev", writev(file, three, 3));
    show("no pieces", writev(file, three, 0));
    show("-1 pieces", writev(file, three, -1));
    for (int i = 0; i < 1025; ++i) many[i] = (struct iovec){"x", 1};
    show("1024 pieces", writev(file, many, 1024));
    show("1025 pieces", writev(file, many, 1025));
    show("size", lseek(file, 0, SEEK_END));
    three[1] = (struct iovec){"", (size_t)-1};
    show("negative length", writev(file, three, 3));
    three[1] = (struct iovec){bad, 5};
    show("bad address in the middle", pwritev(file, three, 3, 0));
    three[0] = (struct iovec){bad, 5};
    show("bad address first", pwritev(file, three, 3, 0));
    three[0] = (struct iovec){bad, 0};
    three[1] = (struct iovec){"ok", 2};
    show("bad address of no bytes", pwritev(file, three, 3, 0));
    show("bad vector", writev(file, (void*)8, 1));
    show("bad vector of none", writev(file, (void*)8, 0));
    struct iovec const pieces[3] = {{text, 2}, {text + 10, 3}, {text + 20, 20}};
    show("readv", preadv(file, pieces, 3, 0));
    printf("%s %s %.2s\n", text, text + 10, text + 20);
    show("preadv at the end", preadv(file, pieces, 3, 1030 - 3));
    show("preadv behind", preadv(file, pieces, 3, 2000));
    show("preadv at -1", preadv(file, pieces, 3, -1));
    struct iovec const into_bad[2] = {{text, 4}, {bad, 4}};
    show("readv into a bad place", preadv(file, into_bad, 2, 0));
    show("closed", readv(77, pieces, 1));
    int const reader = open("f", O_RDONLY);
    show("writev of a reader", writev(reader, three, 3));
    return 0;
}
