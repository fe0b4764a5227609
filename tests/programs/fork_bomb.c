// A process that forks without end meets its process limit, gets EAGAIN, and can be killed as a group.
#include "support.h"

int main(void)
{
    pid_t const leader = fork();
    CHECK(leader >= 0);
    if (leader == 0) {
        CHECK(setpgid(0, 0) == 0);
        CHECK(setgid(54321) == 0);
        CHECK(setuid(54321) == 0);
        struct rlimit const limit = {20, 20};
        CHECK(setrlimit(RLIMIT_NPROC, &limit) == 0);
        int made = 1;
        for (;;) {
            pid_t const child = fork();
            if (child == 0) {
                for (;;) pause();
            }
            if (child < 0) break;
            ++made;
        }
        printf("%d processes, then %s\n", made, error_name(errno));
        fflush(stdout);
        kill(0, SIGKILL);
        for (;;) pause();
    }
    int status = 0;
    CHECK(waitpid(leader, &status, 0) == leader);
    printf("the group ended: %s\n", status_text(status));
    return 0;
}
