// The door as the kernel sees it. A call costs the kernel's stack a return address and a frame pointer;
// everything behind the door runs on the simulation's platform stack (sim/platform_state.h names the
// offsets). A thread switch stays on the kernel stacks and costs 56 bytes.

#define PLATFORM_IMPLEMENTATION 8
#define STATE_PLATFORM_STACK_TOP 0
#define STATE_KERNEL_STACK_POINTER 8
#define STATE_CURRENT_STACK_BASE 16
#define STATE_CURRENT_STACK_PRIVATE 24
#define STACK_BASE 8
#define STACK_POINTER 16
#define STACK_PRIVATE 24

    .text

// For debuggers only: how to get from the platform stack back to the kernel's. Debuggers follow a call
// chain to another stack where they take the frame for a signal's, and then look for the place at the
// return address itself: so that is given less one (DWARF: the word below the frame address, minus 1).
    .cfi_sections .debug_frame
.macro RETURN_ADDRESS_IN_THE_CALL
    .cfi_escape 0x16, 0x10, 0x05, 0x38, 0x1c, 0x06, 0x31, 0x1c
.endm

.macro DOOR member implementation
    .globl \member
    .type \member, @function
\member:
    .cfi_startproc
    .cfi_signal_frame
    RETURN_ADDRESS_IN_THE_CALL
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    movq %rsp, %rbp
    .cfi_def_cfa_register %rbp
    movq PLATFORM_IMPLEMENTATION(%rdi), %rax
    movq %rsp, STATE_KERNEL_STACK_POINTER(%rax)
    movq STATE_PLATFORM_STACK_TOP(%rax), %rsp
    movq %rax, %rdi
    call \implementation
    movq %rbp, %rsp
    popq %rbp
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_endproc
    .size \member, . - \member
.endm

DOOR _ZN7drydock8Platform8run_userERNS_8X86StateENS_8PhysAddrE, drydock_sim_run_user
DOOR _ZN7drydock8Platform4idleEv, drydock_sim_idle
DOOR _ZN7drydock8Platform13prepare_stackERNS_11KernelStackENS_8PhysAddrEPFvPvES4_, drydock_sim_prepare_stack
DOOR _ZN7drydock8Platform13release_stackERNS_11KernelStackE, drydock_sim_release_stack
DOOR _ZN7drydock8Platform10flush_pageEmNS_8UserAddrE, drydock_sim_flush_page
DOOR _ZN7drydock8Platform9flush_allEm, drydock_sim_flush_all
DOOR _ZNK7drydock8Platform13memory_layoutEv, drydock_sim_memory_layout
DOOR _ZN7drydock8Platform3nowEv, drydock_sim_now
DOOR _ZN7drydock8Platform5timesEv, drydock_sim_times
DOOR _ZN7drydock8Platform9set_timerEm, drydock_sim_set_timer
DOOR _ZN7drydock8Platform6chooseENS_6ChoiceEj, drydock_sim_choose
DOOR _ZN7drydock8Platform12fill_entropyENS_4SpanISt4byteEE, drydock_sim_fill_entropy
DOOR _ZN7drydock8Platform12console_modeEv, drydock_sim_console_mode
DOOR _ZN7drydock8Platform13console_inputENS_4SpanISt4byteEE, drydock_sim_console_input
DOOR _ZN7drydock8Platform14console_outputENS_13ConsoleStreamENS_4SpanIKSt4byteEE, drydock_sim_console_output
DOOR _ZN7drydock8Platform6recordERKNS_5EventE, drydock_sim_record
DOOR _ZN7drydock8Platform4haltEi, drydock_sim_halt
DOOR _ZN7drydock8Platform4failENS_10StringViewE, drydock_sim_fail

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
    .globl drydock_sim_thread_start
    .type drydock_sim_thread_start, @function
drydock_sim_thread_start:
    xorl %ebp, %ebp
    movq %r12, %rdi
    call *%rbx
    ud2
    .size drydock_sim_thread_start, . - drydock_sim_thread_start

// drydock_sim_enter_stack(stack_top, entry, argument): runs entry(argument) there; never returns.
    .globl drydock_sim_enter_stack
    .type drydock_sim_enter_stack, @function
drydock_sim_enter_stack:
    movq %rdi, %rsp
    xorl %ebp, %ebp
    movq %rdx, %rdi
    call *%rsi
    ud2
    .size drydock_sim_enter_stack, . - drydock_sim_enter_stack

// assertion_failed(expression, file, line), from any stack: reports on the report stack.
    .globl _ZN7drydock16assertion_failedEPKcS1_j
    .type _ZN7drydock16assertion_failedEPKcS1_j, @function
_ZN7drydock16assertion_failedEPKcS1_j:
    pushq %rbp
    movq %rsp, %rbp
    movq %rsp, %rcx
    movq drydock_sim_report_stack_top(%rip), %rax
    testq %rax, %rax
    jz 1f
    movq %rax, %rsp
1:  andq $-16, %rsp
    call drydock_sim_assertion_failed
    ud2
    .size _ZN7drydock16assertion_failedEPKcS1_j, . - _ZN7drydock16assertion_failedEPKcS1_j

    .section .note.GNU-stack, "", @progbits
