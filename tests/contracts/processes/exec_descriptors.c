// execve(2): descriptors marked close-on-exec are closed, others stay with offset and file; the
// mark belongs to the descriptor, not to the file; a failed call closes nothing; CLONE_FILES ends.
#include "tests/contracts/processes/clone3.h"

static int after_exec(char** words)
{
    for (int i = 0; i < 4; ++i) {
        int const file = atoi(words[2 + i]);
        printf("%d: %s", i, fcntl(file, F_GETFD) < 0 ? "closed\n" : "open");
        if (fcntl(file, F_GETFD) >= 0) {
            printf(" mark %d offset %ld\n", fcntl(file, F_GETFD), (long)lseek(file, 0, SEEK_CUR));
        }
    }
    return 0;
}

static void run_again(int const* files)
{
    char numbers[4][16];
    char* words[7] = {"again", "told"};
    for (int i = 0; i < 4; ++i) {
        snprintf(numbers[i], sizeof numbers[i], "%d", files[i]);
        words[2 + i] = numbers[i];
    }
    fflush(NULL);
    execv("/proc/self/exe", words);
    leave(8);
}

int main(int count, char** words)
{
    if (count > 1) return after_exec(words);
    make_file("file", "0123456789");
    int files[4];
    files[0] = open("file", O_RDONLY | O_CLOEXEC);
    files[1] = open("file", O_RDONLY);
    files[2] = dup(files[0]);
    files[3] = fcntl(files[1], F_DUPFD_CLOEXEC, 0);
    require(lseek(files[0], 3, SEEK_SET) == 3 && lseek(files[1], 5, SEEK_SET) == 5, "lseek");
    pid_t child = fork_child();
    if (child == 0) run_again(files);
    show_end("opened", child);
    fcntl(files[0], F_SETFD, 0);
    fcntl(files[1], F_SETFD, FD_CLOEXEC);
    child = fork_child();
    if (child == 0) {
        show("exec of nothing", execl("missing", "missing", NULL));
        show("mark after it", fcntl(files[1], F_GETFD));
        run_again(files);
    }
    show_end("changed", child);
    // The child's exec has a table of its own: the parent's descriptors stay open.
    struct clone3_arguments const shared = {.flags = CLONE_FILES, .exit_signal = SIGCHLD};
    long const sharer = clone3(&shared);
    if (sharer == 0) run_again(files);
    show_end("shared", (pid_t)sharer);
    show("mark here", fcntl(files[1], F_GETFD));
    show("mark here", fcntl(files[3], F_GETFD));
    return 0;
}
