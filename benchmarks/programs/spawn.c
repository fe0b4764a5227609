// fork, exec, exit, wait: as often as the first argument says; the others are the program to run.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char** arguments)
{
    if (count < 3) return 2;
    for (long i = atol(arguments[1]); i > 0; --i) {
        pid_t const child = fork();
        if (child < 0) return 1;
        if (child == 0) {
            execv(arguments[2], arguments + 2);
            _exit(127);
        }
        int status = 0;
        if (waitpid(child, &status, 0) != child || status != 0) return 1;
    }
    return 0;
}
