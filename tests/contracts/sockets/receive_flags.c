// recv(2), send(2): MSG_PEEK, MSG_DONTWAIT, MSG_WAITALL, MSG_TRUNC, MSG_NOSIGNAL on streams,
// datagrams and packets: what is taken, what is told, what stays.
#include "tests/contracts/contract.h"

static volatile sig_atomic_t pipes;
static void on_pipe(int number)
{
    (void)number;
    ++pipes;
}

static char text[64];

static void get(char const* what, int file, size_t size, int flags)
{
    memset(text, 0, sizeof text);
    long const result = recv(file, text, size, flags);
    show(what, result);
    if (result > 0) printf("  \"%.*s\"\n", (int)(result < (long)size ? result : (long)size), text);
    fflush(stdout);
}

static void put(int file, char const* what)
{
    require(send(file, what, strlen(what), 0) == (long)strlen(what), "send");
}

int main(void)
{
    struct sigaction const action = {.sa_handler = on_pipe};
    sigaction(SIGPIPE, &action, NULL);
    int const types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    char const* const names[] = {"stream", "datagram", "packets"};
    for (int i = 0; i < 3; ++i) {
        int pair[2];
        require(socketpair(AF_UNIX, types[i], 0, pair) == 0, "socketpair");
        printf("%s\n", names[i]);
        get("nothing there", pair[0], 10, MSG_DONTWAIT);
        put(pair[1], "hello");
        put(pair[1], "world");
        get("look", pair[0], 20, MSG_PEEK);
        get("look again, shorter", pair[0], 3, MSG_PEEK);
        get("look for the size", pair[0], 2, MSG_PEEK | MSG_TRUNC);
        get("take two", pair[0], 2, 0);
        get("take the rest", pair[0], 20, 0);
        get("and then", pair[0], 20, MSG_DONTWAIT);
        put(pair[1], "abcdef");
        get("size of what is cut", pair[0], 3, MSG_TRUNC);
        get("rest", pair[0], 20, MSG_DONTWAIT);
        put(pair[1], "12");
        get("take nothing", pair[0], 0, 0);
        get("it is there or not", pair[0], 10, MSG_DONTWAIT);
        put(pair[1], "wait");
        pid_t const child = fork_child();
        if (child == 0) {
            put(pair[1], "ed");
            close(pair[1]);
            leave(0);
        }
        waitpid(child, NULL, 0);
        shutdown(pair[1], SHUT_WR);
        get("all of ten, or what there is", pair[0], 10, MSG_WAITALL);
        get("more", pair[0], 10, MSG_DONTWAIT);
        close(pair[0]);
        pipes = 0;
        show("send without a signal", send(pair[1], "x", 1, MSG_NOSIGNAL));
        show("  signals", pipes);
        show("send", send(pair[1], "x", 1, 0));
        show("  signals", pipes);
        show("write", write(pair[1], "x", 1));
        show("  signals", pipes);
        close(pair[1]);
    }
    return 0;
}
