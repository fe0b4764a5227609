// sigaction(2), si_code of SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP: why it came and the address of
// the fault or of the instruction.
#include "tests/contracts/contract.h"

#include <setjmp.h>

static sigjmp_buf back;
static siginfo_t last;

static void on_fault(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)context;
    last = *info;
    siglongjmp(back, 1);
}

static char* area(int rights)
{
    char* const memory = mmap(NULL, 4096, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(memory != MAP_FAILED, "mmap");
    return memory;
}

static char* target;

static void touch(void) { (void)*(char volatile*)target; }
static void change(void) { *(char volatile*)target = 1; }
static void call(void) { ((void (*)(void))target)(); }
static void far_away(void) { (void)*(char volatile*)(0x8000000000000000ul); }
static void divide(void)
{
    __asm__ volatile("xorl %%ecx, %%ecx; movl $1, %%eax; cltd; idivl %%ecx" ::
                         : "eax", "ecx", "edx");
}
static void overflow(void)
{
    __asm__ volatile("movl $-1, %%ecx; movl $0x80000000, %%eax; movl $-1, %%edx; idivl %%ecx" ::
                         : "eax", "ecx", "edx");
}
static void undefined(void) { __asm__ volatile("ud2"); }
static void breakpoint(void) { __asm__ volatile("int3"); }
static void privileged(void) { __asm__ volatile("hlt"); }
static void trapping(void) { __asm__ volatile("int $0x20"); }

static void attempt(char const* what, void (*action)(void), void const* address)
{
    memset(&last, 0, sizeof last);
    if (sigsetjmp(back, 1) == 0) {
        action();
        printf("%s: nothing\n", what);
        return;
    }
    char const* where = "elsewhere";
    if (last.si_addr == NULL) where = "at 0";
    if (address != NULL && last.si_addr == address) where = "there";
    printf("%s: signal %d code %d %s\n", what, last.si_signo, last.si_code, where);
    fflush(stdout);
}

int main(void)
{
    struct sigaction const action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    int const all[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    for (int i = 0; i < 5; ++i) sigaction(all[i], &action, NULL);
    target = (char*)0x5000;
    attempt("read where nothing is", touch, target);
    attempt("call where nothing is", call, target);
    target = area(PROT_NONE) + 5;
    attempt("read without right", touch, target);
    target = area(PROT_READ) + 6;
    attempt("write to what is read only", change, target);
    target = area(PROT_READ | PROT_WRITE);
    attempt("run data", call, target);
    attempt("read at no address", far_away, NULL);
    int const file = open("file", O_RDWR | O_CREAT, 0644);
    require(file >= 0 && ftruncate(file, 100) == 0, "file");
    char* const mapped = mmap(NULL, 8192, PROT_READ, MAP_SHARED, file, 0);
    require(mapped != MAP_FAILED, "mmap");
    target = mapped + 200;
    attempt("read behind the end in its page", touch, target);
    target = mapped + 4096;
    attempt("read beyond the last page", touch, target);
    attempt("divide by nothing", divide, NULL);
    attempt("quotient too large", overflow, NULL);
    attempt("undefined", undefined, (void*)undefined);
    attempt("breakpoint", breakpoint, NULL);
    attempt("privileged", privileged, NULL);
    attempt("interrupt", trapping, NULL);
    return 0;
}
