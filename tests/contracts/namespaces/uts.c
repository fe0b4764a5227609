// uts_namespaces(7): a copy of the names, which change on one side only; children are where their
// parent is.
#include "tests/contracts/namespaces/support.h"

int main(void)
{
    set_names("before", "there");
    struct barrier const made = barrier_make();
    struct barrier const changed = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        show("unshare", unshare(CLONE_NEWUTS));
        show_names("a copy");
        set_names("inside", "here");
        barrier_signal(&made);
        barrier_wait(&changed);
        show_names("inside, after a change outside");
        pid_t const grandchild = fork_child();
        if (grandchild == 0) {
            show_names("its child");
            set_names("grandchild", "deep");
            leave(0);
        }
        show_end("its child", grandchild);
        show_names("changed by its child");
        char text[32] = "";
        int const file = open("/proc/sys/kernel/hostname", O_RDONLY | O_CLOEXEC);
        require(read(file, text, sizeof text - 1) > 0, "hostname");
        printf("in /proc/sys: %s", text);
        leave(0);
    }
    barrier_wait(&made);
    show_names("outside");
    set_names("outside", "again");
    show_shared("the child", child);
    barrier_signal(&changed);
    show_end("child", child);
    show_names("outside");
    set_names("drydock", "(none)");
    return 0;
}
