// The door as the kernel sees it, the same instructions as in sim/platform_thunk.S: a call costs the
// kernel's stack a return address and a frame pointer; everything behind the door runs on the platform
// stack (guest/platform_state.h names the offsets); run_user() is in entry.S. A thread switch stays on the
// kernel stacks and costs 56 bytes.

#define PLATFORM_IMPLEMENTATION 8
#define STATE_PLATFORM_STACK_TOP 0
#define STATE_KERNEL_STACK_POINTER 8
#define STATE_CURRENT_STACK_BASE 16
#define STATE_CURRENT_STACK_PRIVATE 24
#define PLATFORM_QUICK_KINDS 64
#define PLATFORM_NEXT_KEPT 68
#define PLATFORM_KEPT 128
#define KEPT_SIZE 64
#define KEPT_MASK 2047
#define EVENT_PID 4
#define EVENT_A 16
#define EVENT_B 24
#define EVENT_C 32
#define STACK_BASE 8
#define STACK_POINTER 16
#define STACK_PRIVATE 24

    .text

.macro DOOR member implementation
    .globl \member
    .type \member, @function
\member:
    pushq %rbp
    movq %rsp, %rbp
    movq PLATFORM_IMPLEMENTATION(%rdi), %rax
    movq %rsp, STATE_KERNEL_STACK_POINTER(%rax)
    movq STATE_PLATFORM_STACK_TOP(%rax), %rsp
    movq %rax, %rdi
    call \implementation
    movq %rbp, %rsp
    popq %rbp
    ret
    .size \member, . - \member
.endm

DOOR _ZN7drydock8Platform4idleEv, drydock_guest_idle
DOOR _ZN7drydock8Platform13prepare_stackERNS_11KernelStackENS_8PhysAddrEPFvPvES4_, drydock_guest_prepare_stack
DOOR _ZN7drydock8Platform13release_stackERNS_11KernelStackE, drydock_guest_release_stack
DOOR _ZN7drydock8Platform10flush_pageEmNS_8UserAddrE, drydock_guest_flush_page
DOOR _ZN7drydock8Platform9flush_allEm, drydock_guest_flush_all
DOOR _ZNK7drydock8Platform13memory_layoutEv, drydock_guest_memory_layout
DOOR _ZN7drydock8Platform3nowEv, drydock_guest_now
DOOR _ZN7drydock8Platform5timesEv, drydock_guest_times
DOOR _ZN7drydock8Platform9set_timerEm, drydock_guest_set_timer
DOOR _ZN7drydock8Platform6chooseENS_6ChoiceEj, drydock_guest_choose
DOOR _ZN7drydock8Platform12fill_entropyENS_4SpanISt4byteEE, drydock_guest_fill_entropy
DOOR _ZN7drydock8Platform12console_modeEv, drydock_guest_console_mode
DOOR _ZN7drydock8Platform13console_inputENS_4SpanISt4byteEE, drydock_guest_console_input
DOOR _ZN7drydock8Platform14console_outputENS_13ConsoleStreamENS_4SpanIKSt4byteEE, drydock_guest_console_output
DOOR _ZN7drydock8Platform4haltEi, drydock_guest_halt
DOOR _ZN7drydock8Platform4failENS_10StringViewE, drydock_guest_fail

// record(event): most events of most runs are only kept (core/platform/event_ring.h), which needs no stack.
    .globl _ZN7drydock8Platform6recordERKNS_5EventE
    .type _ZN7drydock8Platform6recordERKNS_5EventE, @function
_ZN7drydock8Platform6recordERKNS_5EventE:
    movzbl (%rsi), %ecx
    btl %ecx, PLATFORM_QUICK_KINDS(%rdi)
    jnc record_by_platform
    movl PLATFORM_NEXT_KEPT(%rdi), %edx
    leal KEPT_SIZE(%rdx), %r8d
    andl $KEPT_MASK, %r8d
    movl %r8d, PLATFORM_NEXT_KEPT(%rdi)
    addq %rdi, %rdx
    movl %ecx, PLATFORM_KEPT(%rdx)
    movq EVENT_PID(%rsi), %rax
    movq EVENT_A(%rsi), %rcx
    movq EVENT_B(%rsi), %r8
    movq EVENT_C(%rsi), %r9
    movq %rax, PLATFORM_KEPT + EVENT_PID(%rdx)
    movq %rcx, PLATFORM_KEPT + EVENT_A(%rdx)
    movq %r8, PLATFORM_KEPT + EVENT_B(%rdx)
    movq %r9, PLATFORM_KEPT + EVENT_C(%rdx)
    ret
    .size _ZN7drydock8Platform6recordERKNS_5EventE, . - _ZN7drydock8Platform6recordERKNS_5EventE
DOOR record_by_platform, drydock_guest_record

// switch_stack(from, to): the callee-saved registers stay on the old stack.
    .globl _ZN7drydock8Platform12switch_stackERNS_11KernelStackES2_
    .type _ZN7drydock8Platform12switch_stackERNS_11KernelStackES2_, @function
_ZN7drydock8Platform12switch_stackERNS_11KernelStackES2_:
    pushq %rbp
    movq %rsp, %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, STACK_POINTER(%rsi)
    movq PLATFORM_IMPLEMENTATION(%rdi), %rax
    movq STACK_BASE(%rdx), %rcx
    movq %rcx, STATE_CURRENT_STACK_BASE(%rax)
    movq STACK_PRIVATE(%rdx), %rcx
    movq %rcx, STATE_CURRENT_STACK_PRIVATE(%rax)
    movq STACK_POINTER(%rdx), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size _ZN7drydock8Platform12switch_stackERNS_11KernelStackES2_, . - _ZN7drydock8Platform12switch_stackERNS_11KernelStackES2_

// Where a prepared stack starts: rbx is the entry, r12 its argument. The zero in rbp ends call chains.
    .globl drydock_guest_thread_start
    .type drydock_guest_thread_start, @function
drydock_guest_thread_start:
    xorl %ebp, %ebp
    movq %r12, %rdi
    call *%rbx
    ud2
    .size drydock_guest_thread_start, . - drydock_guest_thread_start

// drydock_guest_enter_stack(stack_top, entry, argument): runs entry(argument) there; never returns.
    .globl drydock_guest_enter_stack
    .type drydock_guest_enter_stack, @function
drydock_guest_enter_stack:
    movq %rdi, %rsp
    xorl %ebp, %ebp
    movq %rdx, %rdi
    call *%rsi
    ud2
    .size drydock_guest_enter_stack, . - drydock_guest_enter_stack

// assertion_failed(expression, file, line), from any stack: reports on the report stack.
    .globl _ZN7drydock16assertion_failedEPKcS1_j
    .type _ZN7drydock16assertion_failedEPKcS1_j, @function
_ZN7drydock16assertion_failedEPKcS1_j:
    pushq %rbp
    movq %rsp, %rbp
    movq %rsp, %rcx
    leaq drydock_guest_report_stack_top(%rip), %rsp
    pushq $0
    pushq %r15
    pushq %r14
    pushq %r13
    pushq %r12
    pushq %rbx
    movq %rsp, %r8
    call drydock_guest_assertion_failed
    ud2
    .size _ZN7drydock16assertion_failedEPKcS1_j, . - _ZN7drydock16assertion_failedEPKcS1_j

    .section .note.GNU-stack, "", @progbits
