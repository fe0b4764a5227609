// dup(2), dup3(2): the close-on-exec flag belongs to the descriptor and is never copied; dup3 takes
// O_CLOEXEC and nothing else, and checks its flags before the descriptors.
#include "tests/contracts/contract.h"

int main(void)
{
    int const file = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    require(file >= 0, "open");
    show("opened", fcntl(file, F_GETFD));
    int const copy = dup(file);
    show("dup", fcntl(copy, F_GETFD));
    show("dup2 to 40", dup2(file, 40));
    show("its flag", fcntl(40, F_GETFD));
    show("dup3 to 41", dup3(copy, 41, O_CLOEXEC));
    show("its flag", fcntl(41, F_GETFD));
    show("dup3 to 41 again", dup3(copy, 41, 0));
    show("its flag", fcntl(41, F_GETFD));
    show("status flags are shared", fcntl(copy, F_SETFL, O_APPEND | O_NONBLOCK));
    show("append", (fcntl(41, F_GETFL) & (O_APPEND | O_NONBLOCK)) == (O_APPEND | O_NONBLOCK));
    show("O_NONBLOCK", dup3(file, 42, O_NONBLOCK));
    show("bad flags of a closed one", dup3(77, 42, O_NONBLOCK));
    show("equal and closed", dup3(77, 77, O_CLOEXEC));
    show("closed", dup3(77, 42, O_CLOEXEC));
    show("to -1", dup3(file, -1, O_CLOEXEC));
    show("from -1 to -2", dup3(-1, -2, 0));
    show("nothing at 42", fcntl(42, F_GETFD));
    return 0;
}
