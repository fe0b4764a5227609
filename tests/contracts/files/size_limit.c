// setrlimit(2) RLIMIT_FSIZE: a write is cut at the limit; one that starts there, or a truncation beyond it, raises
// SIGXFSZ and fails with EFBIG.
#include "tests/contracts/contract.h"
#include <sys/resource.h>
#include <sys/sendfile.h>

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    caught += number == SIGXFSZ;
}

int main(void)
{
    static char bytes[200];
    make_file("source", "0123456789");
    int const file = open("f", O_RDWR | O_CREAT, 0600);
    int const source = open("source", O_RDONLY);
    require(pwrite(file, "x", 1, 499) == 1, "write");
    struct rlimit const limit = {100, 1000};
    show("setrlimit", setrlimit(RLIMIT_FSIZE, &limit));
    signal(SIGXFSZ, on_signal);
    show("write below", write(file, bytes, 90));
    show("write over it", write(file, bytes, 90));
    show("caught", caught);
    show("write at it", write(file, bytes, 90));
    show("caught", caught);
    show("write nothing", write(file, bytes, 0));
    show("pwrite beyond", pwrite(file, bytes, 1, 200));
    show("ftruncate to it", ftruncate(file, 100));
    show("ftruncate beyond", ftruncate(file, 101));
    show("truncate beyond", truncate("f", 101));
    show("fallocate beyond", fallocate(file, 0, 0, 101));
    show("caught", caught);
    show("fallocate and keep", fallocate(file, 1, 0, 101));
    lseek(file, 96, SEEK_SET);
    show("sendfile", sendfile(file, source, NULL, 10));
    show("sendfile at it", sendfile(file, source, NULL, 10));
    off_t to = 95;
    show("copy_file_range", syscall(SYS_copy_file_range, source, &(off_t){0}, file, &to, 10, 0));
    show("caught", caught);
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("a pipe has no limit", write(ends[1], bytes, 200));
    int const memory = (int)syscall(SYS_memfd_create, "m", 0);
    show("a memory file has", ftruncate(memory, 200));
    signal(SIGXFSZ, SIG_IGN);
    show("ignored", pwrite(file, bytes, 1, 100));
    signal(SIGXFSZ, SIG_DFL);
    pid_t const child = fork_child();
    if (child == 0) {
        pwrite(file, bytes, 1, 100);
        leave(0);
    }
    show_end("default", child);
    return 0;
}
