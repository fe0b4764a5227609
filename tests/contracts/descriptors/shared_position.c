// open(2), fork(2): the position and the status flags belong to the open file: shared by copies, by children and by
// those who get the descriptor sent; the descriptor's own flags are not.
#include "tests/contracts/contract.h"

static void send_file(int socket, int file)
{
    char byte = 'x', control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec piece = {&byte, 1};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &file, sizeof file);
    require(sendmsg(socket, &message, 0) == 1, "sendmsg");
}

static int take_file(int socket)
{
    char byte, control[CMSG_SPACE(sizeof(int))] = {0};
    int file = -1;
    struct iovec piece = {&byte, 1};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    require(recvmsg(socket, &message, 0) == 1, "recvmsg");
    memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof file);
    return file;
}

int main(void)
{
    int pair[2];
    char text[8] = {0};
    make_file("f", "0123456789");
    require(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
    int const file = open("f", O_RDWR | O_CLOEXEC);
    send_file(pair[0], file);
    int const sent = take_file(pair[1]);
    show("flag of the sent one", fcntl(sent, F_GETFD));
    lseek(file, 3, SEEK_SET);
    show("its position", lseek(sent, 0, SEEK_CUR));
    show("set append there", fcntl(sent, F_SETFL, O_APPEND));
    show("seen here", (fcntl(file, F_GETFL) & O_APPEND) != 0);
    pid_t const child = fork_child();
    if (child == 0) {
        read(sent, text, 2);
        fcntl(file, F_SETFL, 0);
        fcntl(file, F_SETFD, 0);
        close(sent);
        leave(0);
    }
    show_end("child", child);
    show("position", lseek(file, 0, SEEK_CUR));
    show("append", (fcntl(file, F_GETFL) & O_APPEND) != 0);
    show("flag of the descriptor", fcntl(file, F_GETFD));
    show("still open", read(sent, text, 2));
    printf("%s\n", text);
    close(file);
    show("the copy lives on", lseek(sent, 0, SEEK_CUR));
    return 0;
}
