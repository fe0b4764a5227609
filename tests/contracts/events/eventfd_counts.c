// eventfd(2): the counter is read whole and set to 0, or by ones with EFD_SEMAPHORE; EAGAIN at 0
// and where a sum does not fit; sizes and values that are refused; what poll(2) says.
#include "tests/contracts/contract.h"

#include <poll.h>
#include <sys/eventfd.h>

static int file;

static void put(char const* what, uint64_t value) { show(what, write(file, &value, sizeof value)); }

static void get(char const* what)
{
    uint64_t value = 77;
    show(what, read(file, &value, sizeof value));
    printf("  %llu\n", (unsigned long long)value);
}

static void look(void)
{
    struct pollfd set = {file, POLLIN | POLLOUT, 0};
    poll(&set, 1, 0);
    printf("  poll %#x\n", (unsigned)set.revents);
    fflush(stdout);
}

int main(void)
{
    file = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC);
    get("start");
    look();
    get("nothing left");
    put("2", 2);
    put("5", 5);
    look();
    get("sum");
    put("nothing", 0);
    get("still nothing");
    put("the largest", ~0ull - 1);
    look();
    put("one more", 1);
    put("no more", 0);
    get("full");
    put("all ones", ~0ull);
    uint64_t value[2] = {1, 1};
    show("short write", write(file, value, 7));
    show("short read", read(file, value, 7));
    show("long read", read(file, value, 16));
    show("write from a bad place", syscall(SYS_write, file, 16L, 8L));
    put("1", 1);
    show("read to a bad place", syscall(SYS_read, file, 16L, 8L));
    get("is it lost");
    close(file);
    file = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    get("semaphore");
    get("semaphore");
    get("semaphore");
    put("3", 3);
    get("semaphore");
    look();
    show("flags", eventfd(0, 2));
    show("position", lseek(file, 0, SEEK_CUR));
    show("at a place", pread(file, value, 8, 0));
    show("truncate", ftruncate(file, 0));
    return 0;
}
