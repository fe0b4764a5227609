// unix(7), SCM_RIGHTS: descriptors arrive as the lowest free ones, of the same open file, closed on
// exec if that is asked for; what does not fit is cut and closed (MSG_CTRUNC); bad ones are EBADF;
// no data, no message on a stream; those that are never taken are closed.
#include "tests/contracts/contract.h"

static long give(int socket, int const* files, int count, size_t bytes)
{
    union {
        char bytes[CMSG_SPACE(300 * sizeof(int))];
        struct cmsghdr header;
    } control;
    memset(&control, 0, sizeof control);
    char data[16] = "data";
    struct iovec vector = {data, bytes};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control};
    message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
    struct cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    memcpy(CMSG_DATA(header), files, (size_t)count * sizeof(int));
    return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int got[300];

static int take(char const* what, int socket, size_t room, int flags)
{
    union {
        char bytes[CMSG_SPACE(300 * sizeof(int))];
        struct cmsghdr header;
    } control;
    memset(&control, 0, sizeof control);
    char data[16];
    struct iovec vector = {data, sizeof data};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control};
    message.msg_controllen = room;
    long const result = recvmsg(socket, &message, flags | MSG_DONTWAIT);
    int const error = errno;
    int count = 0;
    struct cmsghdr* const header = result < 0 ? NULL : CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_type == SCM_RIGHTS) {
        count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(got, CMSG_DATA(header), (size_t)count * sizeof(int));
    }
    errno = error;
    show(what, result);
    if (result >= 0) {
        printf("  descriptors %d, cut %d, size of control %zu\n",
               count,
               (message.msg_flags & MSG_CTRUNC) != 0,
               (size_t)message.msg_controllen);
    }
    fflush(stdout);
    return count;
}

int main(void)
{
    int pair[2];
    require(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
    make_file("file", "0123456789");
    int const file = open("file", O_RDWR);
    show("give one", give(pair[0], &file, 1, 4));
    lseek(file, 7, SEEK_SET);
    require(take("take", pair[1], CMSG_SPACE(sizeof(int)), 0) == 1, "one");
    show("the same open file", lseek(got[0], 0, SEEK_CUR));
    show("not closed on exec", fcntl(got[0], F_GETFD));
    close(got[0]);
    show("give", give(pair[0], &file, 1, 4));
    take("take, closing", pair[1], CMSG_SPACE(sizeof(int)), MSG_CMSG_CLOEXEC);
    show("closed on exec", fcntl(got[0], F_GETFD));
    close(got[0]);
    int const three[] = {file, 0, file};
    show("give three", give(pair[0], three, 3, 4));
    take("room for two", pair[1], CMSG_LEN(2 * sizeof(int)), 0);
    close(got[0]);
    close(got[1]);
    show("give", give(pair[0], three, 3, 4));
    take("no room", pair[1], 0, 0);
    show("give", give(pair[0], three, 3, 4));
    take("room for the head only", pair[1], CMSG_LEN(0), 0);
    int const bad[] = {file, 99};
    show("a closed one", give(pair[0], bad, 2, 4));
    take("nothing came", pair[1], 100, 0);
    show("no data", give(pair[0], &file, 1, 0));
    take("nothing came", pair[1], 100, 0);
    int many[254];
    for (int i = 0; i < 254; ++i) many[i] = file;
    show("253", give(pair[0], many, 253, 4));
    show("254", give(pair[0], many, 254, 4));
    int const count = take("take them", pair[1], CMSG_SPACE(300 * sizeof(int)), 0);
    for (int i = 0; i < count; ++i) close(got[i]);
    show("give two", give(pair[0], three, 2, 4));
    take("look", pair[1], 100, MSG_PEEK);
    close(got[0]);
    close(got[1]);
    take("take", pair[1], 100, 0);
    close(got[0]);
    close(got[1]);
    // A pipe's end that is under way keeps the pipe open until its socket is closed.
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("give the writing end", give(pair[0], &ends[1], 1, 4));
    close(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    char byte;
    show("it is open", read(ends[0], &byte, 1));
    close(pair[1]);
    close(pair[0]);
    show("it is closed", read(ends[0], &byte, 1));
    return 0;
}
