// Namespaces lie within one another 32 deep at most.
#include "tests/contracts/namespaces/pid_support.h"

int main(void)
{
    // The one that the program runs in on Linux counts too, so the exact depth is not shown.
    int depth = 0;
    for (;;) {
        pid_t const child = clone_child(CLONE_NEWPID);
        if (child == 0) {
            ++depth;
            if (getpid() != 1 || parent_number() != 0) leave(99);
            continue;
        }
        if (child < 0) {
            printf("the last: %s, deep enough %d\n", error_name(errno), depth > 20 && depth <= 32);
            leave(depth == 0 ? 1 : 0);
        }
        int status = 0;
        require(waitpid(child, &status, 0) == child, "waitpid");
        if (depth > 0) leave(WEXITSTATUS(status));
        printf("%s\n", status_text(status));
        return 0;
    }
}
