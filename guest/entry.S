// Out to user code and back. GS is never the kernel's: with one processor the entries find their data at
// fixed addresses, so there is no SWAPGS and none of its windows.
//
// Nothing here runs on a thread's kernel stack: SYSCALL stores registers straight into the context and
// continues on the platform stack; interrupts and exceptions from ring 3 arrive on the entry stack or on a
// stack of their own (guest/stacks.h).

#define CONTEXT_RAX 0
#define CONTEXT_RCX 8
#define CONTEXT_RDX 16
#define CONTEXT_RBX 24
#define CONTEXT_RSP 32
#define CONTEXT_RBP 40
#define CONTEXT_RSI 48
#define CONTEXT_RDI 56
#define CONTEXT_R8 64
#define CONTEXT_R9 72
#define CONTEXT_R10 80
#define CONTEXT_R11 88
#define CONTEXT_R12 96
#define CONTEXT_R13 104
#define CONTEXT_R14 112
#define CONTEXT_R15 120
#define CONTEXT_RIP 128
#define CONTEXT_RFLAGS 136
#define USER_DATA 0x2b
#define USER_CODE 0x33
#define EXIT_SYSCALL 256
#define FIRST_INTERRUPT 32

    .text

.macro LOAD_USER_REGISTERS
    movq CONTEXT_RAX(%rdi), %rax
    movq CONTEXT_RDX(%rdi), %rdx
    movq CONTEXT_RBX(%rdi), %rbx
    movq CONTEXT_RBP(%rdi), %rbp
    movq CONTEXT_RSI(%rdi), %rsi
    movq CONTEXT_R8(%rdi), %r8
    movq CONTEXT_R9(%rdi), %r9
    movq CONTEXT_R10(%rdi), %r10
    movq CONTEXT_R12(%rdi), %r12
    movq CONTEXT_R13(%rdi), %r13
    movq CONTEXT_R14(%rdi), %r14
    movq CONTEXT_R15(%rdi), %r15
.endm

// All but rdi, which holds the context, and rsp.
.macro STORE_USER_REGISTERS context
    movq %rax, CONTEXT_RAX(\context)
    movq %rcx, CONTEXT_RCX(\context)
    movq %rdx, CONTEXT_RDX(\context)
    movq %rbx, CONTEXT_RBX(\context)
    movq %rbp, CONTEXT_RBP(\context)
    movq %rsi, CONTEXT_RSI(\context)
    movq %r8, CONTEXT_R8(\context)
    movq %r9, CONTEXT_R9(\context)
    movq %r10, CONTEXT_R10(\context)
    movq %r11, CONTEXT_R11(\context)
    movq %r12, CONTEXT_R12(\context)
    movq %r13, CONTEXT_R13(\context)
    movq %r14, CONTEXT_R14(\context)
    movq %r15, CONTEXT_R15(\context)
.endm

.macro RETURN_TO_PLATFORM
    movq entry_platform_rsp(%rip), %rsp
    popq %rbp
    ret
.endm

// rdi: the context, sil: by SYSRET. Runs user code until it leaves; rax says why (a vector, or EXIT_SYSCALL),
// rdx holds the error code, only rsp and rbp are as before (guest/entry.h).
    .globl drydock_guest_enter_user
    .type drydock_guest_enter_user, @function
drydock_guest_enter_user:
    pushq %rbp
    movq %rdi, entry_context(%rip)
    movq %rsp, entry_platform_rsp(%rip)
    testb %sil, %sil
    jz 1f
    // Only where rcx and r11 are to hold rip and rflags anyway.
    LOAD_USER_REGISTERS
    movq CONTEXT_RIP(%rdi), %rcx
    movq CONTEXT_RFLAGS(%rdi), %r11
    movq CONTEXT_RSP(%rdi), %rsp
    movq CONTEXT_RDI(%rdi), %rdi
    sysretq
1:  pushq $USER_DATA
    pushq CONTEXT_RSP(%rdi)
    pushq CONTEXT_RFLAGS(%rdi)
    pushq $USER_CODE
    pushq CONTEXT_RIP(%rdi)
    LOAD_USER_REGISTERS
    movq CONTEXT_RCX(%rdi), %rcx
    movq CONTEXT_R11(%rdi), %r11
    movq CONTEXT_RDI(%rdi), %rdi
    iretq
    .size drydock_guest_enter_user, . - drydock_guest_enter_user

// SYSCALL: rcx is the user's rip, r11 its flags; DF, IF, TF and AC are clear (MSR_FMASK). The user's
// stack pointer is not trusted with a single store.
    .globl drydock_guest_syscall_entry
    .type drydock_guest_syscall_entry, @function
drydock_guest_syscall_entry:
    movq %rsp, entry_user_rsp(%rip)
    movq entry_context(%rip), %rsp
    STORE_USER_REGISTERS %rsp
    movq %rdi, CONTEXT_RDI(%rsp)
    movq %rcx, CONTEXT_RIP(%rsp)
    movq %r11, CONTEXT_RFLAGS(%rsp)
    movq entry_user_rsp(%rip), %rax
    movq %rax, CONTEXT_RSP(%rsp)
    movl $EXIT_SYSCALL, %eax
    xorl %edx, %edx
    RETURN_TO_PLATFORM
    .size drydock_guest_syscall_entry, . - drydock_guest_syscall_entry

// Every vector's stub leaves this on the stack:
//   0 vector  8 error code  16 rip  24 cs  32 rflags  40 rsp  48 ss
    .type stub_common, @function
stub_common:
    cld
    testb $3, 24(%rsp)
    jz 2f
    pushq %rdi
    movq entry_context(%rip), %rdi
    STORE_USER_REGISTERS %rdi
    popq CONTEXT_RDI(%rdi)
    movq 16(%rsp), %rax
    movq %rax, CONTEXT_RIP(%rdi)
    movq 32(%rsp), %rax
    movq %rax, CONTEXT_RFLAGS(%rdi)
    movq 40(%rsp), %rax
    movq %rax, CONTEXT_RSP(%rdi)
    movq 0(%rsp), %rax
    movq 8(%rsp), %rdx
    RETURN_TO_PLATFORM

2:  cmpl $FIRST_INTERRUPT, 0(%rsp)
    jb 3f
    // An interrupt while idle, on the platform stack.
    pushq %rax
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    movq 72(%rsp), %rdi
    call drydock_guest_idle_interrupt
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rax
    addq $16, %rsp
    iretq

    // The kernel's own fault: the report takes the registers, and nothing returns.
3:  movq %rsp, entry_fault_frame(%rip)
    leaq drydock_guest_report_stack_top(%rip), %rsp
    pushq %r15
    pushq %r14
    pushq %r13
    pushq %r12
    pushq %r11
    pushq %r10
    pushq %r9
    pushq %r8
    pushq %rdi
    pushq %rsi
    pushq %rbp
    pushq $0
    pushq %rbx
    pushq %rdx
    pushq %rcx
    pushq %rax
    movq %rsp, %rdi
    movq entry_fault_frame(%rip), %rsi
    xorl %ebp, %ebp
    call drydock_guest_kernel_exception
    ud2
    .size stub_common, . - stub_common

// Vectors that push an error code: Intel SDM vol. 3, table 6-1.
.macro STUB vector
stub_\vector:
    .if !((\vector == 8) || ((\vector >= 10) && (\vector <= 14)) || (\vector == 17) || (\vector == 21))
    pushq $0
    .endif
    pushq $\vector
    jmp stub_common
.endm

    .altmacro
    .set vector_number, 0
    .rept 64
    STUB %vector_number
    .set vector_number, vector_number + 1
    .endr

    .section .rodata
    .balign 8
    .globl drydock_guest_stubs
drydock_guest_stubs:
.macro STUB_ADDRESS vector
    .quad stub_\vector
.endm
    .set vector_number, 0
    .rept 64
    STUB_ADDRESS %vector_number
    .set vector_number, vector_number + 1
    .endr

    .bss
    .balign 8
entry_context:
    .skip 8
entry_platform_rsp:
    .skip 8
entry_user_rsp:
    .skip 8
entry_fault_frame:
    .skip 8

    .section .note.GNU-stack, "", @progbits
