// From a loader's entry to 64-bit code at -2 GiB on the platform stack. There are two, both in 32-bit
// protected mode without paging, with the physical address of what the loader says in ebx:
//   PVH         Xen, docs/misc/pvh.pandoc
//   Multiboot2  Multiboot2 Specification 2.0, 3.3: eax holds a number, too

#define PHYSICAL(symbol) ((symbol) - 0xffffffff80000000)
#define CR0_PE 0x00000001
#define CR0_MP 0x00000002
#define CR0_NE 0x00000020
#define CR0_WP 0x00010000
#define CR0_AM 0x00040000
#define CR0_PG 0x80000000
#define CR4_PAE 0x00000020
#define MSR_EFER 0xc0000080
#define EFER_SCE 0x001
#define EFER_LME 0x100
#define EFER_NXE 0x800
#define PRESENT_WRITABLE 0x03
#define LARGE_PAGE 0x80

// Multiboot2 Specification 2.0, 3.1.1 and 3.1.5 (the tag that names the entry).
#define MULTIBOOT_MAGIC 0xe85250d6
#define MULTIBOOT_I386 0
#define MULTIBOOT_ENTRY_TAG 3
#define MULTIBOOT_LOADER_MAGIC 0x36d76289
// What drydock_guest_main is told: guest/boot_info.h, LoaderKind.
#define LOADER_PVH 0
#define LOADER_MULTIBOOT 1

    .section .note.pvh, "a", @note
    .balign 4
    .long 4                     // Size of the name.
    .long 8                     // Size of the value.
    .long 18                    // XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .balign 4
    .quad PHYSICAL(drydock_guest_start)

    // In the first 32 KiB of the file: guest/image.ld puts it first.
    .section .text.multiboot, "a", @progbits
    .balign 8
multiboot_header:
    .long MULTIBOOT_MAGIC
    .long MULTIBOOT_I386
    .long multiboot_header_end - multiboot_header
    .long -(MULTIBOOT_MAGIC + MULTIBOOT_I386 + (multiboot_header_end - multiboot_header))
    .short MULTIBOOT_ENTRY_TAG, 0
    .long 12
    .long PHYSICAL(multiboot_start)
    .balign 8
    .short 0, 0                 // The tag that ends the list.
    .long 8
multiboot_header_end:

    .section .text.boot, "ax", @progbits
    .code32
multiboot_start:
    movl $LOADER_MULTIBOOT, %ebp
    cmpl $MULTIBOOT_LOADER_MAGIC, %eax
    je start
    cli
1:  hlt                         // Nobody who could be told.
    jmp 1b

    .globl drydock_guest_start
    .type drydock_guest_start, @function
drydock_guest_start:
    movl $LOADER_PVH, %ebp
start:
    cld
    cli
    movl %ebx, %esi

    // Zeroed data first: the tables are in it.
    movl $PHYSICAL(drydock_guest_bss_start), %edi
    movl $PHYSICAL(drydock_guest_image_end), %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    xorl %eax, %eax
    rep stosl
    movl $PHYSICAL(drydock_guest_machine_start), %edi
    movl $PHYSICAL(drydock_guest_machine_end), %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    rep stosl

    // 4 GiB in pages of 2 MiB: four directories, seen at 0, in the direct map, and the first of them at
    // -2 GiB.
    movl $PHYSICAL(boot_directories), %edi
    movl $(PRESENT_WRITABLE | LARGE_PAGE), %eax
    movl $2048, %ecx
1:  movl %eax, (%edi)
    addl $0x200000, %eax
    addl $8, %edi
    loop 1b
    movl $PHYSICAL(boot_pointers), %edi
    movl $(PHYSICAL(boot_directories) + PRESENT_WRITABLE), %eax
    movl $4, %ecx
2:  movl %eax, (%edi)
    addl $0x1000, %eax
    addl $8, %edi
    loop 2b
    movl $(PHYSICAL(boot_directories) + PRESENT_WRITABLE), PHYSICAL(boot_pointers_high) + 510 * 8
    movl $(PHYSICAL(boot_pointers) + PRESENT_WRITABLE), PHYSICAL(boot_root)
    movl $(PHYSICAL(boot_pointers) + PRESENT_WRITABLE), PHYSICAL(boot_root) + 256 * 8
    movl $(PHYSICAL(boot_pointers_high) + PRESENT_WRITABLE), PHYSICAL(boot_root) + 511 * 8

    // Intel SDM vol. 3, 10.8.5: PAE, root, LME, then paging.
    movl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $PHYSICAL(boot_root), %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    rdmsr
    orl $(EFER_SCE | EFER_LME | EFER_NXE), %eax
    wrmsr
    movl $(CR0_PG | CR0_AM | CR0_WP | CR0_NE | CR0_MP | CR0_PE), %eax
    movl %eax, %cr0
    lgdt PHYSICAL(boot_descriptors_register)
    ljmpl $0x10, $PHYSICAL(3f)

    .code64
3:  xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    movq $4f, %rax
    jmp *%rax
4:  movq $drydock_guest_platform_stack_top, %rsp
    movl %esi, %edi
    movl %ebp, %esi
    xorl %ebp, %ebp
    call drydock_guest_main
    ud2
    .size drydock_guest_start, . - drydock_guest_start

    .balign 8
boot_descriptors:
    .quad 0
    .quad 0
    .quad 0x00af9b000000ffff    // 64-bit code, CPL 0.
boot_descriptors_register:
    .word . - boot_descriptors - 1
    .long PHYSICAL(boot_descriptors)

    // First in .bss; zeroed by the code above, not by the loader alone.
    .section .bss.first, "aw", @nobits
    .balign 4096
    .globl drydock_guest_bss_start
drydock_guest_bss_start:
boot_root:
    .skip 4096
boot_pointers:
    .skip 4096
boot_pointers_high:
    .skip 4096
boot_directories:
    .skip 4 * 4096

// The platform's stacks, each with its size; what they are for says guest/stacks.h. The page below each
// is not mapped once the kernel runs.
.macro STACK name size
    .balign 4096
    .skip 4096
    .globl \name
\name:
    .skip \size
    .globl \name\()_top
\name\()_top:
.endm
    STACK drydock_guest_platform_stack 32768
    STACK drydock_guest_report_stack 16384
    STACK drydock_guest_entry_stack 4096
    STACK drydock_guest_double_fault_stack 4096
    STACK drydock_guest_page_fault_stack 4096
    STACK drydock_guest_nmi_stack 4096
    STACK drydock_guest_machine_check_stack 4096

    .section .note.GNU-stack, "", @progbits
