// rt_sigreturn(2), sigaction(2): a handler leaves no trace in the registers, flags, SSE and x87
// state of what it interrupted; it starts with clean control words; what it changes in the context
// is what the program goes on with.
#include "tests/contracts/contract.h"

#include <ucontext.h>

static unsigned in_handler_mxcsr;
static unsigned short in_handler_control;
static int change;

static void on_signal(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)info;
    ucontext_t* const saved = context;
    __asm__ volatile("stmxcsr %0; fnstcw %1" : "=m"(in_handler_mxcsr), "=m"(in_handler_control));
    // Everything that a handler may spoil.
    unsigned const other = 0x1fa0;
    unsigned short const control = 0x0f7f;
    __asm__ volatile("ldmxcsr %0; fldcw %1; pxor %%xmm6, %%xmm6; std; cld; stc"
                     :
                     : "m"(other), "m"(control)
                     : "xmm6", "cc");
    if (change) saved->uc_mcontext.gregs[REG_R12] = 4321;
}

static void run(char const* what, int number)
{
    unsigned const mxcsr = 0x3f80;
    unsigned short const control = 0x027f;
    unsigned mxcsr_after = 0;
    unsigned short control_after = 0;
    unsigned long low = 0, flags = 0, kept = 0;
    double top = 0;
    __asm__ volatile("ldmxcsr %[mxcsr]; fldcw %[control]; fld1; fldpi; faddp\n"
                     "movq $0x1234567, %%rax; movq %%rax, %%xmm6; movq $99, %%r12\n"
                     "movl %[call], %%eax; movq %[pid], %%rdi; movl %[number], %%esi\n"
                     "stc; syscall\n"
                     "pushfq; popq %[flags]\n"
                     "movq %%xmm6, %[low]; movq %%r12, %[kept]\n"
                     "stmxcsr %[after]; fnstcw %[control_after]; fstpl %[top]\n"
                     : [low] "=&r"(low),
                       [flags] "=&r"(flags),
                       [kept] "=&r"(kept),
                       [after] "=m"(mxcsr_after),
                       [control_after] "=m"(control_after),
                       [top] "=m"(top)
                     : [mxcsr] "m"(mxcsr),
                       [control] "m"(control),
                       [call] "i"(SYS_kill),
                       [pid] "r"((long)getpid()),
                       [number] "r"(number)
                     : "rax", "rcx", "rdi", "rsi", "r11", "r12", "xmm6", "memory", "cc");
    unsigned const usual = 0x1f80;
    unsigned short const usual_control = 0x037f;
    __asm__ volatile("ldmxcsr %0; fldcw %1" : : "m"(usual), "m"(usual_control));
    printf("%s: xmm %#lx r12 %lu mxcsr %#x control %#x top %.3f carry %lu\n",
           what,
           low,
           kept,
           mxcsr_after,
           control_after,
           top,
           flags & 1);
    fflush(stdout);
}

int main(void)
{
    struct sigaction const action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    run("no signal", 0);
    run("handled", SIGUSR1);
    printf("in the handler: mxcsr %#x control %#x\n", in_handler_mxcsr, in_handler_control);
    change = 1;
    run("changed in the context", SIGUSR1);
    return 0;
}
