// unix(7), fcntl(2): SCM_CREDENTIALS, SO_PEERCRED and F_GETLK name processes as who asks sees them.
#include "tests/contracts/namespaces/pid_support.h"

static void send_one(int socket)
{
    char byte = 'x';
    struct iovec part = {&byte, 1};
    struct msghdr message = {0};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    require(sendmsg(socket, &message, 0) == 1, "sendmsg");
}

static int receive_one(int socket)
{
    char byte;
    struct iovec part = {&byte, 1};
    char control[128];
    struct msghdr message = {0};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    require(recvmsg(socket, &message, 0) == 1, "recvmsg");
    struct cmsghdr const* const header = CMSG_FIRSTHDR(&message);
    require(header != NULL && header->cmsg_type == SCM_CREDENTIALS, "credentials");
    struct ucred sender;
    memcpy(&sender, CMSG_DATA(header), sizeof sender);
    return sender.pid;
}

static int owner_of(int file)
{
    struct flock lock = {0};
    lock.l_type = F_WRLCK;
    require(fcntl(file, F_GETLK, &lock) == 0, "F_GETLK");
    return lock.l_type == F_UNLCK ? -1 : lock.l_pid;
}

int main(void)
{
    int pair[2];
    require(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "socketpair");
    int const on = 1;
    setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    int const file = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    struct flock lock = {0};
    lock.l_type = F_WRLCK;
    require(fcntl(file, F_SETLK, &lock) == 0, "F_SETLK");
    struct barrier const locked = barrier_make();
    struct barrier const end = barrier_make();
    pid_t const init = clone_init();
    if (init == 0) {
        show("a message from outside", receive_one(pair[1]));
        struct ucred peer;
        socklen_t size = sizeof peer;
        require(getsockopt(pair[1], SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0, "SO_PEERCRED");
        show("the peer", peer.pid);
        show("a lock from outside", owner_of(file));
        send_one(pair[1]);
        int const other = open("other", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        require(fcntl(other, F_SETLK, &lock) == 0, "F_SETLK");
        pid_t const child = fork_child();
        if (child == 0) {
            show("init's lock", owner_of(other));
            int own[2];
            require(socketpair(AF_UNIX, SOCK_STREAM, 0, own) == 0, "socketpair");
            require(getsockopt(own[1], SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0, "SO_PEERCRED");
            show("its own pair", peer.pid);
            leave(0);
        }
        show_end("child", child);
        barrier_signal(&locked);
        barrier_wait(&end);
        leave(0);
    }
    send_one(pair[0]);
    barrier_wait(&locked);
    show("a message from within", receive_one(pair[0]) == init);
    int const other = open("other", O_RDWR | O_CLOEXEC);
    show("a lock from within", owner_of(other) == init);
    barrier_signal(&end);
    show_end("init", init);
    return 0;
}
