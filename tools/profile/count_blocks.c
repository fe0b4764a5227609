// A QEMU plugin (docs/devel/tcg-plugins.rst) that counts how often each block of instructions runs while a
// benchmark of the suite is timed: between the first and the second time that the kernel enters prctl(2), the third
// and the fourth, and so on (guest/user/suite/run.c). tools/profile_image builds it and reads what it writes.
//
// Arguments: mark=ADDRESS of the kernel's prctl, from=ADDRESS of the suite's first instruction (what ran prctl before was
// another program), out=FILE. A line for each block that ran in a timed part:
//     COUNT ADDRESS...
// with the address of each instruction in it. Counts are of entries: a block that a fault leaves early counts whole.
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Debian packages no header for plugins: what this one uses of version 1 of the interface (qemu-plugin.h).
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
enum { no_registers = 0 };
typedef void (*block_translated)(qemu_plugin_id_t, struct qemu_plugin_tb*);
typedef void (*executed)(unsigned int cpu, void* data);
typedef void (*ended)(qemu_plugin_id_t, void* data);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, block_translated);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb*, executed, int registers, void* data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn*, executed, int registers, void* data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, ended, void* data);
size_t qemu_plugin_tb_n_insns(struct qemu_plugin_tb const*);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(struct qemu_plugin_tb const*, size_t index);
uint64_t qemu_plugin_insn_vaddr(struct qemu_plugin_insn const*);

__attribute__((visibility("default"))) int const qemu_plugin_version = 1;

struct block {
    struct block* next;
    uint64_t runs;
    size_t size;
    uint64_t addresses[];
};

static uint64_t mark;
static uint64_t from;
static char const* out;
static bool has_started;
static bool is_timed;
static struct block* blocks;

static void block_runs(unsigned cpu, void* data)
{
    (void)cpu;
    if (is_timed) ++((struct block*)data)->runs;
}

static void mark_reached(unsigned cpu, void* data)
{
    (void)cpu;
    (void)data;
    if (has_started) is_timed = !is_timed;
}

static void suite_starts(unsigned cpu, void* data)
{
    (void)cpu;
    (void)data;
    has_started = true;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb* tb)
{
    (void)id;
    size_t const size = qemu_plugin_tb_n_insns(tb);
    struct block* const block = malloc(sizeof *block + size * sizeof block->addresses[0]);
    if (block == NULL) abort();
    block->next = blocks;
    block->runs = 0;
    block->size = size;
    blocks = block;
    for (size_t i = 0; i < size; ++i) {
        struct qemu_plugin_insn* const instruction = qemu_plugin_tb_get_insn(tb, i);
        block->addresses[i] = qemu_plugin_insn_vaddr(instruction);
        if (block->addresses[i] == mark) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, mark_reached, no_registers, NULL);
        }
    }
    if (size > 0 && block->addresses[0] == from) {
        qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_tb_get_insn(tb, 0), suite_starts, no_registers, NULL);
    }
    qemu_plugin_register_vcpu_tb_exec_cb(tb, block_runs, no_registers, block);
}

static void write_counts(qemu_plugin_id_t id, void* data)
{
    (void)id;
    (void)data;
    FILE* const file = fopen(out, "w");
    if (file == NULL) return;
    for (struct block const* block = blocks; block != NULL; block = block->next) {
        if (block->runs == 0) continue;
        fprintf(file, "%" PRIu64, block->runs);
        for (size_t i = 0; i < block->size; ++i) fprintf(file, " %" PRIx64, block->addresses[i]);
        fputc('\n', file);
    }
    fclose(file);
}

__attribute__((visibility("default"))) int qemu_plugin_install(
    qemu_plugin_id_t id, qemu_info_t const* info, int count, char** arguments);

int qemu_plugin_install(qemu_plugin_id_t id, qemu_info_t const* info, int count, char** arguments)
{
    (void)info;
    for (int i = 0; i < count; ++i) {
        if (strncmp(arguments[i], "mark=", 5) == 0) mark = strtoull(arguments[i] + 5, NULL, 16);
        if (strncmp(arguments[i], "from=", 5) == 0) from = strtoull(arguments[i] + 5, NULL, 16);
        // QEMU frees the arguments.
        if (strncmp(arguments[i], "out=", 4) == 0) out = strdup(arguments[i] + 4);
    }
    if (mark == 0 || from == 0 || out == NULL) return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, write_counts, NULL);
    return 0;
}
