// unix(7), SCM_CREDENTIALS, SO_PASSCRED, SO_PEERCRED: who sent it, as the kernel knows it; others'
// ids need rights; SO_PEERCRED says who connected or listened, whatever happens later.
#include "tests/contracts/sockets/local.h"

static long send_as(int socket, pid_t pid, uid_t uid, gid_t gid)
{
    union {
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr header;
    } control;
    memset(&control, 0, sizeof control);
    struct iovec vector = {"x", 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control};
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr* const header = CMSG_FIRSTHDR(&message);
    struct ucred const who = {pid, uid, gid};
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_CREDENTIALS;
    header->cmsg_len = CMSG_LEN(sizeof who);
    memcpy(CMSG_DATA(header), &who, sizeof who);
    return sendmsg(socket, &message, 0);
}

static pid_t self;

static void take(char const* what, int socket)
{
    union {
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr header;
    } control;
    char byte;
    struct iovec vector = {&byte, 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control};
    message.msg_controllen = sizeof control.bytes;
    require(recvmsg(socket, &message, 0) == 1, "recvmsg");
    struct cmsghdr* const header = CMSG_FIRSTHDR(&message);
    if (header == NULL || header->cmsg_type != SCM_CREDENTIALS) {
        printf("%s: nothing\n", what);
    } else {
        struct ucred who;
        memcpy(&who, CMSG_DATA(header), sizeof who);
        printf("%s: pid %s uid %d gid %d\n",
               what,
               who.pid == self ? "own"
               : who.pid == 0  ? "0"
                               : "another",
               (int)who.uid,
               (int)who.gid);
    }
    fflush(stdout);
}

static void peer(char const* what, int socket)
{
    struct ucred who = {-1, 77, 77};
    socklen_t size = sizeof who;
    show(what, getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size));
    printf("  pid %s uid %d gid %d size %u\n",
           who.pid == self ? "own"
           : who.pid == 0  ? "0"
                           : "another",
           (int)who.uid,
           (int)who.gid,
           size);
    fflush(stdout);
}

int main(void)
{
    self = getpid();
    int pair[2];
    require(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "socketpair");
    require(send(pair[0], "x", 1, 0) == 1, "send");
    take("not asked for", pair[1]);
    int const on = 1;
    show("ask", setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
    require(send(pair[0], "x", 1, 0) == 1, "send");
    take("asked before", pair[1]);
    show("own ids", send_as(pair[0], self, 0, 0));
    take("given", pair[1]);
    show("root gives others", send_as(pair[0], getppid(), 5, 6));
    take("others", pair[1]);
    show("a process that is not there", send_as(pair[0], 99999, 0, 0));
    pid_t const child = fork_child();
    if (child == 0) {
        require(setresgid(1000, 1000, 1000) == 0 && setresuid(1000, 1000, 1000) == 0, "ids");
        show("a user gives root", send_as(pair[0], getpid(), 0, 0));
        show("a user gives another process", send_as(pair[0], getppid(), 1000, 1000));
        show("a user gives its own", send_as(pair[0], getpid(), 1000, 1000));
        leave(0);
    }
    show_end("child", child);
    take("of the child", pair[1]);
    peer("pair", pair[0]);
    int const listener = local_socket(SOCK_STREAM);
    peer("not connected", listener);
    require(bind_to(listener, "@credentials") == 0 && listen(listener, 5) == 0, "listen");
    int const client = local_socket(SOCK_STREAM);
    require(connect_to(client, "@credentials") == 0, "connect");
    require(setresgid(8, 8, 8) == 0 && setresuid(9, 9, 9) == 0, "ids");
    peer("the listener's", client);
    peer("who connected", accept(listener, NULL, NULL));
    peer("the pair's stay", pair[0]);
    return 0;
}
