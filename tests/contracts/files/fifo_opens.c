// fifo(7), open(2): an open waits for the other side; O_NONBLOCK reads without waiting and writes only to a reader
// (ENXIO); O_RDWR waits for nobody.
#include "tests/contracts/contract.h"

int main(void)
{
    char text[8] = {0};
    require(mkfifo("fifo", 0600) == 0, "mkfifo");
    show("writer alone", open("fifo", O_WRONLY | O_NONBLOCK));
    int reader = open("fifo", O_RDONLY | O_NONBLOCK);
    show_ok("reader alone", reader);
    show("end of file", read(reader, text, 1));
    int writer = open("fifo", O_WRONLY | O_NONBLOCK);
    show_ok("writer", writer);
    show("nothing there", read(reader, text, 1));
    show("write", write(writer, "abc", 3));
    close(writer);
    show("rest", read(reader, text, sizeof text));
    show("end of file", read(reader, text, 1));
    close(reader);
    pid_t child = fork_child();
    if (child == 0) leave(open("fifo", O_WRONLY) >= 0 ? 3 : 4);
    wait_for_state(child, 'S');
    reader = open("fifo", O_RDONLY);
    show_ok("reader meets a waiting writer", reader);
    show_end("writer", child);
    close(reader);
    child = fork_child();
    if (child == 0) {
        reader = open("fifo", O_RDONLY);
        leave(read(reader, text, 1) == 0 ? 5 : 6);
    }
    wait_for_state(child, 'S');
    writer = open("fifo", O_WRONLY | O_NONBLOCK);
    show_ok("writer meets a waiting reader", writer);
    close(writer);
    show_end("reader sees the end", child);
    int const both = open("fifo", O_RDWR);
    show_ok("both", both);
    show("write", write(both, "xyz", 3));
    show("read", read(both, text, 2));
    close(both);
    reader = open("fifo", O_RDONLY | O_NONBLOCK);
    show("what was left is gone", read(reader, text, 8));
    show("access mode 3", open("fifo", 3));
    show("lseek", lseek(reader, 0, SEEK_SET));
    show("stat", fstat(reader, &(struct stat){0}));
    return 0;
}
