// sendmmsg(2), recvmmsg(2): several messages by one call, with the size of each; an error after the
// first is told by the count; a timeout and MSG_WAITFORONE; what is refused.
#include "tests/contracts/contract.h"

#include <time.h>

static char places[8][16];

static void prepare(struct mmsghdr* messages, struct iovec* vectors, int count)
{
    memset(messages, 0, (size_t)count * sizeof *messages);
    for (int i = 0; i < count; ++i) {
        vectors[i] = (struct iovec){places[i], sizeof places[i]};
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
}

static void put(char const* what, int file, struct mmsghdr* messages, unsigned count)
{
    show(what, syscall(SYS_sendmmsg, file, messages, count, MSG_NOSIGNAL));
}

static void get(char const* what, int file, struct mmsghdr* messages, unsigned count, int flags)
{
    long const result = syscall(SYS_recvmmsg, file, messages, count, flags, NULL);
    show(what, result);
    for (long i = 0; i < result; ++i) {
        printf("  %u \"%.*s\" flags %#x\n",
               messages[i].msg_len,
               (int)messages[i].msg_len,
               places[i],
               messages[i].msg_hdr.msg_flags);
    }
    fflush(stdout);
}

int main(void)
{
    int pair[2];
    require(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "socketpair");
    struct mmsghdr messages[8];
    struct iovec vectors[8];
    prepare(messages, vectors, 8);
    char const* const words[] = {"one", "three", "fifteen letters", ""};
    for (int i = 0; i < 4; ++i) {
        strcpy(places[i], words[i]);
        vectors[i].iov_len = strlen(words[i]);
    }
    put("send four", pair[0], messages, 4);
    for (int i = 0; i < 4; ++i) printf("  sent %u\n", messages[i].msg_len);
    prepare(messages, vectors, 8);
    vectors[1].iov_len = 3;
    get("take two", pair[1], messages, 2, 0);
    get("take the rest", pair[1], messages, 8, MSG_DONTWAIT);
    get("nothing is left", pair[1], messages, 8, MSG_DONTWAIT);
    put("send one", pair[0], messages, 1);
    get("one is enough", pair[1], messages, 8, 0x10000 /* MSG_WAITFORONE */);
    put("send none", pair[0], messages, 0);
    get("take none", pair[1], messages, 0, MSG_DONTWAIT);
    vectors[1].iov_base = (void*)16;
    put("the second is bad", pair[0], messages, 3);
    put("the first is bad", pair[0], messages + 1, 1);
    prepare(messages, vectors, 8);
    get("what came", pair[1], messages, 8, MSG_DONTWAIT);
    put("send two", pair[0], messages, 2);
    vectors[1].iov_base = (void*)16;
    get("the second place is bad", pair[1], messages, 2, MSG_DONTWAIT);
    struct timespec time = {0, 1000000000};
    show("bad time", syscall(SYS_recvmmsg, pair[1], messages, 1, 0, &time));
    time = (struct timespec){-1, 0};
    show("negative time", syscall(SYS_recvmmsg, pair[1], messages, 1, 0, &time));
    show("time at a bad place", syscall(SYS_recvmmsg, pair[1], messages, 1, 0, 16L));
    show("no socket", syscall(SYS_recvmmsg, 1, messages, 1, MSG_DONTWAIT, NULL));
    show("closed", syscall(SYS_sendmmsg, 99, messages, 1, 0));
    show("messages at a bad place", syscall(SYS_sendmmsg, pair[0], 16L, 1, 0));
    return 0;
}
