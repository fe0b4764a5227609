// pipe(7), PIPE_BUF: a non-blocking write of up to 4096 bytes is all or nothing; a larger one may be cut
// short; a blocking one waits until all is written, and other writers come in between only then.
#include "tests/contracts/contract.h"

static void fill(int end)
{
    static char const page[4096];
    while (write(end, page, sizeof page) > 0) {
    }
    show("full", write(end, page, 1));
}

int main(void)
{
    static char bytes[65536];
    int ends[2];
    require(pipe2(ends, O_NONBLOCK) == 0, "pipe2");
    show("more than fits", write(ends[1], bytes, sizeof bytes));
    show("read a byte", read(ends[0], bytes, 1));
    show("no place for one", write(ends[1], bytes, 1));
    show("read the page", read(ends[0], bytes, 4095));
    show("a page", write(ends[1], bytes, 4096));
    show("read two pages", read(ends[0], bytes, 8192));
    show("three pages", write(ends[1], bytes, 12288));
    show("none left", write(ends[1], bytes, 12288));
    show("read all", read(ends[0], bytes, sizeof bytes));
    show("empty", read(ends[0], bytes, 1));
    fill(ends[1]);
    show("read a page", read(ends[0], bytes, 4096));
    show("4097 bytes", write(ends[1], bytes, 4097));
    show("blocking", fcntl(ends[1], F_SETFL, 0));
    pid_t const child = fork_child();
    if (child == 0) {
        memset(bytes, 'c', sizeof bytes);
        leave(write(ends[1], bytes, 4096) == 4096 ? 3 : 4);
    }
    wait_for_state(child, 'S');
    show("blocking reader", fcntl(ends[0], F_SETFL, 0));
    show("read", read(ends[0], bytes, sizeof bytes));
    show_end("writer", child);
    show("its page", read(ends[0], bytes, sizeof bytes));
    printf("%c%c\n", bytes[0], bytes[4095]);
    return 0;
}
