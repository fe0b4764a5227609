// Pseudo-terminals (pty(7)): both ends, the line discipline between them, sessions, hanging up.
#include "support.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

static volatile sig_atomic_t caught;
static void on_signal(int number) { caught = number; }

static void tell(char const* what, long result)
{
    int const error = errno;
    printf("%s: %ld %s\n", what, result, result < 0 ? error_name(error) : "");
    fflush(stdout);
}

static void show_bytes(char const* what, char const* bytes, ssize_t size)
{
    printf("%s:", what);
    if (size < 0) printf(" %s", error_name(errno));
    for (ssize_t i = 0; i < size; ++i) {
        if (bytes[i] >= ' ' && bytes[i] < 127) printf(" %c", bytes[i]);
        else printf(" %02x", (unsigned char)bytes[i]);
    }
    printf("\n");
    fflush(stdout);
}

// What the other end has to say so far; on Linux it may take a moment until it is there.
static void show_read(char const* what, int file, int wanted)
{
    char bytes[300];
    ssize_t size = 0;
    while (size < wanted) {
        ssize_t const got = read(file, bytes + size, sizeof bytes - (size_t)size);
        if (got <= 0) {
            if (size == 0) size = got;
            break;
        }
        size += got;
    }
    show_bytes(what, bytes, size);
}

static void show_poll(char const* what, int file)
{
    struct pollfd set = {file, POLLIN | POLLOUT | POLLPRI, 0};
    poll(&set, 1, 0);
    printf("%s: %#x\n", what, set.revents);
    fflush(stdout);
}

static void wait_for_input(int file)
{
    struct pollfd set = {file, POLLIN, 0};
    poll(&set, 1, -1);
}

static int open_master(void)
{
    int const master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    if (master < 0) {
        tell("no pseudo-terminals", master);
        exit(1);
    }
    return master;
}

static int open_pair(int* slave)
{
    int const master = open_master();
    grantpt(master);
    unlockpt(master);
    *slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (*slave < 0) tell("slave", *slave);
    return master;
}

static void names(void)
{
    int const master = open_master();
    char path[64];
    snprintf(path, sizeof path, "%s", ptsname(master));
    printf("name: %d\n", strncmp(path, "/dev/pts/", 9));
    int lock = 0;
    ioctl(master, TIOCGPTLCK, &lock);
    printf("locked: %d\n", lock);
    tell("open while locked", open(path, O_RDWR | O_NOCTTY));
    tell("unlockpt", unlockpt(master));
    ioctl(master, TIOCGPTLCK, &lock);
    printf("locked: %d\n", lock);
    int const slave = open(path, O_RDWR | O_NOCTTY);
    printf("opened: %d\n", slave >= 0);
    struct stat status;
    fstat(slave, &status);
    printf("slave: %o %d links %d\n", status.st_mode & S_IFMT, (int)(status.st_rdev >> 8 & 0xfff), (int)status.st_nlink);
    printf("ttyname: %d, isatty: %d %d\n", strcmp(ttyname(slave), path), isatty(slave), isatty(master));
    fstat(master, &status);
    printf("master: %o %x\n", status.st_mode & S_IFMT, (unsigned)status.st_rdev);
    tell("seek", lseek(slave, 0, SEEK_SET));
    int const peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
    printf("peer: %d\n", peer >= 0 && strcmp(ttyname(peer), path) == 0);
    close(peer);
    close(slave);
    close(master);
    tell("name is gone", open(path, O_RDWR | O_NOCTTY));
    tell("number of a file", ioctl(0, TIOCGPTN, &lock));
}

static void discipline(void)
{
    int slave, available = 0;
    int const master = open_pair(&slave);
    show_poll("master at first", master);
    show_poll("slave at first", slave);
    write(master, "typXX\177\177ed\n", 10);
    wait_for_input(slave);
    show_poll("slave after a line", slave);
    ioctl(slave, FIONREAD, &available);
    printf("available: %d\n", available);
    show_read("line", slave, 6);
    show_read("echo", master, 15);
    write(slave, "out\tput\n", 8);
    show_read("output", master, 9);
    struct termios settings;
    tcgetattr(master, &settings);
    printf("settings through the master: %x %x %x %x\n", settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag);
    settings.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    settings.c_oflag &= ~(tcflag_t)OPOST;
    tell("set through the master", tcsetattr(master, TCSANOW, &settings));
    tcgetattr(slave, &settings);
    printf("settings of the slave: %x %x\n", settings.c_oflag, settings.c_lflag);
    write(master, "raw", 3);
    wait_for_input(slave);
    show_read("raw input", slave, 3);
    write(slave, "a\nb", 3);
    show_read("raw output", master, 3);
    struct winsize size = {40, 132, 0, 0};
    ioctl(master, TIOCSWINSZ, &size);
    memset(&size, 0, sizeof size);
    ioctl(slave, TIOCGWINSZ, &size);
    printf("window: %d %d\n", size.ws_row, size.ws_col);
    fcntl(master, F_SETFL, O_NONBLOCK);
    fcntl(slave, F_SETFL, O_NONBLOCK);
    show_read("nothing for the master", master, 1);
    show_read("nothing for the slave", slave, 1);
    write(slave, "gone", 4);
    while (ioctl(master, FIONREAD, &available) == 0 && available < 4) usleep(100);
    tell("flush", tcflush(master, TCIFLUSH));
    show_read("flushed", master, 1);
    close(slave);
    close(master);
}

static void full(void)
{
    int slave;
    int const master = open_pair(&slave);
    struct termios settings;
    tcgetattr(slave, &settings);
    settings.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    settings.c_oflag &= ~(tcflag_t)OPOST;
    tcsetattr(slave, TCSANOW, &settings);
    fcntl(master, F_SETFL, O_NONBLOCK);
    fcntl(slave, F_SETFL, O_NONBLOCK);
    // How much is on the way differs; that it is bounded, and that all of it arrives, does not.
    static char bytes[1000];
    long put = 0, taken = 0, got = 0;
    while ((got = write(slave, bytes, sizeof bytes)) > 0) put += got;
    printf("slave full: %d %s\n", put > 4000, error_name(errno));
    fcntl(slave, F_SETFL, 0);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        int const size = (int)write(slave, bytes, sizeof bytes);
        _exit(size == (int)sizeof bytes ? 3 : 4);
    }
    put += (long)sizeof bytes;
    while (taken < put) {
        wait_for_input(master);
        while ((got = read(master, bytes, sizeof bytes)) > 0) taken += got;
    }
    int status = 0;
    waitpid(child, &status, 0);
    printf("all read: %d, writer %d\n", taken == put, WEXITSTATUS(status));
    put = taken = 0;
    while ((got = write(master, bytes, sizeof bytes)) > 0) put += got;
    printf("master full: %d %s\n", put > 4000, error_name(errno));
    fcntl(slave, F_SETFL, O_NONBLOCK);
    while (taken < put) {
        wait_for_input(slave);
        while ((got = read(slave, bytes, sizeof bytes)) > 0) taken += got;
    }
    printf("all read: %d\n", taken == put);
    close(slave);
    close(master);
}

static void ends(void)
{
    int slave;
    int master = open_pair(&slave);
    close(slave);
    tell("write to nobody", write(master, "kept\n", 5));
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    show_read("read by the next", slave, 5);
    show_read("its echo", master, 6);
    close(slave);
    close(master);
    master = open_master();
    tell("write before there was a slave", write(master, "early\n", 6));
    unlockpt(master);
    show_poll("never opened", master);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    show_read("read by the first", slave, 6);
    close(slave);
    close(master);
    master = open_pair(&slave);
    write(slave, "last", 4);
    close(slave);
    show_read("what was left", master, 4);
    show_read("slave closed", master, 1);
    show_poll("slave closed", master);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    show_poll("open again", master);
    write(slave, "more", 4);
    show_read("again", master, 4);
    close(master);
    show_read("master closed", slave, 1);
    tell("write to a gone terminal", write(slave, "x", 1));
    show_poll("master closed", slave);
    struct termios settings;
    tell("its settings", tcgetattr(slave, &settings));
    close(slave);
}

// In a session of its own whose terminal is the slave.
static void lead(int master, int slave, char const* path)
{
    close(slave);
    setsid();
    tell("no terminal", open("/dev/tty", O_RDWR));
    slave = open(path, O_RDWR);
    int const same = open("/dev/tty", O_RDWR);
    printf("got it: %d %d, group %d\n", same >= 0, tcgetsid(slave) == getpid(), tcgetpgrp(slave) == getpid());
    pid_t group = 0;
    tell("group by the master", ioctl(master, TIOCGPGRP, &group));
    printf("the same: %d\n", group == getpid());
    close(same);
    signal(SIGINT, on_signal);
    signal(SIGWINCH, on_signal);
    write(master, "\x03", 1);
    while (caught == 0) usleep(100);
    printf("interrupt: %d\n", caught);
    show_read("its echo", master, 2);
    caught = 0;
    struct winsize const size = {10, 20, 0, 0};
    ioctl(master, TIOCSWINSZ, &size);
    while (caught == 0) usleep(100);
    printf("window: %d\n", caught == SIGWINCH);
    // A background group that reads is stopped.
    fflush(stdout);
    pid_t const reader = fork();
    if (reader == 0) {
        setpgid(0, 0);
        char byte;
        ssize_t const got = read(slave, &byte, 1);
        _exit(got == 1 ? byte : 1);
    }
    int status = 0;
    waitpid(reader, &status, WUNTRACED);
    printf("stopped: %d\n", WIFSTOPPED(status) ? WSTOPSIG(status) : 0);
    signal(SIGTTOU, SIG_IGN);
    tell("to nobody", tcsetpgrp(slave, 30000));
    tell("to no number", tcsetpgrp(slave, 0));
    tell("give it the terminal", tcsetpgrp(slave, reader));
    kill(reader, SIGCONT);
    write(master, "A\n", 2);
    waitpid(reader, &status, 0);
    printf("reader: %d\n", WEXITSTATUS(status));
    show_read("its line", master, 3);
    // The group in the foreground is told when the leader ends, and the leader when the line goes.
    pid_t const victim = fork();
    if (victim == 0) {
        close(master);
        setpgid(0, 0);
        tcsetpgrp(slave, getpid());
        for (;;) pause();
    }
    while (tcgetpgrp(slave) != victim) usleep(100);
    signal(SIGHUP, on_signal);
    caught = 0;
    close(master);
    while (caught == 0) usleep(100);
    printf("hangup: %d\n", caught);
    show_read("after it", slave, 1);
    tell("no terminal any more", open("/dev/tty", O_RDWR));
    fflush(stdout);
    printf("alive: %d\n", kill(victim, 0));
    fflush(stdout);
    _exit(21);
}

static void sessions(void)
{
    int slave, status = 0;
    int const master = open_pair(&slave);
    char path[64];
    snprintf(path, sizeof path, "%s", ptsname(master));
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) lead(master, slave, path);
    close(slave);
    close(master);
    waitpid(child, &status, 0);
    printf("leader: %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

// As expect(1) and script(1): a shell on the terminal.
static void shell(void)
{
    int slave;
    int const master = open_pair(&slave);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        close(master);
        setsid();
        ioctl(slave, TIOCSCTTY, 0);
        for (int file = 0; file < 3; ++file) dup2(slave, file);
        if (slave > 2) close(slave);
        execl("/bin/sh", "sh", "-c", "read x; echo \"got $x\"; test -t 0 && echo terminal; exit 6", NULL);
        _exit(127);
    }
    close(slave);
    write(master, "word\n", 5);
    show_read("conversation", master, 6 + 10 + 10);
    show_read("end", master, 1);
    int status = 0;
    waitpid(child, &status, 0);
    printf("shell: %d\n", WEXITSTATUS(status));
    close(master);
}

static void many(void)
{
    int masters[20], slaves[20], count = 0;
    for (; count < 20; ++count) masters[count] = open_pair(&slaves[count]);
    for (int i = 0; i < count; ++i) {
        char text[8] = "";
        snprintf(text, sizeof text, "%02d", i);
        write(slaves[i], text, 2);
    }
    int right = 0;
    for (int i = 0; i < count; ++i) {
        char text[8] = "";
        read(masters[i], text, 2);
        right += atoi(text) == i;
    }
    printf("many: %d\n", right);
    for (int i = 0; i < count; ++i) {
        close(masters[i]);
        close(slaves[i]);
    }
}

int main(void)
{
    alarm(60);
    names();
    discipline();
    full();
    ends();
    sessions();
    shell();
    many();
    return 0;
}
