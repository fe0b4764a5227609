// pipe(2) O_DIRECT: each write is a packet of its own and each read takes one; what does not fit into the
// buffer is lost; writes of over PIPE_BUF bytes are split.
#include "tests/contracts/contract.h"
#include <poll.h>
#include <sys/ioctl.h>

int main(void)
{
    static char large[8192];
    char text[64] = {0};
    int ends[2];
    show("pipe2", pipe2(ends, O_DIRECT | O_NONBLOCK));
    show("flag", (fcntl(ends[1], F_GETFL) & O_DIRECT) != 0);
    show("flag of the reader", (fcntl(ends[0], F_GETFL) & O_DIRECT) != 0);
    show("write", write(ends[1], "first", 5));
    show("write", write(ends[1], "second packet", 13));
    show("write nothing", write(ends[1], "", 0));
    int waiting = 0;
    ioctl(ends[0], FIONREAD, &waiting);
    show("FIONREAD", waiting);
    show("read", read(ends[0], text, sizeof text));
    show("read six of it", read(ends[0], text, 6));
    printf("%.6s\n", text);
    show("the rest is lost", read(ends[0], text, sizeof text));
    show("write 8192", write(ends[1], large, sizeof large));
    show("read", read(ends[0], large, sizeof large));
    show("read", read(ends[0], large, sizeof large));
    show("read", read(ends[0], large, sizeof large));
    long packets = 0;
    while (write(ends[1], "x", 1) == 1) ++packets;
    show("packets that fit", packets);
    show("off", fcntl(ends[1], F_SETFL, O_NONBLOCK));
    show("read", read(ends[0], text, sizeof text));
    show("write as a stream", write(ends[1], "ab", 2));
    show("and more", write(ends[1], "cd", 2));
    for (int i = 0; i < 15; ++i) read(ends[0], text, sizeof text);
    show("read both", read(ends[0], text, sizeof text));
    int plain[2];
    require(pipe2(plain, O_NONBLOCK) == 0, "pipe2");
    show("on for a plain pipe", fcntl(plain[1], F_SETFL, O_NONBLOCK | O_DIRECT));
    show("write", write(plain[1], "one", 3));
    show("write", write(plain[1], "two", 3));
    show("read", read(plain[0], text, sizeof text));
    show("bad flag", pipe2(plain, O_APPEND));
    return 0;
}
