// dup2(2): if oldfd is valid and equals newfd, dup2 does nothing and returns newfd; dup3 fails with
// EINVAL.
#include "tests/contracts/contract.h"

int main(void)
{
    int const file = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    require(file >= 0, "open");
    printf("dup2 of itself: %s\n", dup2(file, file) == file ? "the same" : "another");
    show("close-on-exec kept", fcntl(file, F_GETFD));
    show("dup3 of itself", dup3(file, file, 0));
    show("dup2 of closed onto itself", dup2(77, 77));
    show("dup3 of closed onto itself", dup3(77, 77, 0));
    show("dup2 of closed", dup2(77, file));
    show("target still open", fcntl(file, F_GETFD));
    show("dup2 beyond the limit", dup2(file, 1 << 20));
    show("dup2 to -1", dup2(file, -1));
    show("dup3 with a bad flag", dup3(file, 50, O_APPEND));
    return 0;
}
