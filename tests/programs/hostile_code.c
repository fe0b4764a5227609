// Everything in ring 3 that must fault, and what Linux makes of it: signal, code, address, trap number and
// error code. Each attempt is a process of its own. Names in hostile_code.differences are left out
// of comparisons, with the reason.
#include "support.h"

#include <stdarg.h>
#include <stdbool.h>
#include <ucontext.h>

static char const* name_now;
static uintptr_t wanted_address;

static void put(char const* format, ...) __attribute__((format(printf, 1, 2)));
static void put(char const* format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    int const length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (write(1, text, (size_t)length) != length) _exit(9);
}

static uint64_t saved_fs;
static void restore_fs(void)
{
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "0"((long)SYS_arch_prctl), "D"(0x1002l), "S"(saved_fs) : "rcx", "r11", "memory");
}

static void on_fault(int number, siginfo_t* info, void* context)
{
    restore_fs();
    greg_t const* const registers = ((ucontext_t*)context)->uc_mcontext.gregs;
    uintptr_t const address = (uintptr_t)info->si_addr;
    char const* kind = address == 0 ? "0" : address == (uintptr_t)registers[REG_RIP] ? "rip" : address == wanted_address ? "wanted" : "other";
    put("%s: signal %d code %d address %s trap %lld error %llx%s\n", name_now, number, info->si_code, kind, registers[REG_TRAPNO], registers[REG_ERR],
        registers[REG_EFL] & 0x100 ? " TF" : "");
    _exit(0);
}

static void catch_all(void)
{
    static char stack[65536];
    stack_t const alternate = {stack, 0, sizeof stack};
    sigaltstack(&alternate, NULL);
    struct sigaction action = {0};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    int const numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; ++i) sigaction(numbers[i], &action, NULL);
}

static void attempt(char const* name, void (*action)(void))
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        name_now = name;
        catch_all();
        action();
        restore_fs();
        put("%s: nothing\n", name);
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    if (status != 0) put("%s: %s\n", name, status_text(status));
}

#define TRY(name, code) \
    do { \
        void action(void) { __asm__ volatile(code : : : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r11", "r12", "xmm0", "memory", "cc"); } \
        attempt(name, action); \
    } while (0)
// The functions within functions use nothing of the function around them.

static void privileged(void)
{
    TRY("hlt", "hlt");
    TRY("cli", "cli");
    TRY("sti", "sti");
    TRY("lgdt", "lgdt (%%rsp)");
    TRY("lidt", "lidt (%%rsp)");
    TRY("lldt", "xorl %%eax, %%eax; lldt %%ax");
    TRY("ltr", "xorl %%eax, %%eax; ltr %%ax");
    TRY("lmsw", "lmsw %%ax");
    TRY("clts", "clts");
    TRY("invd", "invd");
    TRY("wbinvd", "wbinvd");
    TRY("invlpg", "invlpg (%%rsp)");
    TRY("rdmsr", "movl $0xc0000080, %%ecx; rdmsr");
    TRY("wrmsr", "movl $0xc0000082, %%ecx; wrmsr");
    TRY("rdpmc", "xorl %%ecx, %%ecx; rdpmc");
    TRY("swapgs", "swapgs");
    TRY("sysretq", "sysretq");
    TRY("read cr0", "movq %%cr0, %%rax");
    TRY("read cr2", "movq %%cr2, %%rax");
    TRY("read cr3", "movq %%cr3, %%rax");
    TRY("read cr4", "movq %%cr4, %%rax");
    TRY("read cr8", "movq %%cr8, %%rax");
    TRY("write cr0", "movq %%rax, %%cr0");
    TRY("write cr3", "movq %%rax, %%cr3");
    TRY("write cr8", "movq %%rax, %%cr8");
    TRY("read dr0", "movq %%dr0, %%rax");
    TRY("write dr7", "movq %%rax, %%dr7");
    TRY("in", "inb $0x60, %%al");
    TRY("out", "movb $0, %%al; outb %%al, $0xf4");
    TRY("in dx", "movl $0x3f8, %%edx; inl %%dx, %%eax");
    TRY("out dx", "movl $0x604, %%edx; movl $0x2000, %%eax; outw %%ax, %%dx");
    TRY("ins", "movl $0x60, %%edx; movq %%rsp, %%rdi; insb");
    TRY("rep outs", "movl $0xe9, %%edx; movq %%rsp, %%rsi; movl $4, %%ecx; rep outsb");
    TRY("sysenter", "sysenter");
}

static void tables(void)
{
    TRY("sgdt", "subq $32, %%rsp; sgdt (%%rsp); addq $32, %%rsp");
    TRY("sidt", "subq $32, %%rsp; sidt (%%rsp); addq $32, %%rsp");
    TRY("sldt", "sldt %%eax");
    TRY("smsw", "smsw %%rax");
    TRY("str", "str %%eax");
    for (unsigned value = 0; value < 0x80; ++value) {
        unsigned rights = 1, limit = 1;
        unsigned char has_rights, has_limit, readable, writable;
        __asm__ volatile("lar %[s], %[r]; setz %[a]; lsl %[s], %[l]; setz %[b]; verr %w[s]; setz %[c]; verw %w[s]; setz %[d]"
                         : [r] "+&r"(rights), [l] "+&r"(limit), [a] "=&q"(has_rights), [b] "=&q"(has_limit), [c] "=&q"(readable), [d] "=&q"(writable)
                         : [s] "r"(value) : "cc");
        // 32-bit code is Linux's alone.
        if (value >> 3 == 4 || (!has_rights && !has_limit && !readable && !writable && rights == 1 && limit == 1)) continue;
        printf("selector %x: %d %x %d %x %d %d\n", value, has_rights, rights & 0xf0ff00, has_limit, value >> 3 == 15 ? limit >> 12 : limit, readable, writable);
    }
}

#define LOAD(register, selector) TRY("load " #register " " #selector, "movl $" #selector ", %%eax; movl %%eax, %%" #register)
#define LOAD_ALL(selector) \
    LOAD(ds, selector); \
    LOAD(es, selector); \
    LOAD(fs, selector); \
    LOAD(gs, selector); \
    LOAD(ss, selector)

static void loads(void)
{
    LOAD_ALL(0);
    LOAD_ALL(3);
    LOAD_ALL(0x8);
    LOAD_ALL(0x10);
    LOAD_ALL(0x13);
    LOAD_ALL(0x18);
    LOAD_ALL(0x1b);
    LOAD_ALL(0x28);
    LOAD_ALL(0x2b);
    LOAD_ALL(0x33);
    LOAD_ALL(0x40);
    LOAD_ALL(0x43);
    LOAD_ALL(0x7b);
    LOAD_ALL(0x83);
    LOAD_ALL(0x7);
    LOAD_ALL(0xfffb);
    TRY("load cs", ".byte 0x8e, 0xc8");
    TRY("pop fs", "pushq $0x13; popq %%fs");
    TRY("pop gs", "pushq $0x2b; popq %%gs");
    TRY("lfs", "subq $16, %%rsp; movl $1, (%%rsp); movw $0x18, 4(%%rsp); lfs (%%rsp), %%eax");
    TRY("lss", "subq $16, %%rsp; movl %%esp, (%%rsp); movw $0, 4(%%rsp); lss (%%rsp), %%eax");
    unsigned ds, es, gs, cs, ss;
    __asm__ volatile("movl $0x2b, %%eax; movl %%eax, %%ds; movl %%eax, %%gs; movl $0x33, %%eax; movl %%eax, %%es" : : : "rax");
    syscall(SYS_getpid);
    pid_t const child = fork();
    if (child == 0) {
        __asm__ volatile("movl %%ds, %0; movl %%es, %1; movl %%gs, %2" : "=r"(ds), "=r"(es), "=r"(gs));
        put("in a child: ds %x es %x gs %x\n", ds, es, gs);
        __asm__ volatile("movl %0, %%ds; movl %0, %%gs" : : "r"(0));
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    __asm__ volatile("movl %%ds, %0; movl %%es, %1; movl %%gs, %2; movl %%cs, %3; movl %%ss, %4" : "=r"(ds), "=r"(es), "=r"(gs), "=r"(cs), "=r"(ss));
    put("afterwards: ds %x es %x gs %x cs %x ss %x\n", ds, es, gs, cs, ss);
    __asm__ volatile("movl %0, %%ds; movl %0, %%es; movl %0, %%gs" : : "r"(0));
}

// A far pointer of 32 bits to label 1, in a frame below the red zone.
#define FAR_POINTER(selector) "subq $256, %%rsp; movl $1f, (%%rsp); movw $" #selector ", 4(%%rsp); "
#define FAR_JUMP(selector) TRY("far jump " #selector, FAR_POINTER(selector) "ljmpl *(%%rsp); 1: addq $256, %%rsp")
#define FAR_CALL(selector) TRY("far call " #selector, FAR_POINTER(selector) "lcalll *(%%rsp); 1: addq $264, %%rsp")
#define FAR_RETURN(selector) TRY("far return " #selector, "subq $256, %%rsp; pushq $" #selector "; pushq $1f; lretq; 1: addq $256, %%rsp")
#define RETURN(name, ss, flags, cs, rip) \
    TRY(name, "movq %%rsp, %%rbx; subq $256, %%rsp; pushq $" #ss "; pushq %%rbx; pushfq; orq $" #flags ", (%%rsp); pushq $" #cs "; movq $" rip ", %%rax; pushq %%rax; iretq; 1: nop; nop; movq %%rbx, %%rsp")

static void far_branches(void)
{
    FAR_JUMP(0x33);
    FAR_JUMP(0x30);
    FAR_JUMP(0x10);
    FAR_JUMP(0x2b);
    FAR_JUMP(0x40);
    FAR_JUMP(0x7b);
    FAR_JUMP(0);
    FAR_JUMP(0x1003);
    FAR_CALL(0x33);
    FAR_CALL(0x13);
    FAR_CALL(0);
    FAR_RETURN(0x33);
    FAR_RETURN(0x30);
    FAR_RETURN(0x10);
    FAR_RETURN(0x13);
    FAR_RETURN(0x2b);
    FAR_RETURN(0);
    TRY("far return to the hole", "movq $1, %%rax; shlq $47, %%rax; pushq $0x33; pushq %%rax; lretq");
    TRY("far call and return", "subq $256, %%rsp; movl $2f, (%%rsp); movw $0x33, 4(%%rsp); movq %%rsp, %%rbx; lcalll *(%%rsp); 1: cmpq %%rbx, %%rsp; je 3f; ud2; 2: lretl; 3: addq $256, %%rsp");
    RETURN("iret", 0x2b, 0, 0x33, "1f");
    RETURN("iret to ring 0", 0x18, 0, 0x10, "1f");
    RETURN("iret to kernel code", 0x2b, 0, 0x13, "1f");
    RETURN("iret to data", 0x2b, 0, 0x2b, "1f");
    RETURN("iret to nothing", 0x2b, 0, 0, "1f");
    RETURN("iret to no stack", 0, 0, 0x33, "1f");
    RETURN("iret to a stack of ring 0", 0x28, 0, 0x33, "1f");
    RETURN("iret to a stack of code", 0x33, 0, 0x33, "1f");
    RETURN("iret to the hole", 0x2b, 0, 0x33, "0x800000000000");
    RETURN("iret with TF", 0x2b, 0x100, 0x33, "1f");
    RETURN("iret with IOPL", 0x2b, 0x3000, 0x33, "1f");
    TRY("iret in a nested task", "pushfq; orq $0x4000, (%%rsp); popfq; iretq");
    TRY("I/O after iret with IOPL",
        "movq %%rsp, %%rbx; subq $256, %%rsp; pushq $0x2b; pushq %%rbx; pushfq; orq $0x3000, (%%rsp); pushq $0x33; pushq $1f; iretq; 1: cli");
}

static void addresses(void)
{
    wanted_address = 0xffffffff80100000;
    TRY("read the kernel", "movq $0xffffffff80100000, %%rax; movb (%%rax), %%al");
    TRY("write the kernel", "movq $0xffffffff80100000, %%rax; movb %%al, (%%rax)");
    TRY("jump into the kernel", "movq $0xffffffff80100000, %%rax; jmp *%%rax");
    wanted_address = 0xffff800000200000;
    TRY("read all memory", "movabsq $0xffff800000200000, %%rax; movb (%%rax), %%al");
    TRY("write all memory", "movabsq $0xffff800000200000, %%rax; movb %%al, (%%rax)");
    wanted_address = 0x7fffffffffff;
    TRY("read the last page", "movabsq $0x7fffffffffff, %%rax; movb (%%rax), %%al");
    TRY("read the hole", "movabsq $0x800000000000, %%rax; movb (%%rax), %%al");
    TRY("write the hole", "movabsq $0x8000000000000000, %%rax; movq %%rax, (%%rax)");
    TRY("read across the hole", "movabsq $0x7fffffffffff, %%rax; movq (%%rax), %%rax");
    TRY("jump to the hole", "movabsq $0x800000000000, %%rax; jmp *%%rax");
    TRY("call the hole", "movabsq $0x800000000000, %%rax; call *%%rax");
    TRY("return to the hole", "movabsq $0x800000000000, %%rax; pushq %%rax; ret");
    wanted_address = (uintptr_t)-8;
    TRY("push at 0", "xorl %%esp, %%esp; pushq %%rax");
    TRY("push in the hole", "movabsq $0x800000001000, %%rsp; pushq %%rax");
    TRY("ret in the hole", "movabsq $0x800000001000, %%rsp; ret");
    TRY("rbp in the hole", "movabsq $0x800000001000, %%rbp; movq (%%rbp), %%rax");
    TRY("fault with no stack", "xorl %%esp, %%esp; ud2");
    TRY("call with no stack", "movq %%rsp, %%rbx; xorl %%esp, %%esp; movl $39, %%eax; syscall; movq %%rbx, %%rsp");
    TRY("call with a stack in the hole", "movq %%rsp, %%rbx; movabsq $0x800000001000, %%rsp; movl $39, %%eax; syscall; movq %%rbx, %%rsp");
    TRY("call with rcx in the hole", "movabsq $0x800000000000, %%rcx; movl $39, %%eax; syscall");
    TRY("call with rcx in the kernel", "movq $0xffffffff80100000, %%rcx; movq %%rcx, %%r11; movl $39, %%eax; syscall");
    TRY("execute the stack", "pushq $0xc3; jmp *%%rsp");
    TRY("execute data", "leaq wanted_address(%%rip), %%rax; jmp *%%rax");
    TRY("write the code", "movb $0x90, 1f; 1: nop");
    wanted_address = 8;
    TRY("read at 8", "movl $8, %%eax; movq (%%rax), %%rax");
    TRY("write at 8", "movl $8, %%eax; movq %%rax, (%%rax)");
}

static void flags(void)
{
    TRY("step", "pushfq; orq $0x100, (%%rsp); popfq; nop; nop");
    TRY("step into a call", "movl $39, %%eax; pushfq; orq $0x100, (%%rsp); popfq; syscall; nop");
    TRY("step over popf", "pushfq; pushfq; orq $0x100, (%%rsp); popfq; popfq; nop");
    TRY("step over ud2", "pushfq; orq $0x100, (%%rsp); popfq; ud2");
    TRY("call with DF", "std; movl $39, %%eax; syscall; cld");
    TRY("call with NT", "pushfq; orq $0x4000, (%%rsp); popfq; movl $39, %%eax; syscall; pushfq; andq $~0x4000, (%%rsp); popfq");
    TRY("call with AC", "pushfq; orq $0x40000, (%%rsp); popfq; movl $39, %%eax; syscall; pushfq; andq $~0x40000, (%%rsp); popfq");
    TRY("fault with DF", "std; ud2");
    TRY("fault with AC", "pushfq; orq $0x40000, (%%rsp); popfq; ud2");
    TRY("alignment", "pushfq; orq $0x40000, (%%rsp); popfq; movq 1(%%rsp), %%rax");
    TRY("alignment of a store", "pushfq; orq $0x40000, (%%rsp); popfq; movw %%ax, -31(%%rsp)");
    TRY("I/O privilege by popf", "pushfq; orq $0x3000, (%%rsp); popfq; cli");
}

static void instructions(void)
{
    TRY("ud2", "ud2");
    TRY("ud1", ".byte 0x0f, 0xb9, 0xc0");
    TRY("ud0", ".byte 0x0f, 0xff, 0xc0");
    TRY("into", ".byte 0xce");
    TRY("bound", ".byte 0x62, 0x04, 0x24");
    TRY("push es", ".byte 0x06");
    TRY("aaa", ".byte 0x37");
    TRY("far jump with an address", ".byte 0xea, 0, 0, 0, 0, 0x33, 0");
    TRY("int3", "int3");
    TRY("int 3", ".byte 0xcd, 3");
    TRY("int 4", ".byte 0xcd, 4");
    TRY("icebp", ".byte 0xf1");
    TRY("lock nop", ".byte 0xf0, 0x90");
    TRY("lock mov", ".byte 0xf0, 0x89, 0x04, 0x24");
    TRY("lock add to a register", ".byte 0xf0, 0x01, 0xc0");
    TRY("lock cmp", ".byte 0xf0, 0x39, 0x04, 0x24");
    TRY("lock bt", ".byte 0xf0, 0x0f, 0xa3, 0x04, 0x24");
    TRY("15 bytes", ".byte 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90");
    TRY("16 bytes", ".byte 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90");
    TRY("misaligned cmpxchg16b", "subq $64, %%rsp; andq $-16, %%rsp; lock cmpxchg16b 8(%%rsp)");
    TRY("misaligned movaps", "subq $64, %%rsp; andq $-16, %%rsp; movaps 8(%%rsp), %%xmm0");
    TRY("misaligned paddd", "subq $64, %%rsp; andq $-16, %%rsp; paddd 8(%%rsp), %%xmm0");
    TRY("divide by 0", "xorl %%ecx, %%ecx; movl $1, %%eax; cltd; idivl %%ecx");
    TRY("quotient too large", "movl $0x80000000, %%eax; cltd; movl $-1, %%ecx; idivl %%ecx");
    TRY("x87", "fninit; pushq $0x37b; fldcw (%%rsp); fld1; fldz; fdivrp; fwait");
    TRY("sse", "pushq $0x1d80; ldmxcsr (%%rsp); xorps %%xmm0, %%xmm0; movl $1, %%eax; cvtsi2ss %%eax, %%xmm1; divss %%xmm0, %%xmm1");
    TRY("mxcsr", "pushq $-1; ldmxcsr (%%rsp)");
    TRY("monitor", ".byte 0x0f, 0x01, 0xc8");
}

// A page from which a SYSCALL would return to the first address of the hole: nobody may have it.
static void last_page(void)
{
    void* const page = (void*)0x7ffffffff000;
    void* const mapped = mmap(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    printf("the last page: %s\n", mapped == MAP_FAILED ? strerror(errno) : "mapped");
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        name_now = "call at the end";
        catch_all();
        wanted_address = (uintptr_t)page;
        // The stack may be there: nothing of it is used from the mapping on.
        register long flags __asm__("r10") = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
        register long file __asm__("r8") = -1;
        register long offset __asm__("r9") = 0;
        __asm__ volatile("syscall; movw $0x050f, 4094(%%rdi); leaq 4094(%%rdi), %%rdx; movl $39, %%eax; jmp *%%rdx"
                         :
                         : "a"((long)SYS_mmap), "D"((char*)page - 4096), "S"(4096l), "d"((long)(PROT_READ | PROT_WRITE | PROT_EXEC)), "r"(flags), "r"(file), "r"(offset)
                         : "rcx", "r11", "memory");
        __builtin_unreachable();
    }
    CHECK(waitpid(child, NULL, 0) == child);
}

// A handler that gives its program other registers to go on with.
static uint64_t next_rip, next_rsp, next_flags, next_segments;
static uint32_t next_mxcsr;
static void on_user_signal(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)info;
    ucontext_t* const frame = context;
    greg_t* const registers = frame->uc_mcontext.gregs;
    if (next_rip != 0) registers[REG_RIP] = (greg_t)next_rip;
    if (next_rsp != 0) registers[REG_RSP] = (greg_t)next_rsp;
    if (next_segments != 0) registers[REG_CSGSFS] = (greg_t)next_segments;
    if (next_mxcsr != 0) frame->uc_mcontext.fpregs->mxcsr = next_mxcsr;
    registers[REG_EFL] |= (greg_t)next_flags;
}

static void return_from_handler(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_user_signal;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR1, &action, NULL);
    // The alternate stack is for what comes of it.
    raise(SIGUSR1);
}

static void return_and_close_interrupts(void)
{
    return_from_handler();
    __asm__ volatile("cli");
}

static void try_return(char const* name, uint64_t rip, uint64_t rsp, uint64_t flags, uint64_t segments)
{
    next_rip = rip;
    next_rsp = rsp;
    next_flags = flags;
    next_segments = segments;
    attempt(name, (flags & 0x3000) != 0 ? return_and_close_interrupts : return_from_handler);
    next_rip = next_rsp = next_flags = next_segments = 0;
}

static void handler_returns(void)
{
    try_return("return from a handler", 0, 0, 0, 0);
    try_return("return from a handler to the hole", 0x800000000000, 0, 0, 0);
    try_return("return from a handler to the end", 0x7ffffffff000, 0, 0, 0);
    wanted_address = 0xffffffff80100000;
    try_return("return from a handler into the kernel", wanted_address, 0, 0, 0);
    try_return("return from a handler with a stack in the hole", 0, 0x800000001000, 0, 0);
    try_return("return from a handler with a stack in the kernel", 0, wanted_address, 0, 0);
    try_return("return from a handler with IOPL", 0, 0, 0x3000, 0);
    try_return("return from a handler with NT, VM and VIP", 0, 0, 0x124000, 0);
    try_return("return from a handler with TF", 0, 0, 0x100, 0);
    try_return("return from a handler with code of ring 0", 0, 0, 0, 0x002b000000000010);
    try_return("return from a handler with data for code", 0, 0, 0, 0x002b00000000002b);
    try_return("return from a handler with a stack of ring 0", 0, 0, 0, 0x0018000000000033);
    try_return("return from a handler with code for a stack", 0, 0, 0, 0x0033000000000033);
    next_mxcsr = 0xffffffff;
    try_return("return from a handler with bad mxcsr", 0, 0, 0, 0);
    next_mxcsr = 0;
}

static int odd_interrupts;
static volatile int interrupt_now;
static void on_interrupt(int number, siginfo_t* info, void* context)
{
    greg_t* const registers = ((ucontext_t*)context)->uc_mcontext.gregs;
    bool const is_usual = number == SIGSEGV && info->si_code == SI_KERNEL && info->si_addr == NULL && registers[REG_TRAPNO] == 13 &&
                          registers[REG_ERR] == interrupt_now * 8 + 2;
    if (!is_usual && ++odd_interrupts < 10) put("int %d: signal %d code %d trap %lld error %llx\n", interrupt_now, number, info->si_code, registers[REG_TRAPNO], registers[REG_ERR]);
    registers[REG_RIP] += 2;
}

static void interrupts(void)
{
    unsigned char* const code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction action = {0};
    action.sa_sigaction = on_interrupt;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);
    for (int number = 0; number < 256; ++number) {
        if (number == 3 || number == 4 || number == 0x80) continue;  // 0x80: Linux has its 32-bit system calls there.
        interrupt_now = number;
        memcpy(code, (unsigned char[]){0xcd, (unsigned char)number, 0xc3}, 3);
        ((void (*)(void))code)();
    }
    signal(SIGSEGV, SIG_DFL);
    printf("other interrupts: %d odd\n", odd_interrupts);
}

// All but rax, rcx and r11 are as they were after a system call; those are as SYSCALL leaves them.
static void call_registers(void)
{
    uint64_t before[11], after[11], rcx, r11, expected_rcx, flags;
    for (int i = 0; i < 11; ++i) before[i] = 0x1111111111111111 * (uint64_t)(i + 1);
    __asm__ volatile(
        "pushq %%rbp; pushq %%rbx; movq %[before], %%rax; pushq %[after];"
        "movq (%%rax), %%rdi; movq 8(%%rax), %%rsi; movq 16(%%rax), %%rdx; movq 24(%%rax), %%rbx; movq 32(%%rax), %%r8; movq 40(%%rax), %%r9;"
        "movq 48(%%rax), %%r10; movq 56(%%rax), %%r12; movq 64(%%rax), %%r13; movq 72(%%rax), %%r14; movq 80(%%rax), %%rbp;"
        "movl $39, %%eax; stc; syscall; 1: popq %%rax;"
        "movq %%rdi, (%%rax); movq %%rsi, 8(%%rax); movq %%rdx, 16(%%rax); movq %%rbx, 24(%%rax); movq %%r8, 32(%%rax); movq %%r9, 40(%%rax);"
        "movq %%r10, 48(%%rax); movq %%r12, 56(%%rax); movq %%r13, 64(%%rax); movq %%r14, 72(%%rax); movq %%rbp, 80(%%rax);"
        "pushfq; popq %%rdx; leaq 1b(%%rip), %%rsi; popq %%rbx; popq %%rbp"
        : "=c"(rcx), "=d"(flags), "=S"(expected_rcx)
        : [before] "r"(before), [after] "r"(after)
        : "rax", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "memory", "cc");
    __asm__ volatile("movq $39, %%rax; stc; syscall; movq %%r11, %0" : "=r"(r11) : : "rax", "rcx", "r11", "memory", "cc");
    printf("after a call: registers %s, rcx %s, r11 %llx, carry %d\n", memcmp(before, after, sizeof before) == 0 ? "as before" : "changed",
           rcx == expected_rcx ? "the next instruction" : "odd", (unsigned long long)(r11 & 0xff01), (int)(flags & 1));
}

// Nothing of one process's vector and x87 registers is in another's.
static void other_state(void)
{
    unsigned char xmm[16];
    fflush(stdout);
    for (int i = 0; i < 2; ++i) {
        pid_t const child = fork();
        if (child == 0) {
            if (i == 0) {
                __asm__ volatile("pcmpeqb %%xmm15, %%xmm15; fninit; fldpi; fldpi" : : : "xmm15");
                for (int j = 0; j < 20; ++j) syscall(SYS_sched_yield);
                _exit(0);
            }
            for (int j = 0; j < 20; ++j) syscall(SYS_sched_yield);
            struct {
                uint16_t control, pad0, status, pad1, tags, pad2;
                uint32_t rest[4];
            } x87;
            __asm__ volatile("movups %%xmm15, %0; fnstenv %1" : "=m"(xmm), "=m"(x87));
            int sum = 0;
            for (int j = 0; j < 16; ++j) sum += xmm[j];
            put("another's registers: xmm15 %d x87 %x\n", sum, x87.tags);
            _exit(0);
        }
        if (i == 1) {
            while (wait(NULL) > 0) {}
        }
    }
}

static void results(void)
{
    uint64_t value = 0x1122334455667788, frame[32], rsp, rbp;
    __asm__ volatile(".byte 0x66, 0x0f, 0xc8" : "+a"(value));
    printf("16-bit bswap: %llx\n", (unsigned long long)value);
    for (int i = 0; i < 32; ++i) frame[i] = (uint64_t)i;
    __asm__ volatile("movq %%rsp, %%r12; movq %%rbp, %%r13; leaq 128(%[f]), %%rbp; leaq 248(%[f]), %%rsp; enter $16, $4; movq %%rsp, %%rax; movq %%rbp, %%rdx; movq %%r12, %%rsp; movq %%r13, %%rbp"
                     : "=&a"(rsp), "=&d"(rbp) : [f] "D"(frame) : "r12", "r13", "memory");
    printf("enter: rsp %lld rbp %lld pushed", (long long)(rsp - (uint64_t)frame), (long long)(rbp - (uint64_t)frame));
    for (int i = 30; i >= 26; --i) {
        bool const is_frame = frame[i] == (uint64_t)(frame + 16) || frame[i] == rbp;
        printf(" %s%lld", is_frame ? "frame+" : "", (long long)(is_frame ? frame[i] - (uint64_t)frame : frame[i]));
    }
    printf("\n");
}

int main(void)
{
    __asm__ volatile("movq %%fs:0, %0" : "=r"(saved_fs));
    privileged();
    tables();
    loads();
    far_branches();
    addresses();
    flags();
    instructions();
    last_page();
    handler_returns();
    interrupts();
    call_registers();
    other_state();
    results();
    return 0;
}
