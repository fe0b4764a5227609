// A program of PAGES pages of code, of which it runs sixteen, evenly spread; it reads and writes no
// other memory than a word of data.
#define STEP (PAGES / 16)

    .data
word: .quad 1

    .text
    .balign 4096
first:
    .set number, 0
    .rept PAGES
    ret
    .balign 4
    .long number
    .set number, number + 1
    .balign 4096, 0x90
    .endr

    .globl _start
_start:
    lea first(%rip), %rbx
    mov $16, %ebp
again:
    call *%rbx
    add $(STEP * 4096), %rbx
    dec %ebp
    jnz again
    incq word(%rip)
    xor %edi, %edi
    mov $60, %eax
    syscall
