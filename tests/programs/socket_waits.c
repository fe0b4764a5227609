// Who is woken at a local socket that others change: by shutdown(2) of the same socket, by room in
// the queue of the receiver, by a peer that ends a connection of datagrams (unix(7)).
#include "support.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { kPauseMs = 60 };

static void pause_ms(long ms)
{
    struct timespec const time = {0, ms * 1000000};
    nanosleep(&time, NULL);
}

// The child does `wait`, and the parent `act` when it waits. The parent keeps every descriptor open,
// so that nothing else ends the wait.
static void waits(char const* name, int const ends[2], void (*wait)(int const ends[2]),
                  void (*act)(int const ends[2]))
{
    printf("%s: ", name);
    fflush(stdout);
    pid_t const child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        wait(ends);
        fflush(stdout);
        _exit(0);
    }
    pause_ms(kPauseMs);
    act(ends);
    CHECK(waitpid(child, NULL, 0) == child);
}

static void receives(int const ends[2])
{
    char byte;
    errno = 0;
    long const result = recv(ends[0], &byte, 1, 0);
    printf("%ld %s\n", result, error_name(errno));
}

static void polls_for_room(int const ends[2])
{
    struct pollfd place = {.fd = ends[0], .events = POLLOUT};
    printf("%d", poll(&place, 1, -1));
    printf(", room: %d\n", (place.revents & POLLOUT) != 0);
}

static void shuts_the_same(int const ends[2]) { CHECK(shutdown(ends[0], SHUT_RD) == 0); }
static void shuts_the_other(int const ends[2]) { CHECK(shutdown(ends[1], SHUT_WR) == 0); }

static void takes_all(int const ends[2])
{
    char bytes[4096];
    while (recv(ends[1], bytes, sizeof bytes, MSG_DONTWAIT) >= 0) {
    }
}

static void leaves(int const ends[2])
{
    struct sockaddr const nobody = {.sa_family = AF_UNSPEC};
    CHECK(connect(ends[1], &nobody, sizeof nobody) == 0);
}

static void fill(int const ends[2])
{
    char const bytes[64] = {0};
    while (send(ends[0], bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
    }
    CHECK(errno == EAGAIN);
}

// A socket that sends to `name`.
static int sender_to(struct sockaddr_un const* name)
{
    int const file = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(file >= 0 && connect(file, (struct sockaddr const*)name, sizeof *name) == 0);
    return file;
}

// One fills the queue of the receiver, and another waits for room in it.
static void room_that_others_took(void)
{
    struct sockaddr_un const name = {.sun_family = AF_UNIX, .sun_path = "/tmp/socket_waits"};
    unlink(name.sun_path);
    int const receiver = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(receiver >= 0 && bind(receiver, (struct sockaddr const*)&name, sizeof name) == 0);
    int const full[2] = {sender_to(&name), receiver};
    fill(full);
    int const ends[2] = {sender_to(&name), receiver};
    waits("room that others took", ends, polls_for_room, takes_all);
    unlink(name.sun_path);
}

int main(void)
{
    int ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    waits("shut down by another process", ends, receives, shuts_the_same);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    waits("shut down by the peer", ends, receives, shuts_the_other);
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
    fill(ends);
    waits("room at the receiver", ends, polls_for_room, takes_all);
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
    CHECK(send(ends[0], "x", 1, 0) == 1);
    waits("left by the peer", ends, receives, leaves);
    room_that_others_took();
    return 0;
}
