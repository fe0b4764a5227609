// set_robust_list(2), get_robust_list(2): the kernel marks the locks that a thread holds at its end
// or execve(2) with FUTEX_OWNER_DIED, wakes one that waits, and leaves those of others alone; also
// the one that it was just about to take.
#include "tests/contracts/threads/futex.h"

#include <stddef.h>

enum { kWaiters = 0x80000000, kOwnerDied = 0x40000000 };

struct entry {
    struct entry* next;
    int lock;
};
struct head {
    struct entry* first;
    long offset;
    struct entry* pending;
};
struct memory {
    struct head head;
    struct entry entries[4];
};

static void tell(char const* what, int lock, int owner)
{
    unsigned const bits = (unsigned)lock & (kWaiters | kOwnerDied);
    int const number = lock & 0x3fffffff;
    printf("%s: %s%s%s\n",
           what,
           bits & kOwnerDied ? "died " : "",
           bits & kWaiters ? "waited " : "",
           number == 0       ? "nobody"
           : number == owner ? "its number"
                             : "another");
    fflush(stdout);
}

static void hold(struct memory* memory, int number)
{
    struct head* const head = &memory->head;
    for (int i = 0; i < 3; ++i) {
        memory->entries[i].next = i < 2 ? &memory->entries[i + 1] : (struct entry*)head;
    }
    memory->entries[0].lock = number;
    memory->entries[1].lock = (int)((unsigned)number | kWaiters);
    memory->entries[2].lock = 1;
    memory->entries[3].lock = number;
    *head = (struct head){&memory->entries[0], offsetof(struct entry, lock), &memory->entries[3]};
    require(syscall(SYS_set_robust_list, head, sizeof *head) == 0, "set_robust_list");
}

int main(int count, char** words)
{
    (void)words;
    if (count > 1) return 6;
    struct head none = {(struct entry*)&none, 0, NULL};
    show("wrong size", syscall(SYS_set_robust_list, &none, sizeof none + 1));
    show("no size", syscall(SYS_set_robust_list, &none, 0));
    void* list = NULL;
    size_t size = 0;
    show("set", syscall(SYS_set_robust_list, &none, sizeof none));
    show("get", syscall(SYS_get_robust_list, 0, &list, &size));
    show("  is it", list == &none && size == sizeof none);
    show("of nobody", syscall(SYS_get_robust_list, 99999, &list, &size));
    show("at a bad place", syscall(SYS_get_robust_list, 0, 16L, &size));
    struct memory* const memory =
        mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(memory != MAP_FAILED, "mmap");
    char const* const ways[] = {"exit", "killed", "exec"};
    for (int way = 0; way < 3; ++way) {
        struct barrier const ready = barrier_make();
        struct barrier const go = barrier_make();
        pid_t const child = fork_child();
        if (child == 0) {
            hold(memory, (int)syscall(SYS_gettid));
            barrier_signal(&ready);
            barrier_wait(&go);
            if (way == 0) _exit(4);
            if (way == 1) raise(SIGKILL);
            execl("/proc/self/exe", "again", "x", NULL);
            _exit(1);
        }
        barrier_wait(&ready);
        struct sleeper sleeper = {.word = &memory->entries[1].lock,
                                  .value = (unsigned)memory->entries[1].lock};
        start_sleeper(&sleeper);
        barrier_signal(&go);
        show_end(ways[way], child);
        end_sleeper("  waited", &sleeper);
        tell("  held", memory->entries[0].lock, child);
        tell("  held and waited for", memory->entries[1].lock, child);
        tell("  another's", memory->entries[2].lock, child);
        tell("  about to be taken", memory->entries[3].lock, child);
    }
    pid_t const child = fork_child();
    if (child == 0) {
        // A list that leads nowhere is given up quietly.
        hold(memory, (int)syscall(SYS_gettid));
        memory->entries[0].next = (struct entry*)16;
        leave(3);
    }
    show_end("broken list", child);
    tell("  held before", memory->entries[0].lock, child);
    tell("  held behind", memory->entries[1].lock, child);
    return 0;
}
