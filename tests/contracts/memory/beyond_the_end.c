// mmap(2), SIGBUS: pages wholly behind the end of the file; the rest of the last page reads zeros.
// A file that is cut takes its pages away, from private copies, too.
#include "tests/contracts/contract.h"

static int file;

static void touch(char const* what, char volatile* address, int writes)
{
    pid_t const child = fork_child();
    if (child == 0) {
        if (writes)
            *address = 1;
        else
            (void)*address;
        leave(0);
    }
    show_end(what, child);
}

int main(void)
{
    file = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    require(ftruncate(file, 5000) == 0, "ftruncate");
    char* const shared = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char* const own = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    require(shared != MAP_FAILED && own != MAP_FAILED, "mmap");
    touch("in the file", shared + 4999, 1);
    touch("in its last page", shared + 8191, 1);
    touch("behind its last page", shared + 8192, 0);
    touch("behind its last page, to write", shared + 8192, 1);
    touch("private, behind its last page", own + 8192, 1);
    own[4096] = 'x';
    own[0] = 'x';
    show("cut", ftruncate(file, 100));
    touch("shared, cut away", shared + 4096, 0);
    touch("private, cut away", own + 4096, 0);
    printf("private, still there: %c\n", own[0]);
    show("longer again", ftruncate(file, 3 * 4096));
    touch("there again", shared + 8192, 0);
    printf("zeros: %d %d\n", shared[4096], own[4096]);
    touch("not so far", shared + 3 * 4096, 0);
    return 0;
}
