// Out to user code and back. GS is never the kernel's: with one processor the entries find their data at
// fixed addresses, so there is no SWAPGS and none of its windows.
//
// Platform::run_user() is all of this file but for its slow parts, which are the machine's: what nothing has
// changed since the last SYSCALL goes back to user code without them. While user code runs, the kernel's
// callee-saved registers are in the platform's state (guest/platform_state.h names the offsets) and its stack
// holds a return address and a frame pointer. SYSCALL stores registers straight into the context; interrupts
// and exceptions from ring 3 arrive on the entry stack or on a stack of their own (guest/stacks.h) and are
// looked at on the platform stack.

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
#define CONTEXT_FLOATING_POINT 160
#define CONTEXT_DATA_SELECTORS 672
#define CONTEXT_BASE_CHANGES 680
#define PLATFORM_IMPLEMENTATION 8
#define STATE_PLATFORM_STACK_TOP 0
#define STATE_KERNEL_STACK_POINTER 8
#define STATE_QUICK_CONTEXT 40
#define STATE_QUICK_ROOT 48
#define STATE_QUICK_BASE_CHANGES 56
#define STATE_DEADLINE 64
#define STATE_ARMED 72
#define STATE_USER_COUNTS 80
#define STATE_RBX 88
#define STATE_R12 96
#define STATE_R13 104
#define STATE_R14 112
#define STATE_R15 120
#define STATE_TRAP 128
#define USER_DATA 0x2b
#define USER_CODE 0x33
#define FIRST_INTERRUPT 32
#define BY_IRET 0
#define BY_SYSRET 1
// Flags that SYSRET may give to user code: all that it can set but TF, and IF and the reserved bit.
#define SYSRET_FLAGS 0x244ed7
#define FORCED_FLAGS 0x202
#define USER_ADDRESS_BITS 47

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

// rbx: the state. Leaves the sum in user_counts; rax and rdx are lost.
.macro COUNT_USER_TIME operation
    rdtsc
    shlq $32, %rdx
    orq %rdx, %rax
    \operation %rax, STATE_USER_COUNTS(%rbx)
.endm

// rbx: the state. To the kernel, which finds its Trap in rax and rdx.
.macro RETURN_TO_KERNEL
    movq STATE_KERNEL_STACK_POINTER(%rbx), %rsp
    movq STATE_R12(%rbx), %r12
    movq STATE_R13(%rbx), %r13
    movq STATE_R14(%rbx), %r14
    movq STATE_R15(%rbx), %r15
    movq STATE_RBX(%rbx), %rbx
    popq %rbp
    ret
.endm

// Trap Platform::run_user(UserContext& context, PhysAddr root)
    .globl _ZN7drydock8Platform8run_userERNS_8X86StateENS_8PhysAddrE
    .type _ZN7drydock8Platform8run_userERNS_8X86StateENS_8PhysAddrE, @function
_ZN7drydock8Platform8run_userERNS_8X86StateENS_8PhysAddrE:
    pushq %rbp
    movq PLATFORM_IMPLEMENTATION(%rdi), %rdi
    movq %rsp, STATE_KERNEL_STACK_POINTER(%rdi)
    movq %rbx, STATE_RBX(%rdi)
    movq %r12, STATE_R12(%rdi)
    movq %r13, STATE_R13(%rdi)
    movq %r14, STATE_R14(%rdi)
    movq %r15, STATE_R15(%rdi)
    cmpq %rsi, STATE_QUICK_CONTEXT(%rdi)
    jne prepare_user
    cmpq %rdx, STATE_QUICK_ROOT(%rdi)
    jne prepare_user
    movq CONTEXT_BASE_CHANGES(%rsi), %rcx
    cmpq STATE_QUICK_BASE_CHANGES(%rdi), %rcx
    jne prepare_user
    // The timer is due, or was asked for, sooner than the hardware's fires.
    movq STATE_DEADLINE(%rdi), %rcx
    cmpq STATE_ARMED(%rdi), %rcx
    jb prepare_user
    // As Machine::may_use_sysret(), and no flag is the kernel's to change.
    movq CONTEXT_RIP(%rsi), %rcx
    cmpq CONTEXT_RCX(%rsi), %rcx
    jne prepare_user
    movq CONTEXT_RFLAGS(%rsi), %r11
    cmpq CONTEXT_R11(%rsi), %r11
    jne prepare_user
    testq $~SYSRET_FLAGS, %r11
    jnz prepare_user
    orl $FORCED_FLAGS, %r11d
    movq %rcx, %rax
    shrq $USER_ADDRESS_BITS, %rax
    jnz prepare_user
    movq %rdi, %rbx
    movq %rsi, %rdi

// rbx: the state, rdi: the context, rcx: rip, r11: flags.
return_by_sysret:
    fxrstor64 CONTEXT_FLOATING_POINT(%rdi)
    COUNT_USER_TIME subq
    LOAD_USER_REGISTERS
    movq CONTEXT_RSP(%rdi), %rsp
    movq CONTEXT_RDI(%rdi), %rdi
    sysretq

// rdi: the state, rsi: the context, rdx: the root.
prepare_user:
    movq %rsp, %rbp
    movq STATE_PLATFORM_STACK_TOP(%rdi), %rsp
    movq %rdi, entry_state(%rip)
    movq %rsi, entry_context(%rip)
    call drydock_guest_prepare_user
// eax: BY_IRET, BY_SYSRET, or not at all: the state holds why.
leave_kernel:
    movq entry_state(%rip), %rbx
    movq entry_context(%rip), %rdi
    cmpl $BY_SYSRET, %eax
    ja 2f
    jb 1f
    // Only where rcx and r11 are to hold rip and rflags anyway.
    movq CONTEXT_RIP(%rdi), %rcx
    movq CONTEXT_RFLAGS(%rdi), %r11
    jmp return_by_sysret
1:  pushq $USER_DATA
    pushq CONTEXT_RSP(%rdi)
    pushq CONTEXT_RFLAGS(%rdi)
    pushq $USER_CODE
    pushq CONTEXT_RIP(%rdi)
    fxrstor64 CONTEXT_FLOATING_POINT(%rdi)
    COUNT_USER_TIME subq
    LOAD_USER_REGISTERS
    movq CONTEXT_RCX(%rdi), %rcx
    movq CONTEXT_R11(%rdi), %r11
    movq CONTEXT_RDI(%rdi), %rdi
    iretq
2:  movq STATE_TRAP(%rbx), %rax
    movq STATE_TRAP + 8(%rbx), %rdx
    RETURN_TO_KERNEL
    .size _ZN7drydock8Platform8run_userERNS_8X86StateENS_8PhysAddrE, . - _ZN7drydock8Platform8run_userERNS_8X86StateENS_8PhysAddrE

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
    movq entry_state(%rip), %rbx
    COUNT_USER_TIME addq
    fxsave64 CONTEXT_FLOATING_POINT(%rsp)
    // Whether any data selector is not null, or was not.
    movl %ds, %eax
    movl %es, %ecx
    orl %ecx, %eax
    movl %fs, %ecx
    orl %ecx, %eax
    movl %gs, %ecx
    orl %ecx, %eax
    orq CONTEXT_DATA_SELECTORS(%rsp), %rax
    jnz 1f
0:  // Trap::Kind::Syscall.
    xorl %eax, %eax
    xorl %edx, %edx
    RETURN_TO_KERNEL
1:  movq %rbx, %rdi
    movq %rsp, %rsi
    movq STATE_PLATFORM_STACK_TOP(%rbx), %rsp
    movq STATE_KERNEL_STACK_POINTER(%rbx), %rbp
    call drydock_guest_take_selectors
    jmp 0b
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
    movq 0(%rsp), %rsi
    movq 8(%rsp), %rcx
    movq entry_state(%rip), %rbx
    COUNT_USER_TIME addq
    movq %rcx, %rdx
    movq %rbx, %rdi
    movq STATE_PLATFORM_STACK_TOP(%rbx), %rsp
    movq STATE_KERNEL_STACK_POINTER(%rbx), %rbp
    call drydock_guest_left_user
    jmp leave_kernel

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
entry_state:
    .skip 8
entry_user_rsp:
    .skip 8
entry_fault_frame:
    .skip 8

    .section .note.GNU-stack, "", @progbits
