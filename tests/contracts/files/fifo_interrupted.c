// open(2), fifo(7): an open of a FIFO that waits is ended by a signal that is caught, EINTR; it takes the place of
// nobody.
#include "tests/contracts/contract.h"

static void on_signal(int number) { (void)number; }

int main(void)
{
    require(mkfifo("fifo", 0600) == 0, "mkfifo");
    for (int i = 0; i < 2; ++i) {
        pid_t const child = fork_child();
        if (child == 0) {
            struct sigaction action = {.sa_handler = on_signal};
            sigaction(SIGUSR1, &action, NULL);
            show("open", open("fifo", i == 0 ? O_RDONLY : O_WRONLY));
            leave(0);
        }
        wait_for_state(child, 'S');
        kill(child, SIGUSR1);
        show_end(i == 0 ? "reader" : "writer", child);
    }
    show("nobody reads", open("fifo", O_WRONLY | O_NONBLOCK));
    int const reader = open("fifo", O_RDONLY | O_NONBLOCK);
    char byte;
    show("nobody writes", read(reader, &byte, 1));
    pid_t const child = fork_child();
    if (child == 0) {
        close(reader);
        leave(open("fifo", O_RDONLY) >= 0 ? 0 : 1);
    }
    wait_for_state(child, 'S');
    int const writer = open("fifo", O_WRONLY);
    show_ok("writer", writer);
    show_end("reader", child);
    show("unlink", unlink("fifo"));
    show("still works", write(writer, "x", 1));
    show("read", read(reader, &byte, 1));
    return 0;
}
