# What user programs call instead of the kernel to read a clock or the number of their processor: vdso(7).
#
# It is assembly so that it is the same instructions whatever compiler builds the kernel: their number
# is virtual time. The page below the object holds what the kernel tells (core/vdso/vdso.h):
#
#    0  mode: not 0 if the time-stamp counter may stand for the clock
#    8  value of the counter at time 0
#   16  nanoseconds per count, in 2^-32
#   24  nanoseconds from time 0 back to 1970-01-01, what CLOCK_REALTIME is ahead of CLOCK_MONOTONIC
#
# Only the last word changes while programs run, in one store: no sequence counter is needed.

    .set DATA_MODE, 0
    .set DATA_BASE, 8
    .set DATA_SCALE, 16
    .set DATA_WALL_OFFSET, 24

# Bits by number of the clock (clock_gettime(2)): those that count from 1970, all that are read here, and
# those that announce the resolution of a timer interrupt.
    .set WALL_CLOCKS, 0x821
    .set OWN_CLOCKS, 0x8f3
    .set COARSE_CLOCKS, 0x60
    .set LAST_CLOCK, 11

    .set NANOSECONDS, 1000000000
    .set COARSE_NANOSECONDS, 4000000

    .set CALL_GETTIMEOFDAY, 96
    .set CALL_TIME, 201
    .set CALL_CLOCK_GETTIME, 228
    .set CALL_CLOCK_GETRES, 229
    .set CALL_GETCPU, 309

# A descriptor whose limit is the processor's number and node, as Linux has it.
    .set CPU_SELECTOR, 0x7b
    .set CPU_BITS, 12

    .hidden data_page
    .text

.macro BEGIN name
    .globl __vdso_\name
    .type __vdso_\name, @function
    .weak \name
    .set \name, __vdso_\name
    .balign 16
__vdso_\name:
    .cfi_startproc
.endm

.macro END name, call
7:  movl $\call, %eax
    syscall
    ret
    .cfi_endproc
    .size __vdso_\name, . - __vdso_\name
.endm

# rax <- nanoseconds since time 0. Changes rdx.
.macro READ_MONOTONIC
    lfence
    rdtsc
    shlq $32, %rdx
    orq %rdx, %rax
    subq data_page + DATA_BASE(%rip), %rax
    mulq data_page + DATA_SCALE(%rip)
    shrdq $32, %rdx, %rax
.endm

# rax <- seconds, rdx <- nanoseconds. Changes rcx.
.macro SPLIT_SECONDS
    xorl %edx, %edx
    movl $NANOSECONDS, %ecx
    divq %rcx
.endm

# To the system call at 7 unless the counter may be used.
.macro NEED_COUNTER
    cmpl $0, data_page + DATA_MODE(%rip)
    je 7f
.endm

# clock_gettime(edi clock, rsi struct timespec *)
BEGIN clock_gettime
    cmpl $LAST_CLOCK, %edi
    ja 7f
    movl $OWN_CLOCKS, %eax
    btl %edi, %eax
    jnc 7f
    NEED_COUNTER
    READ_MONOTONIC
    movl $WALL_CLOCKS, %edx
    btl %edi, %edx
    jnc 1f
    addq data_page + DATA_WALL_OFFSET(%rip), %rax
1:  SPLIT_SECONDS
    movq %rax, (%rsi)
    movq %rdx, 8(%rsi)
    xorl %eax, %eax
    ret
END clock_gettime, CALL_CLOCK_GETTIME

# gettimeofday(rdi struct timeval *, rsi struct timezone *): either may be null.
BEGIN gettimeofday
    NEED_COUNTER
    testq %rdi, %rdi
    jz 1f
    READ_MONOTONIC
    addq data_page + DATA_WALL_OFFSET(%rip), %rax
    SPLIT_SECONDS
    movq %rax, (%rdi)
    movl %edx, %eax
    xorl %edx, %edx
    movl $1000, %ecx
    divl %ecx
    movq %rax, 8(%rdi)
1:  testq %rsi, %rsi
    jz 2f
    movq $0, (%rsi)
2:  xorl %eax, %eax
    ret
END gettimeofday, CALL_GETTIMEOFDAY

# time(rdi time_t *): may be null.
BEGIN time
    NEED_COUNTER
    READ_MONOTONIC
    addq data_page + DATA_WALL_OFFSET(%rip), %rax
    SPLIT_SECONDS
    testq %rdi, %rdi
    jz 1f
    movq %rax, (%rdi)
1:  ret
END time, CALL_TIME

# clock_getres(edi clock, rsi struct timespec *): may be null.
BEGIN clock_getres
    cmpl $LAST_CLOCK, %edi
    ja 7f
    movl $OWN_CLOCKS, %eax
    btl %edi, %eax
    jnc 7f
    testq %rsi, %rsi
    jz 2f
    movl $1, %ecx
    movl $COARSE_CLOCKS, %eax
    btl %edi, %eax
    jnc 1f
    movl $COARSE_NANOSECONDS, %ecx
1:  movq $0, (%rsi)
    movq %rcx, 8(%rsi)
2:  xorl %eax, %eax
    ret
END clock_getres, CALL_CLOCK_GETRES

# getcpu(rdi unsigned *cpu, rsi unsigned *node): either may be null.
BEGIN getcpu
    movl $CPU_SELECTOR, %eax
    lsl %eax, %eax
    jnz 7f
    testq %rdi, %rdi
    jz 1f
    movl %eax, %ecx
    andl $((1 << CPU_BITS) - 1), %ecx
    movl %ecx, (%rdi)
1:  testq %rsi, %rsi
    jz 2f
    shrl $CPU_BITS, %eax
    movl %eax, (%rsi)
2:  xorl %eax, %eax
    ret
END getcpu, CALL_GETCPU

    .section .note.GNU-stack, "", @progbits
