// flock(2): locks belong to open files: shared by dup and fork, not by a second open; converted in place; given up by
// LOCK_UN on any copy or with the last one.
#include "tests/contracts/contract.h"
#include <sys/file.h>

int main(void)
{
    make_file("f", "text");
    int const first = open("f", O_RDONLY);
    int second = open("f", O_RDONLY);
    show("exclusive, read only", flock(first, LOCK_EX));
    show("second opening", flock(second, LOCK_EX | LOCK_NB));
    show("shared either", flock(second, LOCK_SH | LOCK_NB));
    int const copy = dup(first);
    show("a copy has it", flock(copy, LOCK_EX | LOCK_NB));
    show("to shared", flock(copy, LOCK_SH));
    show("second", flock(second, LOCK_SH | LOCK_NB));
    show("to exclusive", flock(first, LOCK_EX | LOCK_NB));
    show("what is left for the second", flock(second, LOCK_EX | LOCK_NB));
    show("unlock second", flock(second, LOCK_UN));
    show("unlock again", flock(second, LOCK_UN));
    show("lock first", flock(first, LOCK_EX));
    show("close first", close(first));
    show("the copy keeps it", flock(second, LOCK_SH | LOCK_NB));
    pid_t child = fork_child();
    if (child == 0) leave(flock(copy, LOCK_UN) == 0 ? 0 : 1);
    show_end("child unlocks for both", child);
    show("free", flock(second, LOCK_EX | LOCK_NB));
    show("unlock", flock(second, LOCK_UN));
    show("lock the copy", flock(copy, LOCK_EX));
    child = fork_child();
    if (child == 0) {
        close(copy);
        leave(0);
    }
    show_end("child closes", child);
    show("still locked", flock(second, LOCK_EX | LOCK_NB));
    child = fork_child();
    if (child == 0) {
        second = open("f", O_RDONLY);
        leave(flock(second, LOCK_EX) == 0 ? 5 : 6);
    }
    wait_for_state(child, 'S');
    show("close", close(copy));
    show_end("waited", child);
    show("no operation", flock(second, 0));
    show("both", flock(second, LOCK_SH | LOCK_EX));
    show("nothing but LOCK_NB", flock(second, LOCK_NB));
    show("closed", flock(77, LOCK_SH));
    show("directory", flock(open(".", O_RDONLY), LOCK_EX));
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("pipe", flock(ends[0], LOCK_EX));
    show("its other end", flock(ends[1], LOCK_EX | LOCK_NB));
    return 0;
}
