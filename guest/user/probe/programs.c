// Executables that were never built: segments of any size at any place of a file, whose pages end
// where the next segment's bytes begin. Each run must find in its memory what the file has for it,
// and zeros.
#include "probe.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    kMostSegments = 5,
    kMostFilePages = 3,  // Of a segment.
    kMostZeroPages = 2,
    kMostCode = 2048,
    kMostBytes = (kMostSegments + 1) * (kMostFilePages + 2) * kPage,
    kMostTouches = 4,
    kMostRuns = 3,
};

struct segment {
    uint64_t address;
    size_t offset;     // In the file.
    size_t file_size;  // What follows up to `size` is zero.
    size_t size;
    uint32_t flags;
};

static struct {
    unsigned char bytes[kMostBytes];
    size_t size;
    struct segment segments[kMostSegments];
    unsigned count;
    uint64_t code;  // Address of the next instruction, and its place.
    size_t code_offset;
} program;

static void emit(void const* bytes, size_t size)
{
    memcpy(program.bytes + program.code_offset, bytes, size);
    program.code_offset += size;
    program.code += size;
}

static void emit_word(unsigned char opcode, uint32_t value)
{
    emit(&opcode, 1);
    emit(&value, sizeof value);
}

// lea address(%rip), %rsi: programs may lie anywhere.
static void emit_address(uint64_t address)
{
    static unsigned char const kLea[] = {0x48, 0x8d, 0x35};
    emit(kLea, sizeof kLea);
    uint32_t const distance = (uint32_t)(address - (program.code + sizeof distance));
    emit(&distance, sizeof distance);
}

static void emit_call(uint32_t number, uint32_t first)
{
    static unsigned char const kSyscall[] = {0x0f, 0x05};
    emit_word(0xbf, first);   // mov $first, %edi
    emit_word(0xb8, number);  // mov $number, %eax
    emit(kSyscall, sizeof kSyscall);
}

static int is_writable(struct segment const* segment) { return (segment->flags & PF_W) != 0; }

// Faults pages in, in any order, without changing them.
static void emit_touches(struct dice* dice)
{
    static unsigned char const kRead[] = {0x8a, 0x06};         // mov (%rsi), %al
    static unsigned char const kWrite[] = {0x80, 0x0e, 0x00};  // orb $0, (%rsi)
    for (unsigned left = roll(dice, kMostTouches + 1); left > 0; --left) {
        struct segment const* const segment = &program.segments[roll(dice, program.count)];
        emit_address(segment->address + roll(dice, (uint32_t)segment->size));
        if (is_writable(segment) && roll(dice, 2) == 0) {
            emit(kWrite, sizeof kWrite);
        } else {
            emit(kRead, sizeof kRead);
        }
    }
}

// What a run leaves in its memory is gone with it.
static void emit_changes(struct dice* dice)
{
    static unsigned char const kChange[] = {0xc6, 0x06, 0xa5};  // movb $0xa5, (%rsi)
    for (unsigned i = 0; i < program.count; ++i) {
        struct segment const* const segment = &program.segments[i];
        if (!is_writable(segment)) continue;
        emit_address(segment->address + roll(dice, (uint32_t)segment->size));
        emit(kChange, sizeof kChange);
    }
}

// The program prints its segments one after the other.
static void emit_code(struct dice* dice)
{
    enum { kWriteCall = 1, kExitCall = 60 };
    emit_touches(dice);
    for (unsigned i = 0; i < program.count; ++i) {
        struct segment const* const segment = &program.segments[i];
        emit_address(segment->address);
        emit_word(0xba, (uint32_t)segment->size);  // mov $size, %edx
        emit_call(kWriteCall, STDOUT_FILENO);
    }
    emit_changes(dice);
    emit_call(kExitCall, 0);
}

static void lay_out_segments(struct dice* dice)
{
    static uint32_t const kFlags[] = {PF_R, PF_R | PF_W, PF_R | PF_W, PF_R | PF_X};
    uint64_t address = 0x10000000 + (uint64_t)kPage * roll(dice, 1000);
    size_t offset = sizeof(Elf64_Ehdr) + (kMostSegments + 1) * sizeof(Elf64_Phdr);
    program.count = 1 + roll(dice, kMostSegments);
    for (unsigned i = 0; i < program.count; ++i) {
        struct segment* const segment = &program.segments[i];
        offset += roll(dice, 3) == 0 ? 0 : roll(dice, 600);
        segment->offset = offset;
        segment->address = address + offset % kPage;
        segment->file_size = 1 + roll(dice, kMostFilePages * kPage);
        segment->size = segment->file_size;
        segment->flags = kFlags[roll(dice, 4)];
        if (is_writable(segment)) segment->size += roll(dice, kMostZeroPages * kPage);
        offset += segment->file_size;
        address = (segment->address + segment->size + kPage - 1) / kPage * kPage;
        address += (uint64_t)kPage * roll(dice, 4);
    }
    program.code_offset = offset;
    program.code = address + offset % kPage;
    program.size = offset + kMostCode;
}

static Elf64_Phdr header_of(struct segment const* segment)
{
    return (Elf64_Phdr){.p_type = PT_LOAD,
                        .p_flags = segment->flags,
                        .p_offset = segment->offset,
                        .p_vaddr = segment->address,
                        .p_paddr = segment->address,
                        .p_filesz = segment->file_size,
                        .p_memsz = segment->size,
                        .p_align = kPage};
}

static void make_program(struct dice* dice)
{
    lay_out_segments(dice);
    fill(program.bytes, program.size, roll(dice, 250), 0);
    struct segment const code = {
        program.code, program.code_offset, kMostCode, kMostCode, PF_R | PF_X};
    emit_code(dice);
    Elf64_Ehdr const header = {
        .e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
        .e_type = roll(dice, 2) == 0 ? ET_EXEC : ET_DYN,
        .e_machine = EM_X86_64,
        .e_version = EV_CURRENT,
        .e_entry = code.address,
        .e_phoff = sizeof(Elf64_Ehdr),
        .e_ehsize = sizeof(Elf64_Ehdr),
        .e_phentsize = sizeof(Elf64_Phdr),
        .e_phnum = (Elf64_Half)(program.count + 1)};
    Elf64_Phdr headers[kMostSegments + 1];
    for (unsigned i = 0; i < program.count; ++i) headers[i] = header_of(&program.segments[i]);
    headers[program.count] = header_of(&code);
    memcpy(program.bytes, &header, sizeof header);
    memcpy(program.bytes + sizeof header, headers, (program.count + 1) * sizeof headers[0]);
}

static unsigned char printed[kMostSegments * (kMostFilePages + kMostZeroPages) * kPage + 1];

static size_t run_program(char const* name)
{
    int ends[2];
    need(pipe(ends) == 0, "pipe");
    pid_t const child = fork();
    need(child >= 0, "fork");
    if (child == 0) {
        need(dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO, "dup2");
        char* const arguments[] = {"program", NULL};
        execv(name, arguments);
        _exit(99);
    }
    close(ends[1]);
    size_t size = 0;
    ssize_t got = 1;
    while (size < sizeof printed && got > 0) {
        got = read(ends[0], printed + size, sizeof printed - size);
        need(got >= 0, "read");
        size += (size_t)got;
    }
    close(ends[0]);
    int status = 0;
    need(waitpid(child, &status, 0) == child, "waitpid");
    if (status != 0) broken("a program of %u segments: status %x", program.count, (unsigned)status);
    return size;
}

static void expect_memory(size_t size, unsigned run)
{
    size_t at = 0;
    for (unsigned i = 0; i < program.count; ++i) {
        struct segment const* const segment = &program.segments[i];
        for (size_t place = 0; place < segment->size && at < size; ++place, ++at) {
            int const is_of_file = place < segment->file_size;
            unsigned const expected = is_of_file ? program.bytes[segment->offset + place] : 0;
            if (printed[at] != expected) {
                broken("run %u, segment %u of %zu bytes, %zu of them zero: byte %zu is %u, not %u",
                       run,
                       i,
                       segment->size,
                       segment->size - segment->file_size,
                       place,
                       printed[at],
                       expected);
            }
        }
    }
    size_t whole = 0;
    for (unsigned i = 0; i < program.count; ++i) whole += program.segments[i].size;
    if (size != whole) broken("run %u printed %zu bytes of %zu", run, size, whole);
}

void check_programs(struct dice* dice)
{
    char name[64];
    snprintf(name, sizeof name, "/tmp/probe-program-%d", (int)getpid());
    make_program(dice);
    int const file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0700);
    need(file >= 0, "open");
    need(write(file, program.bytes, program.size) == (ssize_t)program.size, "write");
    need(close(file) == 0, "close");
    unsigned const runs = 1 + roll(dice, kMostRuns);
    for (unsigned run = 1; run <= runs; ++run) expect_memory(run_program(name), run);
    need(unlink(name) == 0, "unlink");
}
