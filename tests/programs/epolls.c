// epoll: level and edge, one-shot, exclusive, duplicates, nesting, ends of files, errors, masks.
#include "support.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

static void show(char const* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %ld\n", what, result);
}

static int control(int set, int operation, int descriptor, uint32_t events, uint64_t data)
{
    struct epoll_event event = {.events = events, .data = {.u64 = data}};
    return epoll_ctl(set, operation, descriptor, &event);
}

// What is ready now, in the order in which it is told.
static void ready(char const* what, int set, int most, int timeout)
{
    struct epoll_event events[16];
    int const count = epoll_wait(set, events, most, timeout);
    printf("%s:", what);
    if (count < 0) printf(" %s", error_name(errno));
    if (count == 0) printf(" none");
    for (int i = 0; i < count; ++i) printf(" %llu=%x", (unsigned long long)events[i].data.u64, events[i].events);
    printf("\n");
}

static void add_one(int counter)
{
    uint64_t const one = 1;
    CHECK(write(counter, &one, 8) == 8);
}

static void take(int counter)
{
    uint64_t value;
    CHECK(read(counter, &value, 8) == 8);
}

static int counter_of(unsigned value) { return eventfd(value, EFD_NONBLOCK); }

static void level(void)
{
    int const set = epoll_create1(0);
    int const counters[3] = {counter_of(0), counter_of(0), counter_of(0)};
    for (int i = 0; i < 3; ++i) CHECK(control(set, EPOLL_CTL_ADD, counters[i], EPOLLIN, (uint64_t)i + 1) == 0);
    ready("nothing", set, 16, 0);
    add_one(counters[1]);
    add_one(counters[0]);
    ready("two", set, 16, 0);
    ready("one at a time", set, 1, 0);
    ready("the other", set, 1, 0);
    ready("the first again", set, 1, 0);
    add_one(counters[2]);
    ready("three", set, 16, 0);
    take(counters[0]);
    ready("two left", set, 16, 0);
    CHECK(control(set, EPOLL_CTL_MOD, counters[1], EPOLLOUT, 20) == 0);
    ready("modified", set, 16, 0);
    CHECK(control(set, EPOLL_CTL_MOD, counters[1], 0, 21) == 0);
    ready("silenced", set, 16, 0);
    CHECK(epoll_ctl(set, EPOLL_CTL_DEL, counters[2], NULL) == 0);
    ready("removed", set, 16, 0);
    ready("times out", set, 16, 20);
    for (int i = 0; i < 3; ++i) close(counters[i]);
    close(set);
}

static void edge(void)
{
    int const set = epoll_create1(0);
    int const counter = counter_of(0);
    CHECK(control(set, EPOLL_CTL_ADD, counter, EPOLLIN | EPOLLOUT | EPOLLET, 5) == 0);
    ready("at first", set, 16, 0);
    ready("not again", set, 16, 0);
    add_one(counter);
    ready("written", set, 16, 0);
    add_one(counter);
    add_one(counter);
    ready("written twice", set, 16, 0);
    ready("not again", set, 16, 0);
    take(counter);
    ready("read", set, 16, 0);
    add_one(counter);
    take(counter);
    ready("written and read", set, 16, 0);
    CHECK(control(set, EPOLL_CTL_MOD, counter, EPOLLIN | EPOLLET, 6) == 0);
    ready("only input", set, 16, 0);
    add_one(counter);
    CHECK(control(set, EPOLL_CTL_MOD, counter, EPOLLIN | EPOLLET, 7) == 0);
    ready("modified", set, 16, 0);
    take(counter);
    ready("read", set, 16, 0);
    close(counter);
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    CHECK(control(set, EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET, 8) == 0);
    CHECK(control(set, EPOLL_CTL_ADD, ends[1], EPOLLOUT | EPOLLET, 9) == 0);
    ready("pipe", set, 16, 0);
    CHECK(write(ends[1], "abcdef", 6) == 6);
    ready("six bytes", set, 16, 0);
    char buffer[65536];
    CHECK(read(ends[0], buffer, 3) == 3);
    ready("three read", set, 16, 0);
    CHECK(write(ends[1], "ghi", 3) == 3);
    ready("three more", set, 16, 0);
    memset(buffer, 'x', sizeof buffer);
    while (write(ends[1], buffer, sizeof buffer) > 0) {}
    ready("full", set, 16, 0);
    CHECK(read(ends[0], buffer, 4096) == 4096);
    ready("room again", set, 16, 0);
    CHECK(read(ends[0], buffer, 4096) == 4096);
    ready("more room", set, 16, 0);
    close(ends[1]);
    ready("no writer", set, 16, 0);
    ready("not again", set, 16, 0);
    close(ends[0]);
    close(set);
}

static void one_shot(void)
{
    int const set = epoll_create1(0);
    int const counter = counter_of(1);
    CHECK(control(set, EPOLL_CTL_ADD, counter, EPOLLIN | EPOLLONESHOT, 5) == 0);
    ready("once", set, 16, 0);
    add_one(counter);
    ready("not again", set, 16, 0);
    CHECK(control(set, EPOLL_CTL_MOD, counter, EPOLLIN | EPOLLOUT | EPOLLONESHOT, 6) == 0);
    ready("armed again", set, 16, 0);
    ready("not again", set, 16, 0);
    show("add again", control(set, EPOLL_CTL_ADD, counter, EPOLLIN, 7));
    close(counter);
    close(set);
    int ends[2];
    CHECK(pipe(ends) == 0);
    int const other = epoll_create(1);
    CHECK(control(other, EPOLL_CTL_ADD, ends[0], EPOLLONESHOT, 5) == 0);
    close(ends[1]);
    ready("end only", other, 16, 0);
    ready("end told", other, 16, 0);
    close(ends[0]);
    close(other);
}

static void files(void)
{
    int const set = epoll_create1(EPOLL_CLOEXEC);
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK(control(set, EPOLL_CTL_ADD, ends[0], EPOLLIN, 1) == 0);
    int const copy = dup(ends[0]);
    CHECK(control(set, EPOLL_CTL_ADD, copy, EPOLLIN | EPOLLRDNORM, 2) == 0);
    show("same again", control(set, EPOLL_CTL_ADD, ends[0], EPOLLIN, 1));
    CHECK(write(ends[1], "x", 1) == 1);
    ready("both", set, 16, 0);
    close(ends[0]);
    // The open file lives on, and so do both entries.
    ready("one closed", set, 16, 0);
    show("remove the closed", epoll_ctl(set, EPOLL_CTL_DEL, ends[0], NULL));
    int const again = dup2(copy, ends[0]);
    show("remove by number and file", epoll_ctl(set, EPOLL_CTL_DEL, again, NULL));
    close(again);
    close(ends[1]);
    ready("hang-up", set, 16, 0);
    close(copy);
    ready("gone", set, 16, 0);
    // A child's copy of the descriptor keeps the file in the set.
    CHECK(pipe(ends) == 0);
    CHECK(control(set, EPOLL_CTL_ADD, ends[0], EPOLLIN, 3) == 0);
    int gate[2];
    CHECK(pipe(gate) == 0);
    pid_t const child = fork();
    if (child == 0) {
        char byte;
        close(gate[1]);
        _exit(read(gate[0], &byte, 1) == 0 ? 0 : 1);
    }
    CHECK(write(ends[1], "y", 1) == 1);
    close(ends[0]);
    ready("held by the child", set, 16, 0);
    close(gate[1]);
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    ready("child gone", set, 16, 0);
    close(gate[0]);
    close(ends[1]);
    close(set);
}

static void errors(void)
{
    int const set = epoll_create1(0);
    int const counter = counter_of(0);
    struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = 1}};
    show("size 0", syscall(SYS_epoll_create, 0));
    show("negative size", syscall(SYS_epoll_create, -1));
    show("flags", epoll_create1(1));
    show("no set", epoll_ctl(99, EPOLL_CTL_ADD, counter, &event));
    show("no file", epoll_ctl(set, EPOLL_CTL_ADD, 99, &event));
    show("file as set", epoll_ctl(counter, EPOLL_CTL_ADD, set, &event));
    show("itself", epoll_ctl(set, EPOLL_CTL_ADD, set, &event));
    show("operation", epoll_ctl(set, 4, counter, &event));
    show("operation 0", epoll_ctl(set, 0, counter, &event));
    show("absent, modify", epoll_ctl(set, EPOLL_CTL_MOD, counter, &event));
    show("absent, remove", epoll_ctl(set, EPOLL_CTL_DEL, counter, NULL));
    show("bad address", epoll_ctl(set, EPOLL_CTL_ADD, counter, (void*)16));
    int const regular = open("/tmp/epoll.file", O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(regular >= 0);
    show("regular file", epoll_ctl(set, EPOLL_CTL_ADD, regular, &event));
    show("regular file, remove", epoll_ctl(set, EPOLL_CTL_DEL, regular, &event));
    unlink("/tmp/epoll.file");
    close(regular);
    int const directory = open("/tmp", O_RDONLY | O_DIRECTORY);
    show("directory", epoll_ctl(set, EPOLL_CTL_ADD, directory, &event));
    close(directory);
    int const path = open("/tmp", O_PATH);
    show("path", epoll_ctl(set, EPOLL_CTL_ADD, path, &event));
    close(path);
    int const null = open("/dev/null", O_RDWR);
    show("/dev/null", epoll_ctl(set, EPOLL_CTL_ADD, null, &event));
    close(null);
    show("wait: no set", epoll_wait(99, &event, 1, 0));
    show("wait: other file", epoll_wait(counter, &event, 1, 0));
    show("wait: no room", epoll_wait(set, &event, 0, 0));
    show("wait: negative room", epoll_wait(set, &event, -1, 0));
    show("wait: too much room", epoll_wait(set, &event, INT32_MAX, 0));
    show("wait: kernel address", epoll_wait(set, (void*)0xffff800000000000, 1, 0));
    show("wait: bad address, empty", epoll_wait(set, (void*)4096, 1, 0));
    add_one(counter);
    CHECK(epoll_ctl(set, EPOLL_CTL_ADD, counter, &event) == 0);
    show("wait: bad address", syscall(SYS_epoll_pwait, set, (void*)4096, 1, 0, NULL, 8));
    ready("still there", set, 16, 0);
    show("read", read(set, &event, sizeof event));
    show("write", write(set, &event, sizeof event));
    printf("status flags %o\n", fcntl(set, F_GETFL));
    char link[64], target[64] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", set);
    CHECK(readlink(link, target, sizeof target - 1) > 0);
    printf("%s\n", target);
    close(counter);
    close(set);
}

static void exclusive(void)
{
    int const set = epoll_create1(0);
    int const inner = epoll_create1(0);
    int const counter = counter_of(1);
    show("modify to exclusive", control(set, EPOLL_CTL_MOD, counter, EPOLLIN | EPOLLEXCLUSIVE, 1));
    show("with one-shot", control(set, EPOLL_CTL_ADD, counter, EPOLLIN | EPOLLONESHOT | EPOLLEXCLUSIVE, 1));
    show("with RDHUP", control(set, EPOLL_CTL_ADD, counter, EPOLLIN | EPOLLRDHUP | EPOLLEXCLUSIVE, 1));
    show("a set", control(set, EPOLL_CTL_ADD, inner, EPOLLIN | EPOLLEXCLUSIVE, 1));
    show("add", control(set, EPOLL_CTL_ADD, counter, EPOLLIN | EPOLLEXCLUSIVE | EPOLLET, 2));
    show("modify", control(set, EPOLL_CTL_MOD, counter, EPOLLIN, 1));
    ready("exclusive", set, 16, 0);
    add_one(counter);
    ready("again", set, 16, 0);
    show("remove", epoll_ctl(set, EPOLL_CTL_DEL, counter, NULL));
    close(counter);
    close(inner);
    close(set);
}

static void nesting(void)
{
    int sets[8];
    for (int i = 0; i < 8; ++i) sets[i] = epoll_create1(0);
    int const counter = counter_of(0);
    // Each set in the one before it.
    for (int i = 0; i < 7; ++i) {
        printf("depth %d: ", i + 1);
        show("add", control(sets[i], EPOLL_CTL_ADD, sets[i + 1], EPOLLIN, (uint64_t)i + 2));
    }
    show("circle of two", control(sets[1], EPOLL_CTL_ADD, sets[0], EPOLLIN, 1));
    show("circle of three", control(sets[2], EPOLL_CTL_ADD, sets[0], EPOLLIN, 1));
    show("circle at the end", control(sets[7], EPOLL_CTL_ADD, sets[5], EPOLLIN, 1));
    show("short cut", control(sets[0], EPOLL_CTL_ADD, sets[2], EPOLLIN | EPOLLET, 33));
    int deepest = 4;
    CHECK(control(sets[deepest], EPOLL_CTL_ADD, counter, EPOLLIN, 9) == 0);
    ready("outermost, quiet", sets[0], 16, 0);
    add_one(counter);
    for (int i = 0; i <= deepest; ++i) ready("after an event", sets[i], 16, 0);
    ready("outermost again", sets[0], 16, 0);
    struct pollfd entry = {sets[0], POLLIN | POLLOUT | POLLRDNORM, 0};
    CHECK(poll(&entry, 1, 0) == 1);
    printf("poll of a set: %x\n", entry.revents);
    take(counter);
    ready("taken", sets[0], 16, 0);
    printf("poll of a quiet set: %d\n", poll(&entry, 1, 0));
    // The innermost set ends: nothing of it is left in the others.
    close(sets[deepest]);
    add_one(counter);
    ready("inner set closed", sets[0], 16, 0);
    CHECK(control(sets[3], EPOLL_CTL_ADD, counter, EPOLLIN | EPOLLET, 10) == 0);
    ready("edge inside", sets[0], 16, 0);
    ready("edge inside, told", sets[3], 16, 0);
    ready("edge outside", sets[0], 16, 0);
    for (int i = 0; i < 8; ++i) {
        if (i != deepest) close(sets[i]);
    }
    close(counter);
}

struct later {
    int counter;
    int set;
    bool adds;
};

static void* act_later(void* argument)
{
    struct later* const later = argument;
    usleep(20000);
    add_one(later->counter);
    if (later->adds) CHECK(control(later->set, EPOLL_CTL_ADD, later->counter, EPOLLIN, 44) == 0);
    return NULL;
}

static void sleeping(void)
{
    pthread_t thread;
    int const set = epoll_create1(0);
    struct later later = {counter_of(0), set, true};
    CHECK(pthread_create(&thread, NULL, act_later, &later) == 0);
    ready("added while waiting", set, 16, -1);
    pthread_join(thread, NULL);
    take(later.counter);
    later.adds = false;
    CHECK(pthread_create(&thread, NULL, act_later, &later) == 0);
    ready("written while waiting", set, 16, 60000);
    pthread_join(thread, NULL);
    // A set that is polled wakes with what is in it.
    take(later.counter);
    CHECK(pthread_create(&thread, NULL, act_later, &later) == 0);
    struct pollfd entry = {set, POLLIN, 0};
    CHECK(poll(&entry, 1, -1) == 1);
    pthread_join(thread, NULL);
    printf("polled: %x\n", entry.revents);
    close(later.counter);
    close(set);
}

static int handled;
static void on_alarm(int number)
{
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    handled = number + (sigismember(&blocked, SIGUSR1) ? 100 : 0);
}

static void masks(void)
{
    int const set = epoll_create1(0);
    struct epoll_event event;
    struct sigaction const action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval const soon = {{0, 0}, {0, 20000}};
    CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
    show("interrupted", epoll_wait(set, &event, 1, -1));
    printf("handled %d\n", handled);
    sigset_t alarm_set, user_set, old;
    sigemptyset(&alarm_set);
    sigaddset(&alarm_set, SIGALRM);
    sigemptyset(&user_set);
    sigaddset(&user_set, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &alarm_set, NULL) == 0);
    raise(SIGALRM);
    handled = 0;
    show("with a mask", epoll_pwait(set, &event, 1, -1, &user_set));
    printf("handled %d\n", handled);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &old) == 0);
    printf("mask is back: %d %d\n", sigismember(&old, SIGALRM), sigismember(&old, SIGUSR1));
    show("wrong size", syscall(SYS_epoll_pwait, set, &event, 1, 0, &user_set, 4));
    show("bad mask", syscall(SYS_epoll_pwait, set, &event, 1, 0, (void*)16, 8));
    struct timespec const bad = {0, 1000000000}, negative = {-1, 0}, brief = {0, 5000000};
    show("pwait2, bad time", syscall(SYS_epoll_pwait2, set, &event, 1, &bad, NULL, 8));
    show("pwait2, negative time", syscall(SYS_epoll_pwait2, set, &event, 1, &negative, NULL, 8));
    show("pwait2, bad address", syscall(SYS_epoll_pwait2, set, &event, 1, (void*)16, NULL, 8));
    show("pwait2, brief", syscall(SYS_epoll_pwait2, set, &event, 1, &brief, NULL, 8));
    int const counter = counter_of(1);
    CHECK(control(set, EPOLL_CTL_ADD, counter, EPOLLIN, 1) == 0);
    show("pwait2, for ever", syscall(SYS_epoll_pwait2, set, &event, 1, NULL, &user_set, 8));
    close(counter);
    close(set);
}

static void many(void)
{
    enum { kMany = 600 };
    static int counters[kMany];
    int const set = epoll_create1(0);
    for (int i = 0; i < kMany; ++i) {
        counters[i] = counter_of(0);
        CHECK(control(set, EPOLL_CTL_ADD, counters[i], EPOLLIN, (uint64_t)i) == 0);
    }
    for (int i = 0; i < kMany; i += 50) add_one(counters[i]);
    ready("some of many", set, 16, 0);
    for (int i = 0; i < kMany; i += 100) CHECK(epoll_ctl(set, EPOLL_CTL_DEL, counters[i], NULL) == 0);
    ready("half of them removed", set, 16, 0);
    for (int i = 0; i < kMany; ++i) close(counters[i]);
    ready("all closed", set, 16, 0);
    close(set);
}

int main(void)
{
    level();
    edge();
    one_shot();
    files();
    errors();
    exclusive();
    nesting();
    sleeping();
    masks();
    many();
    return 0;
}
