// fcntl(2), "Managing signals": who is told, with which signal; which files can tell; what is left
// of an owner that has gone. FIOASYNC, and the commands of ioctl(2) for sockets.
#include "tests/contracts/signals/io_support.h"

#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>

static void show_owner(char const* what, int file)
{
    struct owner owner = {-1, -1};
    long const number = fcntl(file, F_GETOWN);
    int const error = errno;
    long const result = fcntl(file, ASK_OWNER_EX, &owner);
    char const* who = "somebody";
    if (owner.pid == 0) who = "nobody";
    if (owner.pid == getpid()) who = "the process";
    printf("%s: %s, type %d, %s, %ld\n",
           what,
           number == -1 && getpid() != 1 ? error_name(error)
           : number == 0                 ? "none"
           : number == getpid()          ? "own"
           : number < 0                  ? "group"
                                         : "other",
           owner.type,
           who,
           result);
    fflush(stdout);
}

static void name_ex(char const* what, int file, int type, int pid)
{
    struct owner const owner = {type, pid};
    show(what, fcntl(file, NAME_OWNER_EX, &owner));
}

static void try_kind(char const* what, int file)
{
    int on = 1, off = 0;
    require(file >= 0, what);
    printf("%s: FIOASYNC %s", what, ioctl(file, FIOASYNC, &on) == 0 ? "ok" : error_name(errno));
    printf(", flag %d", (fcntl(file, F_GETFL) & O_ASYNC) != 0);
    printf(", off %s", ioctl(file, FIOASYNC, &off) == 0 ? "ok" : error_name(errno));
    printf(", F_SETFL %d", fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_ASYNC));
    printf(", flag %d\n", (fcntl(file, F_GETFL) & O_ASYNC) != 0);
    fflush(stdout);
}

int main(void)
{
    block_all();
    int ends[2], pair[2];
    require(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "files");
    int const file = ends[0];
    show_owner("at first", file);
    show("F_GETSIG", fcntl(file, ASK_SIGNAL));
    show("F_SETOWN", fcntl(file, F_SETOWN, getpid()));
    show_owner("a process", file);
    show("a group", fcntl(file, F_SETOWN, -getpgrp()));
    show_owner("a group", file);
    show("nobody there", fcntl(file, F_SETOWN, 30000000));
    show("no group there", fcntl(file, F_SETOWN, -30000000));
    show("the smallest number", fcntl(file, F_SETOWN, (int)0x80000000));
    show_owner("still", file);
    show("none", fcntl(file, F_SETOWN, 0));
    show_owner("none", file);
    name_ex("thread", file, 0, getpid());
    show_owner("thread", file);
    name_ex("process", file, 1, getpid());
    show_owner("process", file);
    name_ex("group", file, 2, getpgrp());
    show_owner("group", file);
    name_ex("group of nobody", file, 2, 30000000);
    name_ex("bad type", file, 3, getpid());
    name_ex("negative type", file, -1, getpid());
    name_ex("negative number", file, 1, -getpid());
    name_ex("none", file, 1, 0);
    show_owner("none", file);
    show("bad address", fcntl(file, NAME_OWNER_EX, 8));
    show("bad address", fcntl(file, ASK_OWNER_EX, 8));
    show("F_SETSIG", fcntl(file, NAME_SIGNAL, 64));
    show("F_SETSIG 65", fcntl(file, NAME_SIGNAL, 65));
    show("F_SETSIG -1", fcntl(file, NAME_SIGNAL, -1));
    show("F_GETSIG", fcntl(file, ASK_SIGNAL));
    show("F_SETSIG 0", fcntl(file, NAME_SIGNAL, 0));
    show("F_GETSIG", fcntl(file, ASK_SIGNAL));
    pid_t const child = fork_child();
    if (child == 0) pause();
    show("a child", fcntl(file, F_SETOWN, child));
    show_owner("a child", file);
    kill(child, SIGKILL);
    wait_for_state(child, 'Z');
    show_owner("a zombie", file);
    show_end("child", child);
    show_owner("gone", file);
    show("nobody any more", fcntl(file, F_SETOWN, child));
    // It is the open file's.
    int const copy = dup(file);
    require(fcntl(copy, F_SETOWN, getpid()) == 0, "dup");
    show_owner("by a copy", file);
    try_kind("pipe, read", ends[0]);
    try_kind("pipe, write", ends[1]);
    try_kind("socket", pair[0]);
    try_kind("regular file", open("file", O_RDWR | O_CREAT, 0600));
    try_kind("folder", open(".", O_RDONLY));
    try_kind("null", open("/dev/null", O_RDWR));
    try_kind("eventfd", eventfd(0, 0));
    try_kind("inotify", inotify_init());
    int const at_open = open("file", O_RDWR | O_ASYNC);
    printf("O_ASYNC at open: %d\n", (fcntl(at_open, F_GETFL) & O_ASYNC) != 0);
    fflush(stdout);
    int number = getpid(), got = 0;
    show("FIOSETOWN of a socket", ioctl(pair[0], 0x8901, &number));
    show_owner("socket", pair[0]);
    number = -getpgrp();
    show("SIOCSPGRP", ioctl(pair[0], 0x8902, &number));
    show("FIOGETOWN", ioctl(pair[0], 0x8903, &got));
    printf("the group: %d\n", got == -getpgrp());
    show("SIOCGPGRP", ioctl(pair[0], 0x8904, &got));
    number = 30000000;
    show("nobody there", ioctl(pair[0], 0x8901, &number));
    show("bad address", ioctl(pair[0], 0x8901, 8));
    show("bad address", ioctl(pair[0], 0x8903, 8));
    show("of a pipe", ioctl(ends[0], 0x8901, &number));
    show("of a file", ioctl(at_open, 0x8903, &got));
    show("bad address of FIOASYNC", ioctl(ends[0], FIOASYNC, 8));
    return 0;
}
