// The shared object that core/vdso/user is built into, as bytes of the kernel.
    .section .rodata
    .balign 16
    .globl drydock_vdso_start
    .globl drydock_vdso_end
drydock_vdso_start:
    .incbin DRYDOCK_VDSO_FILE
drydock_vdso_end:

    .section .note.GNU-stack, "", @progbits
