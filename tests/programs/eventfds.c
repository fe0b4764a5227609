// eventfd: the counter, its edges, blocking, semaphores, and every answer of poll about it.
#include "support.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/eventfd.h>

static uint64_t const most = UINT64_MAX - 1;

static void show(char const* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %ld\n", what, result);
}

static int poll_bits(int descriptor)
{
    struct pollfd entry = {descriptor, POLLIN | POLLOUT | POLLPRI | POLLRDHUP | POLLRDNORM | POLLWRNORM, 0};
    int const count = poll(&entry, 1, 0);
    CHECK(count == (entry.revents != 0));
    return entry.revents;
}

static void put(int counter, uint64_t value)
{
    ssize_t const done = write(counter, &value, sizeof value);
    if (done < 0) printf("write %llu: %s", (unsigned long long)value, error_name(errno));
    else printf("write %llu: %zd", (unsigned long long)value, done);
    printf(", poll %x\n", poll_bits(counter));
}

static void get(int counter)
{
    uint64_t value = 77;
    ssize_t const done = read(counter, &value, sizeof value);
    if (done < 0) printf("read: %s", error_name(errno));
    else printf("read: %zd bytes, %llu", done, (unsigned long long)value);
    printf(", poll %x\n", poll_bits(counter));
}

static void values(int flags)
{
    printf("flags %o\n", flags);
    int const counter = eventfd(3, flags | EFD_NONBLOCK);
    CHECK(counter >= 0);
    printf("status flags %o, descriptor flags %d\n", fcntl(counter, F_GETFL), fcntl(counter, F_GETFD));
    printf("fresh: poll %x\n", poll_bits(counter));
    get(counter);
    get(counter);
    get(counter);
    get(counter);
    put(counter, 0);
    put(counter, 1);
    put(counter, UINT64_MAX);
    put(counter, most);
    put(counter, most - 1);
    put(counter, 1);
    get(counter);
    get(counter);
    put(counter, most);
    put(counter, 1);
    get(counter);
    close(counter);
}

static void arguments(void)
{
    show("unknown flag", eventfd(0, 2));
    show("old call", syscall(SYS_eventfd, 5));
    int const counter = eventfd(1, EFD_NONBLOCK);
    char buffer[16];
    show("read of 7", read(counter, buffer, 7));
    show("read of 0", read(counter, buffer, 0));
    show("write of 7", write(counter, buffer, 7));
    show("write of 0", write(counter, buffer, 0));
    show("read of 16", read(counter, buffer, 16));
    memset(buffer, 0, sizeof buffer);
    buffer[0] = 2;
    show("bad address", read(counter, (void*)16, 8));
    show("bad source", write(counter, (void*)16, 8));
    show("pread", pread(counter, buffer, 8, 0));
    show("pwrite", pwrite(counter, buffer, 8, 0));
    show("ftruncate", ftruncate(counter, 0));
    show("mmap", mmap(NULL, 4096, PROT_READ, MAP_SHARED, counter, 0) == MAP_FAILED ? -1 : 0);
    struct stat status;
    CHECK(fstat(counter, &status) == 0);
    printf("mode %o, size %ld\n", status.st_mode, (long)status.st_size);
    char path[64], target[64] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%d", counter);
    CHECK(readlink(path, target, sizeof target - 1) > 0);
    printf("%s\n", target);
    show("open again", open(path, O_RDWR));
    close(counter);
}

// A fault after the value was taken: it is gone.
static void lost(void)
{
    int const counter = eventfd(4, EFD_NONBLOCK);
    show("read to nowhere", read(counter, (void*)4096, 8));
    get(counter);
    close(counter);
}

struct partner {
    int counter;
    uint64_t value;
    bool reads;
};

static void* act_later(void* argument)
{
    struct partner* const partner = argument;
    usleep(20000);
    if (partner->reads) CHECK(read(partner->counter, &partner->value, 8) == 8);
    else CHECK(write(partner->counter, &partner->value, 8) == 8);
    return NULL;
}

static void blocking(void)
{
    pthread_t thread;
    struct partner partner = {eventfd(0, 0), 9, false};
    CHECK(pthread_create(&thread, NULL, act_later, &partner) == 0);
    get(partner.counter);
    pthread_join(thread, NULL);
    put(partner.counter, most);
    partner.reads = true;
    CHECK(pthread_create(&thread, NULL, act_later, &partner) == 0);
    put(partner.counter, 5);
    pthread_join(thread, NULL);
    printf("the other read %llu\n", (unsigned long long)partner.value);
    get(partner.counter);
    // Only as much as fits: a larger value waits while a smaller one goes in.
    put(partner.counter, most - 5);
    fcntl(partner.counter, F_SETFL, O_NONBLOCK);
    put(partner.counter, 6);
    put(partner.counter, 5);
    get(partner.counter);
    close(partner.counter);
}

static void on_alarm(int number) { (void)number; }

static void interrupted(void)
{
    int const counter = eventfd(0, EFD_SEMAPHORE);
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval const soon = {{0, 0}, {0, 20000}};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
    get(counter);
    put(counter, 2);
    // Two processes share the counter.
    pid_t const child = fork();
    if (child == 0) {
        uint64_t value = 0;
        _exit(read(counter, &value, 8) == 8 ? (int)value : 99);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("child: %s\n", status_text(status));
    get(counter);
    close(counter);
}

int main(void)
{
    values(0);
    values(EFD_SEMAPHORE);
    values(EFD_CLOEXEC);
    arguments();
    lost();
    blocking();
    interrupted();
    return 0;
}
