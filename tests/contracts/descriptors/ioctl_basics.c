// ioctl(2), ioctl_fionread(2const), ioctl_tty(2): what every file knows (FIOCLEX, FIONBIO, FIONREAD of files
// and pipes), and ENOTTY for the rest.
#include "tests/contracts/contract.h"
#include <sys/ioctl.h>
#include <termios.h>

int main(void)
{
    make_file("f", "0123456789");
    int const file = open("f", O_RDWR);
    int const directory = open(".", O_RDONLY);
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    int value = -7;
    show("FIONREAD of a file", ioctl(file, FIONREAD, &value));
    show("rest", value);
    lseek(file, 4, SEEK_SET);
    ioctl(file, FIONREAD, &value);
    show("rest", value);
    lseek(file, 14, SEEK_SET);
    ioctl(file, FIONREAD, &value);
    show("behind the end", value);
    show("of a directory", ioctl(directory, FIONREAD, &value));
    show("write", write(ends[1], "abc", 3));
    show("of a pipe", ioctl(ends[0], FIONREAD, &value));
    show("rest", value);
    show("of the other end", ioctl(ends[1], FIONREAD, &value));
    show("rest", value);
    show("bad place", ioctl(ends[0], FIONREAD, 8));
    show("FIOCLEX", ioctl(ends[0], FIOCLEX));
    show("flag", fcntl(ends[0], F_GETFD));
    show("FIONCLEX", ioctl(ends[0], FIONCLEX));
    show("flag", fcntl(ends[0], F_GETFD));
    value = 1;
    show("FIONBIO", ioctl(ends[0], FIONBIO, &value));
    show("flag", (fcntl(ends[0], F_GETFL) & O_NONBLOCK) != 0);
    value = 0;
    show("FIONBIO off", ioctl(ends[0], FIONBIO, &value));
    show("flag", (fcntl(ends[0], F_GETFL) & O_NONBLOCK) != 0);
    show("FIONBIO of a bad place", ioctl(ends[0], FIONBIO, 8));
    struct termios settings;
    struct winsize size;
    show("TCGETS of a file", ioctl(file, TCGETS, &settings));
    show("TCGETS of a pipe", ioctl(ends[0], TCGETS, &settings));
    show("TIOCGWINSZ of a directory", ioctl(directory, TIOCGWINSZ, &size));
    show("isatty", isatty(file));
    show("errno", errno == ENOTTY);
    show("no such command", ioctl(file, 0x12345678, &value));
    show("closed", ioctl(77, FIOCLEX));
    show("isatty of a closed one", isatty(77) == 0 && errno == EBADF);
    return 0;
}
