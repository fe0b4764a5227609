// Pipes and FIFOs: capacity, atomic writes, ends, and every answer of poll about them.
#include "support.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>

static char directory[] = "/tmp/pipes.XXXXXX";
static char block[200000];

static long show(const char* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %ld\n", what, result);
    return result;
}

static int poll_bits(int descriptor)
{
    struct pollfd entry = {descriptor, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
    int const count = poll(&entry, 1, 0);
    CHECK(count == (entry.revents != 0));
    return entry.revents;
}

static void states(const char* what, int const ends[2])
{
    fd_set reads, writes, others;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_ZERO(&others);
    int highest = -1;
    for (int i = 0; i < 2; ++i) {
        if (ends[i] < 0) continue;
        FD_SET(ends[i], &reads);
        FD_SET(ends[i], &writes);
        FD_SET(ends[i], &others);
        if (ends[i] > highest) highest = ends[i];
    }
    struct timeval now = {0, 0};
    int const count = select(highest + 1, &reads, &writes, &others, &now);
    printf("%s: poll", what);
    for (int i = 0; i < 2; ++i) {
        if (ends[i] >= 0) printf(" %x", poll_bits(ends[i]));
    }
    printf(", select %d", count);
    for (int i = 0; i < 2; ++i) {
        if (ends[i] < 0) continue;
        printf(" %d%d%d", FD_ISSET(ends[i], &reads) != 0, FD_ISSET(ends[i], &writes) != 0, FD_ISSET(ends[i], &others) != 0);
    }
    int waiting = -1;
    if (ends[0] >= 0) ioctl(ends[0], FIONREAD, &waiting);
    printf(", %d bytes\n", waiting);
}

static void make(int ends[2], int flags)
{
    CHECK(pipe2(ends, flags) == 0);
}

static void capacity(void)
{
    int ends[2];
    // How many writes of each size fit.
    static int const sizes[] = {1, 2, 100, 1000, 2048, 3000, 4095, 4096, 4097, 5000, 8192, 10000, 65535, 65536, 65537, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        make(ends, O_NONBLOCK);
        long total = 0, count = 0, last = 0;
        for (;;) {
            ssize_t const done = write(ends[1], block, (size_t)sizes[i]);
            if (done < 0) break;
            total += done;
            last = done;
            ++count;
        }
        printf("%d: %ld writes, %ld bytes, last %ld, %s", sizes[i], count, total, last, error_name(errno));
        printf(", bits %x", poll_bits(ends[1]));
        // How much must be read before there is room for one byte, and for a page.
        long freed = 0;
        while (write(ends[1], block, 1) < 0) freed += read(ends[0], block, 1);
        long page = freed;
        while (write(ends[1], block, 4096) < 0) page += read(ends[0], block, 1);
        printf(", one byte after %ld, a page after %ld\n", freed, page);
        close(ends[0]);
        close(ends[1]);
    }
    // A byte, then pages.
    make(ends, O_NONBLOCK);
    CHECK(write(ends[1], "x", 1) == 1);
    show("pages behind a byte", write(ends[1], block, 100000));
    show("one more", write(ends[1], block, 1));
    show("read", read(ends[0], block, sizeof block));
    states("empty", ends);
    show("capacity", fcntl(ends[1], F_GETPIPE_SZ));
    close(ends[0]);
    close(ends[1]);
    make(ends, O_NONBLOCK);
    CHECK(write(ends[1], block, 65536) == 65536);
    states("full", ends);
    CHECK(read(ends[0], block, 4095) == 4095);
    states("4095 less", ends);
    show("write", write(ends[1], block, 1));
    CHECK(read(ends[0], block, 1) == 1);
    states("4096 less", ends);
    show("write 4097", write(ends[1], block, 4097));
    show("write 4096", write(ends[1], block, 4096));
    close(ends[0]);
    close(ends[1]);
}

static volatile int broken;

static void on_broken(int number)
{
    (void)number;
    ++broken;
}

static void ends_and_errors(void)
{
    int ends[2];
    make(ends, 0);
    show("read the writer", read(ends[1], block, 1));
    show("write the reader", write(ends[0], block, 1));
    show("seek", lseek(ends[0], 0, SEEK_CUR));
    show("pread", pread(ends[0], block, 1, 0));
    show("pwrite", pwrite(ends[1], block, 1, 0));
    show("truncate", ftruncate(ends[1], 0));
    show("fsync", fsync(ends[1]));
    show("read 0", read(ends[0], block, 0));
    show("write 0", write(ends[1], block, 0));
    show("write bad", write(ends[1], (void*)8, 4));
    CHECK(write(ends[1], "abcdef", 6) == 6);
    show("read bad", read(ends[0], (void*)8, 4));
    show("read 4", read(ends[0], block, 4));
    show("read rest", read(ends[0], block, 4));
    CHECK(write(ends[1], "xyz", 3) == 3);
    close(ends[1]);
    int alone[2] = {ends[0], -1};
    states("writer gone, data", alone);
    show("read", read(ends[0], block, 10));
    states("writer gone", alone);
    show("eof", read(ends[0], block, 10));
    close(ends[0]);
    make(ends, 0);
    close(ends[0]);
    alone[0] = -1;
    alone[1] = ends[1];
    states("reader gone", alone);
    signal(SIGPIPE, SIG_IGN);
    show("write", write(ends[1], "x", 1));
    show("write nothing", write(ends[1], "x", 0));
    show("write bad", write(ends[1], (void*)8, 1));
    signal(SIGPIPE, SIG_DFL);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        write(ends[1], "x", 1);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    puts(status_text(status));
    close(ends[1]);
    make(ends, O_NONBLOCK | O_CLOEXEC);
    show("empty", read(ends[0], block, 1));
    printf("flags %x %x %d\n", fcntl(ends[0], F_GETFL) & ~0100000, fcntl(ends[1], F_GETFL) & ~0100000, fcntl(ends[0], F_GETFD));
    show("pipe2 flags", pipe2(ends, O_APPEND));
    show("pipe2 bad pointer", syscall(SYS_pipe2, 8, 0));
    // A write that is cut off when the reader leaves says how much went.
    make(ends, 0);
    signal(SIGPIPE, on_broken);
    fflush(stdout);
    pid_t const reader = fork();
    if (reader == 0) {
        close(ends[1]);
        long got = 0;
        while (got < 30000) got += read(ends[0], block, 1000);
        _exit(0);
    }
    close(ends[0]);
    ssize_t const sent = write(ends[1], block, sizeof block);
    printf("cut off: %d, signals %d\n", sent > 0 && sent < (ssize_t)sizeof block, broken);
    waitpid(reader, &status, 0);
    close(ends[1]);
    signal(SIGPIPE, SIG_DFL);
}

static void atomic(void)
{
    int ends[2];
    make(ends, 0);
    fflush(stdout);
    for (int i = 0; i < 4; ++i) {
        if (fork() != 0) continue;
        close(ends[0]);
        static char message[4096];
        int const size = 4096 - i * 700;
        memset(message, 'A' + i, sizeof message);
        message[0] = (char)(size & 127);
        message[1] = (char)(size >> 7);
        for (int k = 0; k < 50; ++k) CHECK(write(ends[1], message, (size_t)size) == size);
        _exit(0);
    }
    close(ends[1]);
    long count[4] = {0}, torn = 0;
    for (;;) {
        unsigned char head[2];
        ssize_t got = read(ends[0], head, 2);
        if (got <= 0) break;
        CHECK(got == 2);
        int const size = head[0] + head[1] * 128;
        int done = 2;
        while (done < size) {
            got = read(ends[0], block + done, (size_t)(size - done));
            CHECK(got > 0);
            done += (int)got;
        }
        int const who = block[2] - 'A';
        for (int i = 2; i < size; ++i) torn += block[i] != block[2];
        torn += size != 4096 - who * 700;
        ++count[who & 3];
    }
    printf("atomic: %ld %ld %ld %ld, torn %ld\n", count[0], count[1], count[2], count[3], torn);
    close(ends[0]);
    while (wait(NULL) > 0) {}
}

static void fifos(void)
{
    CHECK(mkfifo("p", 0600) == 0);
    show("again", mkfifo("p", 0600));
    show("write, nobody", open("p", O_WRONLY | O_NONBLOCK));
    int const reader = open("p", O_RDONLY | O_NONBLOCK);
    int only[2] = {reader, -1};
    states("reader", only);
    show("read, never a writer", read(reader, block, 1));
    int const writer = open("p", O_WRONLY | O_NONBLOCK);
    int both[2] = {reader, writer};
    states("both", both);
    show("read", read(reader, block, 1));
    CHECK(write(writer, "12", 2) == 2);
    states("data", both);
    close(writer);
    states("writer gone", only);
    show("read", read(reader, block, 10));
    show("eof", read(reader, block, 10));
    states("at its end", only);
    int const second = open("p", O_WRONLY);
    both[1] = second;
    states("new writer", both);
    close(reader);
    int const late[2] = {-1, second};
    states("no reader", late);
    int const twin = open("p", O_RDWR);
    int const twins[2] = {twin, second};
    states("read-write", twins);
    CHECK(write(twin, "x", 1) == 1);
    show("own byte", read(twin, block, 5));
    close(twin);
    close(second);
    // Opens that wait for each other.
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        int const out = open("p", O_WRONLY);
        CHECK(write(out, "through", 7) == 7);
        _exit(0);
    }
    int const in = open("p", O_RDONLY);
    memset(block, 0, 10);
    long got = 0;
    ssize_t part;
    while ((part = read(in, block + got, 10)) > 0) got += part;
    printf("%s\n", block);
    close(in);
    int status;
    waitpid(child, &status, 0);
    // What nobody has open holds no data.
    int const keep = open("p", O_RDWR);
    CHECK(write(keep, "lost", 4) == 4);
    close(keep);
    int const fresh = open("p", O_RDONLY | O_NONBLOCK);
    show("nothing kept", read(fresh, block, 4));
    close(fresh);
    show("stat size", 0);
    struct stat about;
    CHECK(stat("p", &about) == 0);
    printf("%d %ld\n", S_ISFIFO(about.st_mode), (long)about.st_size);
    unlink("p");
}

static void polls(void)
{
    int ends[2];
    make(ends, 0);
    int const file = open("file", O_RDWR | O_CREAT, 0600), folder = open(".", O_RDONLY);
    int const null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDONLY);
    int const path = open("file", O_PATH);
    printf("file %x directory %x null %x zero %x path %x\n", poll_bits(file), poll_bits(folder), poll_bits(null), poll_bits(zero), poll_bits(path));
    printf("closed %x\n", poll_bits(77));
    struct pollfd set[4] = {{ends[0], POLLIN, 0}, {-1, POLLIN, 0}, {77, 0, 0}, {ends[1], POLLOUT, 0}};
    show("set", poll(set, 4, 0));
    printf("%x %x %x %x\n", set[0].revents, set[1].revents, set[2].revents, set[3].revents);
    show("nothing", poll(NULL, 0, 0));
    show("negative", poll(set, (nfds_t)-1, 0));
    show("bad pointer", poll((void*)8, 1, 0));
    struct timespec when = {0, 1000000000};
    show("bad time", ppoll(set, 1, &when, NULL));
    when.tv_nsec = 1000000;
    show("timeout", ppoll(set, 1, &when, NULL));
    fd_set reads;
    FD_ZERO(&reads);
    FD_SET(60, &reads);
    struct timeval now = {0, 0};
    show("select closed", select(61, &reads, NULL, NULL, &now));
    show("select below", select(60, &reads, NULL, NULL, &now));
    show("select negative", select(-1, NULL, NULL, NULL, &now));
    now.tv_usec = -1;
    show("select bad time", select(1, NULL, NULL, NULL, &now));
    now.tv_usec = 2000000;
    now.tv_sec = 0;
    show("select long", select(0, NULL, NULL, NULL, &(struct timeval){0, 1000}));
    show("select bad pointer", syscall(SYS_select, 1, 8, 0, 0, &(struct timeval){0, 0}));
    // Waiting for another process.
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        usleep(20000);
        CHECK(write(ends[1], "x", 1) == 1);
        usleep(20000);
        _exit(0);
    }
    close(ends[1]);
    show("woken", poll(set, 1, 10000));
    printf("%x\n", set[0].revents);
    CHECK(read(ends[0], block, 10) == 1);
    show("end", poll(set, 1, 10000));
    printf("%x\n", set[0].revents);
    int status;
    waitpid(child, &status, 0);
    set[0].events = 0;
    show("no events", poll(set, 1, 0));
    printf("%x\n", set[0].revents);
    close(ends[0]);
    unlink("file");
}

int main(void)
{
    mkdir("/tmp", 01777);
    CHECK(mkdtemp(directory) != NULL && chdir(directory) == 0);
    capacity();
    ends_and_errors();
    atomic();
    fifos();
    polls();
    CHECK(chdir("/") == 0);
    show("removed", rmdir(directory));
    return 0;
}
