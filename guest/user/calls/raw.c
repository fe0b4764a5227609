#include "calls.h"

#include <sys/syscall.h>

long raw_call(long number, uint64_t const* arguments)
{
    long result;
    register uint64_t r10 __asm__("r10") = arguments[3];
    register uint64_t r8 __asm__("r8") = arguments[4];
    register uint64_t r9 __asm__("r9") = arguments[5];
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number),
                       "D"(arguments[0]),
                       "S"(arguments[1]),
                       "d"(arguments[2]),
                       "r"(r10),
                       "r"(r8),
                       "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

// begin_on_stack(number, arguments): a system call whose child comes out on a stack that has entry
// and argument on top.
long begin_on_stack(long number, uint64_t const* arguments);
__asm__(".text\n"
        ".globl begin_on_stack\n"
        "begin_on_stack:\n"
        "    mov %rdi, %rax\n"
        "    mov %rsi, %r11\n"
        "    mov 0(%r11), %rdi\n"
        "    mov 8(%r11), %rsi\n"
        "    mov 16(%r11), %rdx\n"
        "    mov 24(%r11), %r10\n"
        "    mov 32(%r11), %r8\n"
        "    xor %r9d, %r9d\n"
        "    syscall\n"
        "    test %rax, %rax\n"
        "    jz 1f\n"
        "    ret\n"
        "1:  xor %ebp, %ebp\n"
        "    pop %rax\n"
        "    pop %rdi\n"
        "    call *%rax\n"
        "    hlt\n");

static uint64_t push_entry(void* stack, void (*entry)(uint64_t), uint64_t argument)
{
    uint64_t* const top = stack;
    top[-1] = argument;
    top[-2] = (uint64_t)entry;
    return (uint64_t)(top - 2);
}

long raw_clone(uint64_t flags,
               void* stack,
               uint64_t parent_tid,
               uint64_t child_tid,
               uint64_t tls,
               void (*entry)(uint64_t),
               uint64_t argument)
{
    if (stack == NULL) return RAW(SYS_clone, flags, 0, parent_tid, child_tid, tls);
    uint64_t const words[] = {
        flags, push_entry(stack, entry, argument), parent_tid, child_tid, tls};
    return begin_on_stack(SYS_clone, words);
}

// struct clone_args, as far as it is used here (clone(2)).
enum { kStackWord = 5, kStackSizeWord = 6 };

long raw_clone3(void* arguments, size_t size, void (*entry)(uint64_t), uint64_t argument)
{
    uint64_t* const fields = arguments;
    if (fields[kStackWord] != 0) {
        uint64_t const top = fields[kStackWord] + fields[kStackSizeWord];
        fields[kStackSizeWord] = push_entry((void*)top, entry, argument) - fields[kStackWord];
    }
    uint64_t const words[] = {(uint64_t)arguments, size, 0, 0, 0};
    return fields[kStackWord] != 0 ? begin_on_stack(435, words)
                                   : raw_call(435, (uint64_t const[6]){words[0], size});
}

// A handler that returns to the instruction that faulted comes again at once: not for ever.
enum { kMostFaults = 50 };

static void count(int number)
{
    if (number < 1 || number > 64) return;
    __atomic_fetch_add(&shared->signals[number], 1, __ATOMIC_RELAXED);
    int const is_fault = number == 4 || number == 5 || number == 7 || number == 8 || number == 11;
    if (is_fault && __atomic_add_fetch(&shared->faults, 1, __ATOMIC_RELAXED) > kMostFaults)
        RAW(SYS_exit_group, 99);
}

void handler_counts(int number) { count(number); }

void handler_calls(int number)
{
    count(number);
    RAW(SYS_getpid, 0);
    RAW(SYS_sched_yield, 0);
}

// rt_sigreturn(2).
__asm__(".text\n"
        ".globl handler_returns\n"
        "handler_returns:\n"
        "    mov $15, %eax\n"
        "    syscall\n"
        "    hlt\n");
