// Registers, flags and floating-point state across signals, forks and switches; which signal each
// exception becomes.
#include "support.h"

#include <fenv.h>
#include <setjmp.h>
#include <ucontext.h>

static sigjmp_buf back;
static void on_fault(int number, siginfo_t* info, void* context)
{
    ucontext_t* const state = context;
    printf("signal %d code %d address %s trap %d error %d\n", number, info->si_code,
           info->si_addr == NULL ? "0" : info->si_addr == (void*)state->uc_mcontext.gregs[REG_RIP] ? "rip" : "other",
           (int)state->uc_mcontext.gregs[REG_TRAPNO], (int)state->uc_mcontext.gregs[REG_ERR]);
    siglongjmp(back, 1);
}

static unsigned get_mxcsr(void)
{
    unsigned value;
    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}
static unsigned get_control(void)
{
    unsigned short value;
    __asm__ volatile("fnstcw %0" : "=m"(value));
    return value;
}
static void set_controls(unsigned mxcsr, unsigned short control) { __asm__ volatile("ldmxcsr %0; fldcw %1" : : "m"(mxcsr), "m"(control)); }

static volatile unsigned seen_mxcsr, seen_control, seen_flags;
static void looks(int number)
{
    (void)number;
    uint64_t flags;
    __asm__ volatile("pushfq; popq %0" : "=r"(flags));
    seen_flags = flags & 0x500;
    seen_mxcsr = get_mxcsr();
    seen_control = get_control();
    set_controls(0x5f80, 0x77f);
    __asm__ volatile("pcmpeqd %%xmm7, %%xmm7; fninit; fld1; fld1" : : : "xmm7");
}

static void across_signals(void)
{
    signal(SIGUSR1, looks);
    set_controls(0x7f80, 0xf7f);
    uint64_t high = 0x1122334455667788, low = 0, pid = (uint64_t)getpid(), flags = 0;
    long double top = 0;
    __asm__ volatile("movq %[high], %%xmm7; fldpi; std; movl $62, %%eax; movq %[pid], %%rdi; movl $10, %%esi; syscall;"
                     "pushfq; popq %[flags]; cld; movq %%xmm7, %[low]; fstpt %[top]"
                     : [low] "=&r"(low), [top] "=m"(top), [flags] "=&r"(flags)
                     : [high] "r"(high), [pid] "r"(pid)
                     : "rax", "rdi", "rsi", "rcx", "r11", "xmm7", "memory", "st");
    printf("in the handler: flags %x mxcsr %x control %x\n", seen_flags, seen_mxcsr, seen_control);
    printf("after: flags %x mxcsr %x control %x xmm %d st %d\n", (unsigned)(flags & 0x500), get_mxcsr(), get_control(), low == high,
           top > 3.14L && top < 3.15L);
    set_controls(0x1f80, 0x37f);
}

static void across_switches(void)
{
    static unsigned const modes[4] = {0x1f80, 0x3f80, 0x5f80, 0x7f80};
    pid_t children[8];
    for (int i = 0; i < 8; ++i) {
        fflush(stdout);
        set_controls(modes[i % 4], (unsigned short)(0x37f | (i % 4) << 10));
        children[i] = fork();
        if (children[i] == 0) {
            int bad = 0;
            double x = 1;
            for (int j = 0; j < 300; ++j) {
                for (volatile int k = 0; k < 2000; ++k) {}
                x = x * 1.0000001 + 1e-9;
                if (get_mxcsr() >> 13 != modes[i % 4] >> 13) ++bad;
                if (get_control() != (0x37fu | (unsigned)(i % 4) << 10)) ++bad;
                if (j % 30 == 0) syscall(SYS_sched_yield);
            }
            _exit(bad != 0);
        }
    }
    set_controls(0x1f80, 0x37f);
    int sum = 0, status;
    for (int i = 0; i < 8; ++i) {
        CHECK(waitpid(children[i], &status, 0) == children[i]);
        sum += status;
    }
    printf("rounding modes mixed up: %d\n", sum);
}

static int steps;
static void on_step(int number, siginfo_t* info, void* context)
{
    ucontext_t* const state = context;
    if (number != SIGTRAP || info->si_code != TRAP_TRACE) printf("odd trap %d %d\n", number, info->si_code);
    if (++steps >= 20) state->uc_mcontext.gregs[REG_EFL] &= ~0x100l;
}

static void single_step(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_step;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGTRAP, &action, NULL);
    __asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; nop; nop; nop; pushfq; andl $~0x100, (%%rsp); popfq; nop; nop" : : : "memory", "cc");
    printf("steps: %d\n", steps);
    steps = 0;
    __asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; movl $39, %%eax; syscall; nop; pushfq; andl $~0x100, (%%rsp); popfq; nop"
                     : : : "rax", "rcx", "r11", "memory", "cc");
    printf("steps over a call: %d\n", steps);
}

#define TRY(text, code) \
    do { \
        printf("%s: ", text); \
        if (sigsetjmp(back, 1) == 0) { \
            __asm__ volatile(code : : : "memory", "rax", "rcx", "rdx", "rbx"); \
            printf("nothing\n"); \
        } \
    } while (0)

static void exceptions(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    stack_t const stack = {malloc(65536), 0, 65536};
    sigaltstack(&stack, NULL);
    int const numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    for (int i = 0; i < 5; ++i) sigaction(numbers[i], &action, NULL);
    TRY("hlt", "hlt");
    TRY("cli", "cli");
    TRY("sti", "sti");
    TRY("in", "inb $0x80, %%al");
    TRY("out", "outb %%al, $0x80");
    TRY("rdmsr", "rdmsr");
    TRY("wrmsr", "wrmsr");
    TRY("invd", "invd");
    TRY("cr0", "movq %%cr0, %%rax");
    TRY("cr3", "movq %%rax, %%cr3");
    TRY("dr7", "movq %%dr7, %%rax");
    TRY("lgdt", "lgdt (%%rsp)");
    TRY("int 0x21", "int $0x21");
    TRY("int 14", "int $14");
    TRY("int 1", "int $1");
    TRY("int 3", "int $3");
    TRY("int3", "int3");
    TRY("int 4", "int $4");
    TRY("ud2", "ud2");
    TRY("swapgs", "swapgs");
    TRY("divide by zero", "xorl %%ecx, %%ecx; xorl %%edx, %%edx; movl $1, %%eax; divl %%ecx");
    TRY("divide overflow", "movl $0x80000000, %%eax; cltd; movl $-1, %%ecx; idivl %%ecx");
    TRY("non-canonical read", "movabsq $0x8000000000000000, %%rax; movq (%%rax), %%rax");
    TRY("non-canonical stack", "movq %%rsp, %%rbx; movabsq $0x8000000000000000, %%rsp; pushq %%rax");
    TRY("kernel read", "movq $-4096, %%rax; movq (%%rax), %%rax");
    TRY("null read", "xorl %%eax, %%eax; movq (%%rax), %%rax");
    TRY("jump to null", "xorl %%eax, %%eax; jmp *%%rax");
    TRY("jump to the kernel", "movq $-4096, %%rax; jmp *%%rax");
    TRY("misaligned sse", "movaps 1(%%rsp), %%xmm0");
    TRY("x87 divide by zero", "fninit; pushq $0x37b; fldcw (%%rsp); popq %%rax; fld1; fldz; fdivrp; fwait");
    __asm__ volatile("fninit");
    TRY("sse divide by zero", "pushq $0x1d80; ldmxcsr (%%rsp); popq %%rax; xorps %%xmm0, %%xmm0; movl $1, %%eax; cvtsi2ss %%eax, %%xmm1; divss %%xmm0, %%xmm1");
    set_controls(0x1f80, 0x37f);
    TRY("sse invalid", "pushq $0x1f00; ldmxcsr (%%rsp); popq %%rax; xorps %%xmm0, %%xmm0; divss %%xmm0, %%xmm0");
    set_controls(0x1f80, 0x37f);
    TRY("bad mxcsr", "pushq $0x40000000; ldmxcsr (%%rsp); popq %%rax");
    for (int i = 0; i < 5; ++i) signal(numbers[i], SIG_DFL);
}

static void clock_cycles(void)
{
    uint64_t last = 0;
    int backwards = 0;
    for (int i = 0; i < 10000; ++i) {
        uint32_t low, high;
        __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
        uint64_t const now = (uint64_t)high << 32 | low;
        backwards += now < last;
        last = now;
        if (i % 1000 == 0) usleep(1);
    }
    printf("rdtsc backwards: %d\n", backwards);
}

static void call_registers(void)
{
    uint64_t rcx, r11, rdx = 5, flags;
    __asm__ volatile("movl $39, %%eax; stc; syscall; movq %%rcx, %0; movq %%r11, %1; movq %%rdx, %2; pushfq; popq %3"
                     : "=&r"(rcx), "=&r"(r11), "+&r"(rdx), "=&r"(flags) : : "rax", "rcx", "r11", "memory", "cc");
    printf("after a call: rdx %d carry %d r11 carry %d rcx in text %d\n", (int)rdx, (int)(flags & 1), (int)(r11 & 1),
           rcx > 0x1000);
    printf("high half of the number: %ld\n", syscall(39ul | 1ul << 40) == getpid() ? 1l : 0l);
    printf("no such call: %ld %s\n", syscall(2000), error_name(errno));
    printf("no such call: %ld %s\n", syscall(-1), error_name(errno));
}

int main(void)
{
    across_signals();
    across_switches();
    single_step();
    exceptions();
    clock_cycles();
    call_registers();
    return 0;
}
