// Tries everything in ring 3 that must not work, each in a process of its own, and prints the signal that
// came of it. The expected column is Linux's answer; the exit status counts the differences.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static int differences;
static int attempts;

static void survive(int status) { _exit(status); }

static void judge(const char* name, int status, int expected)
{
    int const got = WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
    ++attempts;
    if (got == expected) return;
    ++differences;
    printf("%s: expected %d, got %d\n", name, expected, got);
    fflush(stdout);
}

static void try_it(const char* name, int expected, void (*attempt)(void))
{
    pid_t const child = fork();
    if (child == 0) {
        attempt();
        survive(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    judge(name, status, expected);
}

#define ATTEMPT(name, text) \
    static void name(void) { __asm__ volatile(text : : : "rax", "rbx", "rcx", "rdx", "memory", "cc"); }

ATTEMPT(do_nothing, "nop")
ATTEMPT(do_cli, "cli")
ATTEMPT(do_sti, "sti")
ATTEMPT(do_hlt, "hlt")
ATTEMPT(do_in, "inb $0x60, %%al")
ATTEMPT(do_out, "movb $0, %%al\n\toutb %%al, $0xf4")
ATTEMPT(do_out_dx, "movw $0x604, %%dx\n\tmovw $0x2000, %%ax\n\toutw %%ax, %%dx")
ATTEMPT(do_outs, "movw $0xe9, %%dx\n\toutsb")
ATTEMPT(do_lgdt, "lgdt (%%rsp)")
ATTEMPT(do_lidt, "lidt (%%rsp)")
ATTEMPT(do_lldt, "xorl %%eax, %%eax\n\tlldt %%ax")
ATTEMPT(do_ltr, "movw $0x38, %%ax\n\tltr %%ax")
ATTEMPT(do_read_cr0, "movq %%cr0, %%rax")
ATTEMPT(do_read_cr3, "movq %%cr3, %%rax")
ATTEMPT(do_write_cr3, "movq %%rax, %%cr3")
ATTEMPT(do_write_cr4, "movq %%rax, %%cr4")
ATTEMPT(do_read_dr7, "movq %%dr7, %%rax")
ATTEMPT(do_write_dr0, "movq %%rax, %%dr0")
ATTEMPT(do_rdmsr, "movl $0xc0000080, %%ecx\n\trdmsr")
ATTEMPT(do_wrmsr, "movl $0xc0000082, %%ecx\n\twrmsr")
ATTEMPT(do_rdpmc, "xorl %%ecx, %%ecx\n\trdpmc")
ATTEMPT(do_invlpg, "invlpg (%%rsp)")
ATTEMPT(do_wbinvd, "wbinvd")
ATTEMPT(do_invd, "invd")
ATTEMPT(do_clts, "clts")
ATTEMPT(do_lmsw, "lmsw %%ax")
ATTEMPT(do_swapgs, "swapgs")
ATTEMPT(do_sysret, "sysretq")
ATTEMPT(do_sysexit, "sysexit")
ATTEMPT(do_kernel_code, "pushq $0x10\n\tleaq 1f(%%rip), %%rax\n\tpushq %%rax\n\tlretq\n1:")
ATTEMPT(do_kernel_code_rpl3, "pushq $0x13\n\tleaq 1f(%%rip), %%rax\n\tpushq %%rax\n\tlretq\n1:")
ATTEMPT(do_task_gate, "pushq $0x38\n\tleaq 1f(%%rip), %%rax\n\tpushq %%rax\n\tlretq\n1:")
ATTEMPT(do_iret_kernel,
        "movq %%rsp, %%rbx\n\tpushq $0x18\n\tpushq %%rbx\n\tpushfq\n\tpushq $0x10\n\t"
        "leaq 1f(%%rip), %%rax\n\tpushq %%rax\n\tiretq\n1:")
ATTEMPT(do_load_kernel_ds, "movl $0x18, %%eax\n\tmovl %%eax, %%ds")
ATTEMPT(do_load_bad_es, "movl $0x1003, %%eax\n\tmovl %%eax, %%es")
ATTEMPT(do_load_task_fs, "movl $0x3b, %%eax\n\tmovl %%eax, %%fs")
ATTEMPT(do_load_null_ss, "xorl %%eax, %%eax\n\tmovl %%eax, %%ss")
ATTEMPT(do_load_user_ds, "movl $0x2b, %%eax\n\tmovl %%eax, %%ds\n\tmovl %%eax, %%es")
ATTEMPT(do_jump_noncanonical, "movabsq $0x800000000000, %%rax\n\tjmp *%%rax")
ATTEMPT(do_return_noncanonical, "movabsq $0x8000000000000000, %%rax\n\tpushq %%rax\n\tret")
ATTEMPT(do_read_noncanonical, "movabsq $0x800000000000, %%rax\n\tmovb (%%rax), %%al")
ATTEMPT(do_jump_kernel, "movq $0xffffffff80100000, %%rax\n\tjmp *%%rax")
ATTEMPT(do_read_kernel, "movq $0xffffffff80100000, %%rax\n\tmovb (%%rax), %%al")
ATTEMPT(do_read_direct_map, "movabsq $0xffff800000200000, %%rax\n\tmovb (%%rax), %%al")
ATTEMPT(do_write_direct_map, "movabsq $0xffff800000200000, %%rax\n\tmovb %%al, (%%rax)")
ATTEMPT(do_read_stacks, "movabsq $0xffff808000100000, %%rax\n\tmovb (%%rax), %%al")
ATTEMPT(do_read_device, "movq $0xffffffffbfe00000, %%rax\n\tmovb (%%rax), %%al")
ATTEMPT(do_push_at_zero, "xorl %%esp, %%esp\n\tpushq %%rax")
ATTEMPT(do_push_at_kernel, "movq $0xffffffff80164000, %%rsp\n\tpushq %%rax")
ATTEMPT(do_push_noncanonical, "movabsq $0x800000001000, %%rsp\n\tpushq %%rax")
ATTEMPT(do_syscall_at_zero,
        "movq %%rsp, %%rbx\n\txorl %%esp, %%esp\n\tmovl $39, %%eax\n\tsyscall\n\tmovq %%rbx, %%rsp")
ATTEMPT(do_syscall_kernel_stack,
        "movq %%rsp, %%rbx\n\tmovq $0xffffffff80164000, %%rsp\n\tmovl $39, %%eax\n\tsyscall\n\tmovq %%rbx, %%rsp")
ATTEMPT(do_fault_kernel_stack, "movq $0xffffffff80164000, %%rsp\n\tud2")
ATTEMPT(do_syscall_direction, "std\n\tmovl $39, %%eax\n\tsyscall\n\tcld")
ATTEMPT(do_fault_direction, "std\n\tud2")
ATTEMPT(do_syscall_nested_task,
        "pushfq\n\torq $0x4000, (%%rsp)\n\tpopfq\n\tmovl $39, %%eax\n\tsyscall\n\t"
        "pushfq\n\tandq $~0x4000, (%%rsp)\n\tpopfq")
ATTEMPT(do_single_step, "pushfq\n\torq $0x100, (%%rsp)\n\tpopfq\n\tnop\n\tnop")
ATTEMPT(do_step_into_syscall, "movl $39, %%eax\n\tpushfq\n\torq $0x100, (%%rsp)\n\tpopfq\n\tsyscall\n\tnop")
ATTEMPT(do_raise_privilege, "pushfq\n\torq $0x3000, (%%rsp)\n\tpopfq\n\tcli")
ATTEMPT(do_divide, "xorl %%ecx, %%ecx\n\tmovl $1, %%eax\n\tcltd\n\tidivl %%ecx")
ATTEMPT(do_invalid, "ud2")
ATTEMPT(do_breakpoint, "int3")
ATTEMPT(do_icebp, ".byte 0xf1")
ATTEMPT(do_x87,
        "fninit\n\tsubq $16, %%rsp\n\tmovw $0x037b, (%%rsp)\n\tfldcw (%%rsp)\n\tfld1\n\tfldz\n\tfdivrp\n\tfwait\n\t"
        "addq $16, %%rsp")
ATTEMPT(do_simd,
        "subq $16, %%rsp\n\tmovl $0x1d80, (%%rsp)\n\tldmxcsr (%%rsp)\n\tmovl $1, %%eax\n\tcvtsi2sd %%eax, %%xmm0\n\t"
        "xorps %%xmm1, %%xmm1\n\tdivsd %%xmm1, %%xmm0\n\taddq $16, %%rsp")
ATTEMPT(do_bad_mxcsr, "subq $16, %%rsp\n\tmovl $0xffffffff, (%%rsp)\n\tldmxcsr (%%rsp)\n\taddq $16, %%rsp")
ATTEMPT(do_monitor, ".byte 0x0f, 0x01, 0xc8")

static void do_execute_data(void)
{
    static unsigned char code[16] = {0xc3};
    ((void (*)(void))code)();
}

static void do_write_code(void) { *(volatile unsigned char*)(uintptr_t)do_nothing = 0x90; }

static void do_execute_stack(void)
{
    unsigned char volatile code[16] = {0xc3};
    ((void (*)(void))(uintptr_t)code)();
}

// A system call in the last bytes below the non-canonical hole: the kernel gives no page there.
static void do_map_last_page(void)
{
    void* const page = (void*)0x7ffffffff000;
    void* const mapped = mmap(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (mapped != MAP_FAILED) survive(1);
    survive(errno == ENOMEM ? 0 : 2);
}

// Ends of the signal handler with registers of its choice.
static uint64_t new_rip, new_flags, new_cs, new_mxcsr;
static void on_signal(int number, siginfo_t* info, void* argument)
{
    (void)number;
    (void)info;
    ucontext_t* const context = argument;
    if (new_rip != 0) context->uc_mcontext.gregs[REG_RIP] = (greg_t)new_rip;
    if (new_flags != 0) context->uc_mcontext.gregs[REG_EFL] |= (greg_t)new_flags;
    if (new_cs != 0) context->uc_mcontext.gregs[REG_CSGSFS] = (greg_t)new_cs;
    if (new_mxcsr != 0) context->uc_mcontext.fpregs->mxcsr = (uint32_t)new_mxcsr;
    new_rip = 0;
}

static void return_from_signal(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
}

static void do_return_to_hole(void)
{
    new_rip = 0x800000000000;
    return_from_signal();
}
static void do_return_to_kernel(void)
{
    new_rip = 0xffffffff80100000;
    return_from_signal();
}
static void do_return_with_privilege(void)
{
    new_flags = 0x3000 | 0x4000 | 0x20000 | 0x80000 | 0x100000;
    return_from_signal();
    do_cli();
}
static void do_return_with_bad_mxcsr(void)
{
    new_mxcsr = 0xffffffff;
    return_from_signal();
}

static void try_interrupts(void)
{
    unsigned char* const code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int number = 0; number < 256; ++number) {
        if (number == 0x80) continue;  // Linux has its 32-bit system calls there.
        code[0] = 0xcd;
        code[1] = (unsigned char)number;
        code[2] = 0xc3;
        pid_t const child = fork();
        if (child == 0) {
            ((void (*)(void))code)();
            survive(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        char name[32];
        snprintf(name, sizeof(name), "int %d", number);
        judge(name, status, number == 3 ? SIGTRAP : SIGSEGV);
    }
}

// A new program starts with nothing of another's in its registers.
static int check_registers(void)
{
    unsigned char xmm[16][16];
    unsigned char zero[16] = {0};
    struct {
        uint16_t control, pad0, status, pad1, tags, pad2;
        uint32_t rest[4];
    } x87;
#define STORE(number) __asm__ volatile("movups %%xmm" #number ", %0" : "=m"(xmm[number]));
    STORE(15) STORE(14) STORE(13) STORE(12) STORE(11) STORE(10)
    __asm__ volatile("fnstenv %0" : "=m"(x87));
    uint32_t ds = 0, es = 0, fs = 0, gs = 0;
    __asm__ volatile("movl %%ds, %0\n\tmovl %%es, %1\n\tmovl %%fs, %2\n\tmovl %%gs, %3"
                     : "=r"(ds), "=r"(es), "=r"(fs), "=r"(gs));
    int bad = 0;
    for (int i = 10; i < 16; ++i) bad |= memcmp(xmm[i], zero, 16) != 0;
    bad |= x87.control != 0x37f || x87.tags != 0xffff;
    bad |= (ds | es | fs | gs) != 0;
    return bad;
}

static void do_exec_with_registers(void)
{
    __asm__ volatile(
        "movl $0x2b, %%eax\n\tmovl %%eax, %%ds\n\tmovl %%eax, %%es\n\tfldpi\n\tfldpi\n\t"
        "pcmpeqb %%xmm10, %%xmm10\n\tpcmpeqb %%xmm11, %%xmm11\n\tpcmpeqb %%xmm12, %%xmm12\n\t"
        "pcmpeqb %%xmm13, %%xmm13\n\tpcmpeqb %%xmm14, %%xmm14\n\tpcmpeqb %%xmm15, %%xmm15" : : : "rax");
    char* const arguments[] = {"hostile", "registers", NULL};
    char* const environment[] = {NULL};
    execve("/proc/self/exe", arguments, environment);
    survive(3);
}

int main(int count, char** arguments)
{
    if (count > 1 && strcmp(arguments[1], "registers") == 0) return check_registers();
#define FAULTS(name) try_it(#name, SIGSEGV, do_##name);
    try_it("nothing", 0, do_nothing);
    FAULTS(cli) FAULTS(sti) FAULTS(hlt) FAULTS(in) FAULTS(out) FAULTS(out_dx) FAULTS(outs)
    FAULTS(lgdt) FAULTS(lidt) FAULTS(lldt) FAULTS(ltr)
    FAULTS(read_cr0) FAULTS(read_cr3) FAULTS(write_cr3) FAULTS(write_cr4) FAULTS(read_dr7) FAULTS(write_dr0)
    FAULTS(rdmsr) FAULTS(wrmsr) FAULTS(rdpmc) FAULTS(invlpg) FAULTS(wbinvd) FAULTS(invd) FAULTS(clts)
    FAULTS(lmsw) FAULTS(swapgs) FAULTS(sysret) FAULTS(sysexit)
    FAULTS(kernel_code) FAULTS(kernel_code_rpl3) FAULTS(task_gate) FAULTS(iret_kernel)
    FAULTS(load_kernel_ds) FAULTS(load_bad_es) FAULTS(load_task_fs) FAULTS(load_null_ss)
    try_it("load_user_ds", 0, do_load_user_ds);
    FAULTS(jump_noncanonical) FAULTS(return_noncanonical) FAULTS(read_noncanonical)
    FAULTS(jump_kernel) FAULTS(read_kernel) FAULTS(read_direct_map) FAULTS(write_direct_map)
    FAULTS(read_stacks) FAULTS(read_device) FAULTS(push_at_zero) FAULTS(push_at_kernel)
    try_it("push_noncanonical", SIGBUS, do_push_noncanonical);
    try_it("syscall_at_zero", 0, do_syscall_at_zero);
    try_it("syscall_kernel_stack", 0, do_syscall_kernel_stack);
    try_it("fault_kernel_stack", SIGILL, do_fault_kernel_stack);
    try_it("syscall_direction", 0, do_syscall_direction);
    try_it("fault_direction", SIGILL, do_fault_direction);
    try_it("syscall_nested_task", 0, do_syscall_nested_task);
    try_it("single_step", SIGTRAP, do_single_step);
    try_it("step_into_syscall", SIGTRAP, do_step_into_syscall);
    FAULTS(raise_privilege)
    try_it("divide", SIGFPE, do_divide);
    try_it("invalid", SIGILL, do_invalid);
    try_it("breakpoint", SIGTRAP, do_breakpoint);
    try_it("icebp", SIGTRAP, do_icebp);
    try_it("x87", SIGFPE, do_x87);
    try_it("simd", SIGFPE, do_simd);
    try_it("monitor", SIGILL, do_monitor);
    FAULTS(bad_mxcsr)
    FAULTS(execute_data) FAULTS(write_code) FAULTS(execute_stack)
    try_it("map_last_page", 0, do_map_last_page);
    FAULTS(return_to_hole) FAULTS(return_to_kernel) FAULTS(return_with_privilege)
    try_it("exec_with_registers", 0, do_exec_with_registers);
    try_it("return_with_bad_mxcsr", SIGSEGV, do_return_with_bad_mxcsr);
    try_interrupts();
    printf("%d attempts, %d differ\n", attempts, differences);
    return differences > 100 ? 100 : differences;
}
