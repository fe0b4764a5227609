// Local sockets between processes: blocking, signals, files and credentials along with bytes, names,
// options, events.
#include "support.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

static char block[65536];

static long show(char const* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %ld\n", what, result);
    return result;
}

static int poll_bits(int descriptor)
{
    struct pollfd entry = {descriptor, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
    CHECK(poll(&entry, 1, 0) >= 0);
    return entry.revents;
}

static void make(int pair[2], int type)
{
    CHECK(socketpair(AF_UNIX, type, 0, pair) == 0);
}

static void drop(int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

static int wait_for(pid_t child)
{
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    return status;
}

static void making(void)
{
    int pair[2] = {-1, -1};
    show("inet", socket(AF_INET, SOCK_STREAM, 0) >= 0 ? -1 : 0);
    show("unknown family", socket(99, SOCK_STREAM, 0));
    show("unknown type", socket(AF_UNIX, 11, 0));
    show("no type", socket(AF_UNIX, 0, 0));
    show("rdm", socket(AF_UNIX, SOCK_RDM, 0));
    show("protocol", socket(AF_UNIX, SOCK_STREAM, 2));
    show("flags", socket(AF_UNIX, SOCK_STREAM | 0x10, 0));
    show("pair to nowhere", syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, (void*)16));
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, AF_UNIX, pair) == 0);
    printf("flags %o, descriptor flags %d\n", fcntl(pair[0], F_GETFL), fcntl(pair[1], F_GETFD));
    struct stat status;
    CHECK(fstat(pair[0], &status) == 0);
    printf("mode %o, size %ld, links %ld\n", status.st_mode, (long)status.st_size, (long)status.st_nlink);
    char path[64], target[64] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%d", pair[0]);
    CHECK(readlink(path, target, sizeof target - 1) > 0);
    printf("%.8s\n", target);
    show("open again", open(path, O_RDWR));
    show("seek", lseek(pair[0], 0, SEEK_SET));
    show("pread", pread(pair[0], block, 1, 0));
    show("truncate", ftruncate(pair[0], 0));
    show("no socket", recv(0, block, 1, 0) >= 0 ? 0 : -1);
    show("bad descriptor", send(99, block, 1, 0));
    drop(pair);
}

static void streams(void)
{
    int pair[2];
    make(pair, SOCK_STREAM);
    pid_t const child = fork();
    if (child == 0) {
        close(pair[0]);
        unsigned char buffer[5000];
        unsigned long sum = 0, total = 0;
        ssize_t size;
        while ((size = read(pair[1], buffer, sizeof buffer)) > 0) {
            for (ssize_t i = 0; i < size; ++i) sum = sum * 31 + buffer[i];
            total += (unsigned long)size;
        }
        printf("child: %lu bytes, sum %lx\n", total, sum);
        fflush(stdout);
        CHECK(write(pair[1], "done", 4) == 4);
        _exit(0);
    }
    close(pair[1]);
    for (size_t i = 0; i < sizeof block; ++i) block[i] = (char)(i * 7 + i / 251);
    for (int i = 0; i < 12; ++i) CHECK(write(pair[0], block, sizeof block) == sizeof block);
    struct iovec const parts[3] = {{block, 1000}, {NULL, 0}, {block + 5, 3}};
    CHECK(writev(pair[0], parts, 3) == 1003);
    CHECK(shutdown(pair[0], SHUT_WR) == 0);
    show("write after shutdown", send(pair[0], "x", 1, MSG_NOSIGNAL));
    char answer[8] = "";
    show("answer", recv(pair[0], answer, 4, MSG_WAITALL));
    printf("%s, child %s\n", answer, status_text(wait_for(child)));
    show("end", read(pair[0], answer, 4));
    printf("poll %x\n", poll_bits(pair[0]));
    close(pair[0]);
    // How much fits.
    static int const sizes[] = {1, 100, 1000, 4096, 20000, 65536};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        make(pair, SOCK_STREAM | SOCK_NONBLOCK);
        long total = 0, count = 0, done;
        while ((done = write(pair[0], block, (size_t)sizes[i])) > 0) {
            total += done;
            ++count;
        }
        printf("%d: %ld writes, %ld bytes, %s, poll %x\n", sizes[i], count, total, error_name(errno), poll_bits(pair[0]));
        drop(pair);
    }
}

static int caught;
static void on_signal(int number) { caught = number; }

static void signals(void)
{
    struct sigaction const action = {.sa_handler = on_signal};
    static int const types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    CHECK(sigaction(SIGPIPE, &action, NULL) == 0);
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    for (int i = 0; i < 3; ++i) {
        int pair[2];
        make(pair, types[i]);
        close(pair[1]);
        caught = 0;
        show("no signal", send(pair[0], "x", 1, MSG_NOSIGNAL));
        printf("caught %d\n", caught);
        show("write", write(pair[0], "x", 1));
        printf("caught %d, poll %x\n", caught, poll_bits(pair[0]));
        close(pair[0]);
        // A wait that a signal ends.
        make(pair, types[i]);
        struct itimerval const soon = {{0, 0}, {0, 10000}};
        CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
        show("interrupted", recv(pair[0], block, 1, 0));
        struct timeval const brief = {0, 20000};
        CHECK(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief) == 0);
        show("timeout", recv(pair[0], block, 1, 0));
        show("no wait", recv(pair[0], block, 1, MSG_DONTWAIT));
        drop(pair);
    }
}

// Sends one byte with descriptors.
static ssize_t send_files(int socket, int const* files, int count)
{
    char control[CMSG_SPACE(300 * sizeof(int))];
    memset(control, 0, sizeof control);
    struct iovec vector = {"f", 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control};
    message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
    struct cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    memcpy(CMSG_DATA(header), files, (size_t)count * sizeof(int));
    return syscall(SYS_sendmsg, socket, &message, MSG_NOSIGNAL);
}

// The number of descriptors that came; the first `most` of them.
static int receive_files(int socket, int* files, int most, size_t room, int flags)
{
    char control[CMSG_SPACE(300 * sizeof(int))];
    char byte = 0;
    struct iovec vector = {&byte, 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = room};
    ssize_t const size = syscall(SYS_recvmsg, socket, &message, flags);
    printf("received %zd, flags %x, control %zu", size, message.msg_flags, (size_t)message.msg_controllen);
    int count = 0;
    for (struct cmsghdr* header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        printf(", %d %d of %zu", header->cmsg_level, header->cmsg_type, (size_t)header->cmsg_len);
        if (header->cmsg_type != SCM_RIGHTS) continue;
        int const here = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int i = 0; i < here; ++i) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + (size_t)i * sizeof(int), sizeof descriptor);
            if (count < most) files[count] = descriptor;
            else close(descriptor);
            ++count;
        }
    }
    printf("\n");
    return count;
}

static void files(void)
{
    int pair[2], ends[2], got[4] = {-1, -1, -1, -1};
    make(pair, SOCK_STREAM);
    CHECK(pipe(ends) == 0);
    pid_t const child = fork();
    if (child == 0) {
        int mine[4];
        close(ends[0]);
        close(ends[1]);
        CHECK(receive_files(pair[1], mine, 4, CMSG_SPACE(4 * sizeof(int)), MSG_CMSG_CLOEXEC) == 2);
        printf("close on exec: %d %d\n", fcntl(mine[0], F_GETFD), fcntl(mine[1], F_GETFD));
        fflush(stdout);
        CHECK(write(mine[1], "through a passed pipe", 21) == 21);
        _exit(0);
    }
    CHECK(send_files(pair[0], ends, 2) == 1);
    printf("child %s\n", status_text(wait_for(child)));
    char text[32] = "";
    CHECK(read(ends[0], text, sizeof text - 1) == 21);
    printf("%s\n", text);
    // No room for all; none at all; only looked at; read without a place for them.
    CHECK(send_files(pair[0], ends, 2) == 1);
    printf("%d files\n", receive_files(pair[1], got, 1, CMSG_LEN(sizeof(int)), 0));
    close(got[0]);
    CHECK(send_files(pair[0], ends, 2) == 1);
    printf("%d files\n", receive_files(pair[1], got, 1, 0, 0));
    CHECK(send_files(pair[0], ends, 1) == 1);
    printf("%d files\n", receive_files(pair[1], got, 1, CMSG_SPACE(sizeof(int)), MSG_PEEK));
    close(got[0]);
    printf("%d files\n", receive_files(pair[1], got, 1, CMSG_SPACE(sizeof(int)), 0));
    close(got[0]);
    CHECK(send_files(pair[0], ends, 1) == 1);
    show("read", read(pair[1], text, 8));
    int bad = 99;
    show("bad file", send_files(pair[0], &bad, 1));
    int many[254];
    for (int i = 0; i < 254; ++i) many[i] = ends[0];
    show("254 files", send_files(pair[0], many, 254));
    show("253 files", send_files(pair[0], many, 253));
    printf("%d files\n", receive_files(pair[1], got, 0, CMSG_SPACE(253 * sizeof(int)), 0));
    // The last descriptor may be in a message.
    close(ends[0]);
    CHECK(send_files(pair[0], &ends[1], 1) == 1);
    show("without a reader", write(ends[1], "x", 1));
    close(ends[1]);
    drop(pair);
    // A socket in its own messages goes with its last descriptor: the pipe it holds ends.
    CHECK(pipe(ends) == 0);
    make(pair, SOCK_STREAM);
    int const three[3] = {pair[0], pair[1], ends[1]};
    CHECK(send_files(pair[0], three, 3) == 1);
    CHECK(send_files(pair[1], three, 3) == 1);
    drop(pair);
    close(ends[1]);
    // Linux looks for such sockets when the next one is closed.
    make(pair, SOCK_STREAM);
    drop(pair);
    show("end of the pipe", read(ends[0], text, 1));
    close(ends[0]);
}

static void credentials(void)
{
    int pair[2];
    make(pair, SOCK_DGRAM);
    struct ucred peer;
    socklen_t size = sizeof peer;
    CHECK(getsockopt(pair[0], SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0);
    printf("peer is us: %d %d\n", peer.pid == getpid(), peer.uid == getuid());
    int const on = 1;
    CHECK(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0);
    pid_t const child = fork();
    if (child == 0) {
        CHECK(write(pair[0], "hi", 2) == 2);
        _exit(0);
    }
    wait_for(child);
    char control[CMSG_SPACE(sizeof(struct ucred))];
    struct iovec vector = {block, 10};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    show("receive", recvmsg(pair[1], &message, 0));
    struct cmsghdr* const header = CMSG_FIRSTHDR(&message);
    CHECK(header != NULL);
    memcpy(&peer, CMSG_DATA(header), sizeof peer);
    printf("type %d of %zu, from the child: %d\n", header->cmsg_type, (size_t)header->cmsg_len, peer.pid == child);
    drop(pair);
}

static socklen_t name_of(struct sockaddr_un* address, char const* name, bool is_abstract)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    strcpy(address->sun_path + is_abstract, name);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name) + (size_t)is_abstract);
}

static void show_name(char const* what, int result, struct sockaddr_un const* address, socklen_t size)
{
    if (result < 0) {
        printf("%s: %s\n", what, error_name(errno));
        return;
    }
    printf("%s: %u bytes, family %d, '", what, size, address->sun_family);
    for (socklen_t i = 2; i < size; ++i) putchar(address->sun_path[i - 2] == 0 ? '@' : address->sun_path[i - 2]);
    printf("'\n");
}

static void names(void)
{
    struct sockaddr_un address, other;
    char const* const path = "/tmp/drydock.socket";
    unlink(path);
    int const listener = socket(AF_UNIX, SOCK_STREAM, 0);
    socklen_t size = name_of(&address, path, false);
    show("listen without a name", listen(listener, 1));
    show("connect to nothing", connect(listener, (struct sockaddr*)&address, size));
    show("bind: short", bind(listener, (struct sockaddr*)&address, 1));
    show("bind: long", bind(listener, (struct sockaddr*)&address, 111));
    show("bind: too long", bind(listener, (struct sockaddr*)&address, 129));
    umask(027);
    show("bind", bind(listener, (struct sockaddr*)&address, size + 1));
    show("bind again", bind(listener, (struct sockaddr*)&address, size));
    struct stat status;
    CHECK(lstat(path, &status) == 0);
    printf("mode %o\n", status.st_mode);
    show("open", open(path, O_RDWR));
    int const second = socket(AF_UNIX, SOCK_STREAM, 0);
    show("same name", bind(second, (struct sockaddr*)&address, size));
    show("not listening", connect(second, (struct sockaddr*)&address, size));
    show("listen", listen(listener, 1));
    int const packet = socket(AF_UNIX, SOCK_DGRAM, 0);
    show("other type", connect(packet, (struct sockaddr*)&address, size));
    show("send to other type", sendto(packet, "x", 1, 0, (struct sockaddr*)&address, size));
    pid_t const child = fork();
    if (child == 0) {
        usleep(20000);
        CHECK(connect(second, (struct sockaddr*)&address, size) == 0);
        CHECK(write(second, "client", 6) == 6);
        char answer[16] = "";
        CHECK(read(second, answer, sizeof answer) == 6);
        _exit(strcmp(answer, "server") == 0 ? 0 : 1);
    }
    socklen_t length = sizeof other;
    int const accepted = accept4(listener, (struct sockaddr*)&other, &length, SOCK_CLOEXEC);
    show_name("accepted", accepted, &other, length);
    printf("descriptor flags %d\n", fcntl(accepted, F_GETFD));
    show("read", read(accepted, block, 100));
    length = sizeof other;
    int result = getsockname(accepted, (struct sockaddr*)&other, &length);
    show_name("own name", result, &other, length);
    length = 6;
    memset(&other, 0, sizeof other);
    result = getsockname(listener, (struct sockaddr*)&other, &length);
    printf("cut name: %d, %u, %.4s\n", result, length, other.sun_path);
    struct ucred peer;
    length = sizeof peer;
    CHECK(getsockopt(accepted, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0);
    printf("peer is the child: %d\n", peer.pid == child);
    CHECK(write(accepted, "server", 6) == 6);
    printf("child %s\n", status_text(wait_for(child)));
    unlink(path);
    show("name removed", connect(second, (struct sockaddr*)&address, size));
    close(listener);
    close(accepted);
    close(second);
    // Abstract names are not in the file system.
    char abstract[40];
    snprintf(abstract, sizeof abstract, "drydock.%d", (int)getpid());
    size = name_of(&address, abstract, true);
    CHECK(bind(packet, (struct sockaddr*)&address, size) == 0);
    int const sender = socket(AF_UNIX, SOCK_DGRAM, 0);
    show("send to", sendto(sender, "abstract", 8, 0, (struct sockaddr*)&address, size));
    struct sockaddr_un automatic = {.sun_family = AF_UNIX};
    show("automatic name", bind(sender, (struct sockaddr*)&automatic, sizeof(sa_family_t)));
    show("send named", sendto(sender, "named", 5, 0, (struct sockaddr*)&address, size));
    length = sizeof other;
    show("from nobody", recvfrom(packet, block, 100, 0, (struct sockaddr*)&other, &length));
    printf("name of %u bytes\n", length);
    length = sizeof other;
    show("from somebody", recvfrom(packet, block, 3, MSG_TRUNC, (struct sockaddr*)&other, &length));
    printf("name of %u bytes\n", length);
    close(sender);
    show("nobody there", sendto(packet, "x", 1, 0, (struct sockaddr*)&other, length));
    close(packet);
}

static void options(void)
{
    int pair[2];
    make(pair, SOCK_SEQPACKET);
    static int const numbers[] = {SO_TYPE, SO_DOMAIN, SO_PROTOCOL, SO_ERROR, SO_ACCEPTCONN, SO_SNDBUF, SO_KEEPALIVE, SO_REUSEADDR, SO_RCVLOWAT, SO_SNDLOWAT, SO_PASSCRED, SO_LINGER, 999};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; ++i) {
        int value[2] = {-1, -1};
        socklen_t size = sizeof value;
        int const result = getsockopt(pair[0], SOL_SOCKET, numbers[i], value, &size);
        printf("option %d: %s, %d bytes, %d %d\n", numbers[i], result == 0 ? "0" : error_name(errno), size, value[0], value[1]);
    }
    int value = 10000;
    socklen_t size = 2;
    show("set", setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &value, sizeof value));
    show("short", setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &value, 3));
    show("other level", setsockopt(pair[0], 99, SO_SNDBUF, &value, sizeof value));
    show("unknown", setsockopt(pair[0], SOL_SOCKET, 999, &value, sizeof value));
    show("too large", send(pair[0], block, 20000, 0));
    show("fits", send(pair[0], block, 19900, 0));
    show("short answer", getsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &value, &size));
    printf("%u bytes\n", size);
    drop(pair);
}

static void events(void)
{
    int pair[2];
    make(pair, SOCK_STREAM | SOCK_NONBLOCK);
    int const set = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET};
    CHECK(epoll_ctl(set, EPOLL_CTL_ADD, pair[0], &event) == 0);
    for (int step = 0; step < 9; ++step) {
        int const count = epoll_wait(set, &event, 1, 0);
        printf("step %d: %d, %x\n", step, count, count > 0 ? event.events : 0);
        if (step == 1) CHECK(write(pair[1], "abc", 3) == 3);
        if (step == 2) CHECK(read(pair[0], block, 1) == 1);
        if (step == 3) CHECK(write(pair[1], "d", 1) == 1);
        if (step == 4) CHECK(write(pair[0], "e", 1) == 1);
        if (step == 5) CHECK(read(pair[1], block, 1) == 1);
        if (step == 6) CHECK(shutdown(pair[1], SHUT_WR) == 0);
        if (step == 7) close(pair[1]);
    }
    close(pair[0]);
    close(set);
}

static void batches(void)
{
    int pair[2];
    make(pair, SOCK_DGRAM);
    char texts[3][8] = {"one", "three", "seven.."};
    struct iovec vectors[3];
    struct mmsghdr messages[3];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < 3; ++i) {
        vectors[i] = (struct iovec){texts[i], strlen(texts[i])};
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    show("three at once", sendmmsg(pair[0], messages, 3, 0));
    printf("%u %u %u\n", messages[0].msg_len, messages[1].msg_len, messages[2].msg_len);
    for (int i = 0; i < 3; ++i) vectors[i] = (struct iovec){block + 10 * i, 4};
    show("as many as there are", recvmmsg(pair[1], messages, 3, MSG_WAITFORONE, NULL));
    printf("%u %u %u, flags %x %x %x\n", messages[0].msg_len, messages[1].msg_len, messages[2].msg_len, messages[0].msg_hdr.msg_flags, messages[1].msg_hdr.msg_flags, messages[2].msg_hdr.msg_flags);
    drop(pair);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    making();
    streams();
    signals();
    files();
    credentials();
    names();
    options();
    events();
    batches();
    return 0;
}
