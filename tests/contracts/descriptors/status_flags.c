// fcntl(2) F_GETFL, F_SETFL: access mode and creation flags cannot be changed and changing them is no
// error; of the rest F_SETFL changes O_APPEND, O_ASYNC, O_DIRECT, O_NOATIME and O_NONBLOCK.
#include "tests/contracts/contract.h"

static void show_flags(char const* what, int file)
{
    int const flags = fcntl(file, F_GETFL);
    if (flags < 0) {
        show(what, flags);
        return;
    }
    char const* const modes[] = {"read", "write", "both", "none"};
    printf("%s: %s%s%s%s%s%s%s%s%s\n", what, modes[flags & 3], flags & O_APPEND ? " append" : "",
           flags & O_NONBLOCK ? " nonblock" : "", flags & O_CREAT ? " creat" : "",
           flags & O_TRUNC ? " trunc" : "", flags & O_EXCL ? " excl" : "",
           flags & O_NOATIME ? " noatime" : "", (flags & O_SYNC) == O_SYNC ? " sync" : "",
           (flags & O_DIRECTORY) ? " directory" : "");
}

int main(void)
{
    int const file = open("f", O_WRONLY | O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY, 0600);
    require(file >= 0, "open");
    show_flags("new", file);
    show("set read and write", fcntl(file, F_SETFL, O_RDWR | O_CREAT | O_TRUNC));
    show_flags("after it", file);
    char byte;
    show("read", read(file, &byte, 1));
    show("set all", fcntl(file, F_SETFL, O_APPEND | O_NONBLOCK | O_NOATIME | O_SYNC));
    show_flags("after it", file);
    show("set a bit that is no flag", fcntl(file, F_SETFL, 1 << 30));
    show_flags("after it", file);
    show_flags("directory", open(".", O_RDONLY | O_DIRECTORY));
    show_flags("sync", open("f", O_RDWR | O_SYNC));
    int const place = open("f", O_PATH | O_RDWR | O_APPEND);
    show_flags("path only", place);
    show("set of path only", fcntl(place, F_SETFL, O_APPEND));
    show("F_SETFD of path only", fcntl(place, F_SETFD, FD_CLOEXEC));
    show("F_GETFD", fcntl(place, F_GETFD));
    show("F_SETFD with other bits", fcntl(place, F_SETFD, 0x7ffffffe));
    show("F_GETFD", fcntl(place, F_GETFD));
    show("no such command", fcntl(file, 77, 0));
    show("no such command of path only", fcntl(place, 77, 0));
    show("of a closed one", fcntl(77, F_GETFL));
    return 0;
}
