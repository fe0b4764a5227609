// brk, the stack's growth and what RLIMIT_AS, RLIMIT_DATA and RLIMIT_STACK allow.
#include "support.h"

enum { kPage = 4096, kMega = 1 << 20 };

static void show(const char* what, int ok)
{
    printf("%s: %s\n", what, ok ? "ok" : error_name(errno));
}

static char* break_now(void)
{
    return (char*)syscall(SYS_brk, 0);
}

static int set_break(char* to)
{
    return (char*)syscall(SYS_brk, to) == to;
}

static void breaks(void)
{
    char* const start = break_now();
    printf("grow %d\n", set_break(start + 3 * kPage + 5));
    start[3 * kPage] = 1;
    printf("zero %d\n", start[3 * kPage + 4000 - 4000 + 1]);
    printf("shrink %d\n", set_break(start + kPage));
    printf("grow again %d\n", set_break(start + 4 * kPage));
    printf("zero again %d\n", start[3 * kPage]);
    printf("below the start %d\n", set_break((char*)kPage));
    printf("absurd %d\n", set_break((char*)0x7fffffffffff));
    printf("kernel %d\n", set_break((char*)0xffff800000000000));
    printf("unchanged %d\n", break_now() == start + 4 * kPage);
    // Something in the way.
    char* wall = mmap(start + 64 * kPage, kPage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK(wall != MAP_FAILED);
    printf("to the wall %d, through %d\n", set_break(start + 32 * kPage), set_break(start + 65 * kPage));
    CHECK(munmap(wall, kPage) == 0);
    // A hole inside the heap, then past it.
    CHECK(munmap(start + 8 * kPage, kPage) == 0);
    printf("with a hole %d\n", set_break(start + 40 * kPage));
    start[39 * kPage] = 1;
    printf("back %d\n", set_break(start));
    struct rlimit limit = {16 * kMega, 16 * kMega};
    CHECK(setrlimit(RLIMIT_DATA, &limit) == 0);
    printf("data limit: %d %d\n", set_break(start + 8 * kMega), set_break(start + 17 * kMega));
    void* more = mmap(NULL, 12 * kMega, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("private data", more != MAP_FAILED);
    more = mmap(NULL, 12 * kMega, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("read only", more != MAP_FAILED);
    show("made data", mprotect(more, 12 * kMega, PROT_READ | PROT_WRITE) == 0);
    more = mmap(NULL, 12 * kMega, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    show("shared", more != MAP_FAILED);
}

static void whole(void)
{
    struct rlimit limit = {64 * kMega, 64 * kMega};
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    void* at = mmap(NULL, 48 * kMega, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("48 MiB", at != MAP_FAILED);
    void* more = mmap(NULL, 32 * kMega, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("32 more", more != MAP_FAILED);
    show("over itself", mmap(at, 48 * kMega, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at);
    void* grown = mremap(at, 48 * kMega, 80 * kMega, MREMAP_MAYMOVE);
    show("grown", grown != MAP_FAILED);
    CHECK(munmap(at, 48 * kMega) == 0);
    more = mmap(NULL, 32 * kMega, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("after munmap", more != MAP_FAILED);
    errno = 0;
    printf("brk %d\n", set_break(break_now() + 40 * kMega));
}

static int deep(int levels)
{
    volatile char block[4096];
    block[0] = (char)levels;
    block[4095] = 1;
    return levels == 0 ? block[4095] : deep(levels - 1) + block[4095];
}

// Uses that many KiB of stack.
static int stack_of(int kib)
{
    return deep(kib * 1024 / 4144);
}

static char alternate[16384];

static void on_overflow(int number, siginfo_t* info, void* context)
{
    (void)context;
    char text[64];
    int const size = snprintf(text, sizeof text, "handler: signal %d code %d\n", number, info->si_code);
    (void)!write(1, text, (size_t)size);
    _exit(7);
}

static void in_child(const char* what, void (*body)(void))
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        body();
        fflush(stdout);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s: %s\n", what, status_text(status));
}

static void set_stack(rlim_t bytes)
{
    struct rlimit const limit = {bytes, RLIM_INFINITY};
    CHECK(setrlimit(RLIMIT_STACK, &limit) == 0);
}

static void seven_megabytes(void)
{
    printf("deep %d\n", stack_of(7000) > 0);
}

static void nine_megabytes(void)
{
    stack_of(9000);
}

static void raised(void)
{
    set_stack(32 * kMega);
    printf("deep %d\n", stack_of(20000) > 0);
}

static void lowered(void)
{
    set_stack(kMega);
    stack_of(2000);
}

static void with_handler(void)
{
    stack_t const stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    CHECK(sigaltstack(&stack, NULL) == 0);
    struct sigaction action = {0};
    action.sa_sigaction = on_overflow;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, NULL);
    stack_of(20000);
}

static void without_stack(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_overflow;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);
    stack_of(20000);
}

static void by_kernel(void)
{
    // The kernel's write grows the stack as well.
    char mark;
    char* far = (char*)((uintptr_t)&mark & ~(uintptr_t)4095) - 3 * kMega;
    int ends[2];
    CHECK(pipe(ends) == 0 && write(ends[1], "abc", 3) == 3);
    ssize_t const got = read(ends[0], far, 3);
    printf("into the far stack: %zd %s\n", got, got < 0 ? error_name(errno) : "");
    char* beyond = far - 16 * kMega;
    CHECK(write(ends[1], "abc", 3) == 3);
    ssize_t const none = read(ends[0], beyond, 3);
    printf("beyond: %zd %s\n", none, none < 0 ? error_name(errno) : "");
}

static void guarded(void)
{
    char mark;
    char* wall = (char*)((uintptr_t)&mark & ~(uintptr_t)4095) - 2 * kMega;
    CHECK(mmap(wall, kPage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == wall);
    volatile char* above = wall + kMega + 2 * kPage;
    *above = 1;
    printf("above the gap\n");
    fflush(stdout);
    above = wall + kMega - kPage;
    *above = 1;
    printf("inside the gap\n");
}

int main(void)
{
    set_stack(8 * kMega);
    in_child("breaks", breaks);
    in_child("whole", whole);
    in_child("7 MB", seven_megabytes);
    in_child("9 MB", nine_megabytes);
    in_child("raised", raised);
    in_child("lowered", lowered);
    in_child("handler", with_handler);
    in_child("handler without a stack", without_stack);
    in_child("by the kernel", by_kernel);
    in_child("guard", guarded);
    return 0;
}
