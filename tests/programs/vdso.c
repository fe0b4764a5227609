// The clocks that a program reads without a system call, against those system calls; and the mapping
// that they are in.
#include "support.h"

#include <elf.h>
#include <stdbool.h>
#include <sys/auxv.h>

typedef int (*clock_function)(clockid_t, struct timespec*);
typedef int (*day_function)(struct timeval*, struct timezone*);
typedef time_t (*time_function)(time_t*);
typedef int (*cpu_function)(unsigned*, unsigned*, void*);

enum { ROUNDS = 500 };

// As a libc finds it: by DT_HASH's count of symbols, and the name.
static void* find(char const* name)
{
    unsigned char const* const base = (unsigned char const*)getauxval(AT_SYSINFO_EHDR);
    Elf64_Ehdr const* const header = (void const*)base;
    Elf64_Phdr const* const segments = (void const*)(base + header->e_phoff);
    Elf64_Dyn const* dynamic = NULL;
    uint64_t bias = 0;
    for (int i = 0; i < header->e_phnum; ++i) {
        if (segments[i].p_type == PT_LOAD) bias = (uint64_t)base + segments[i].p_offset - segments[i].p_vaddr;
        if (segments[i].p_type == PT_DYNAMIC) dynamic = (void const*)(base + segments[i].p_offset);
    }
    Elf64_Sym const* symbols = NULL;
    char const* strings = NULL;
    uint32_t const* hash = NULL;
    for (; dynamic != NULL && dynamic->d_tag != DT_NULL; ++dynamic) {
        void const* const there = (void const*)(bias + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_SYMTAB) symbols = there;
        if (dynamic->d_tag == DT_STRTAB) strings = there;
        if (dynamic->d_tag == DT_HASH) hash = there;
    }
    if (symbols == NULL || strings == NULL || hash == NULL) return NULL;
    for (uint32_t i = 0; i < hash[1]; ++i) {
        if (symbols[i].st_shndx != SHN_UNDEF && strcmp(strings + symbols[i].st_name, name) == 0) return (void*)(bias + symbols[i].st_value);
    }
    return NULL;
}

static long long nanoseconds(struct timespec const* time) { return time->tv_sec * 1000000000ll + time->tv_nsec; }

static int call_clock(clockid_t clock, struct timespec* time) { return (int)syscall(SYS_clock_gettime, clock, time); }

static void compare_clocks(clock_function get)
{
    static int const clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID};
    for (unsigned i = 0; i < sizeof clocks / sizeof *clocks; ++i) {
        int backward = 0, invalid = 0;
        for (int round = 0; round < ROUNDS; ++round) {
            struct timespec before, now, after;
            CHECK(call_clock(clocks[i], &before) == 0);
            CHECK(get(clocks[i], &now) == 0);
            CHECK(call_clock(clocks[i], &after) == 0);
            backward += nanoseconds(&before) > nanoseconds(&now) || nanoseconds(&now) > nanoseconds(&after);
            invalid += now.tv_nsec < 0 || now.tv_nsec >= 1000000000;
        }
        printf("clock %d: %d backward, %d invalid\n", clocks[i], backward, invalid);
    }
    struct timespec last, now;
    int same = 0, backward = 0;
    get(CLOCK_MONOTONIC, &last);
    for (int round = 0; round < ROUNDS; ++round, last = now) {
        get(CLOCK_MONOTONIC, &now);
        same += nanoseconds(&now) == nanoseconds(&last);
        backward += nanoseconds(&now) < nanoseconds(&last);
    }
    printf("one call after the other: %d the same, %d backward\n", same, backward);
    printf("clock 12: %d, clock 10: %d, clock 200: %d\n", get(12, &now), get(10, &now), get(200, &now));
}

static void compare_resolutions(clock_function get)
{
    for (int clock = -1; clock < 14; ++clock) {
        struct timespec ours = {7, 7}, kernels = {7, 7};
        int const answer = get(clock, &ours);
        long const expected = syscall(SYS_clock_getres, clock, &kernels);
        bool const is_same = (answer == 0) == (expected == 0) && nanoseconds(&ours) == nanoseconds(&kernels);
        if (!is_same) printf("resolution of %d: %d %lld instead of %ld %lld\n", clock, answer, nanoseconds(&ours), expected, nanoseconds(&kernels));
    }
    printf("resolution without a result: %d %d\n", get(CLOCK_MONOTONIC, NULL), get(99, NULL));
}

static void compare_days(day_function get, time_function seconds)
{
    int wrong = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        struct timeval before, now, after;
        struct timezone zone = {5, 5};
        CHECK(syscall(SYS_gettimeofday, &before, NULL) == 0);
        CHECK(get(&now, &zone) == 0);
        CHECK(syscall(SYS_gettimeofday, &after, NULL) == 0);
        wrong += timercmp(&before, &now, >) || timercmp(&now, &after, >) || now.tv_usec >= 1000000;
        wrong += zone.tz_minuteswest != 0 || zone.tz_dsttime != 0;
        time_t stored = 1;
        time_t const first = syscall(SYS_time, NULL);
        time_t const second = seconds(&stored);
        time_t const third = syscall(SYS_time, NULL);
        wrong += first > second || second > third || stored != second || seconds(NULL) < second;
    }
    printf("time of day: %d wrong; nothing asked: %d\n", wrong, get(NULL, NULL));
}

static void processor(cpu_function get)
{
    unsigned cpu = 1000, node = 1000;
    int const answer = get(&cpu, &node, NULL);
    printf("processor: %d %d %d, nothing asked: %d\n", answer, cpu < 1000, node < 1000, get(NULL, NULL, NULL));
}

static uint64_t start_of(char const* name, char* rights, uint64_t* size)
{
    FILE* const maps = fopen("/proc/self/maps", "r");
    CHECK(maps != NULL);
    char line[512];
    uint64_t found = 0;
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long start, end;
        if (strstr(line, name) == NULL || sscanf(line, "%lx-%lx %4s", &start, &end, rights) != 3) continue;
        found = start;
        *size = end - start;
    }
    fclose(maps);
    return found;
}

static void in_child(char const* what, void (*action)(uint64_t), uint64_t address)
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        action(address);
        fflush(stdout);
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s: %s\n", what, status_text(status));
}

static void store(uint64_t address) { *(volatile char*)address = 1; }
static uint64_t object_size;
static void unmap(uint64_t address)
{
    struct timespec now;
    CHECK(munmap((void*)address, object_size) == 0);
    CHECK(call_clock(CLOCK_MONOTONIC, &now) == 0);
}
static void read_clock(uint64_t address)
{
    struct timespec first, second;
    CHECK(((clock_function)address)(CLOCK_MONOTONIC, &first) == 0);
    CHECK(call_clock(CLOCK_MONOTONIC, &second) == 0);
    CHECK(nanoseconds(&first) <= nanoseconds(&second));
}
static void grow(uint64_t address)
{
    void* const moved = mremap((void*)address, 4096, 1 << 20, MREMAP_MAYMOVE);
    printf("growing: %s\n", moved == MAP_FAILED ? error_name(errno) : "done");
}
static void make_writable(uint64_t address)
{
    int const answer = mprotect((void*)address, 4096, PROT_READ | PROT_WRITE);
    printf("writing allowed: %d %s\n", answer, answer != 0 ? error_name(errno) : "");
}

static void mapping(void)
{
    char rights[8] = "";
    uint64_t const object = start_of("[vdso]", rights, &object_size);
    printf("[vdso] %s, where the auxiliary vector says: %d\n", rights, object == getauxval(AT_SYSINFO_EHDR));
    uint64_t data_size = 0;
    uint64_t const data = start_of("[vvar]", rights, &data_size);
    printf("[vvar] %s, below: %d\n", rights, data < object);
    printf("magic %d, aligned %d\n", memcmp((void*)object, ELFMAG, SELFMAG), (int)(object % 4096));
    in_child("store to the code", store, object);
    in_child("store to the data", store, data);
    in_child("grow", grow, object);
    in_child("make the data writable", make_writable, data);
    in_child("unmap the code", unmap, object);
    in_child("read a clock", read_clock, (uint64_t)find("__vdso_clock_gettime"));
}

int main(void)
{
    static char const* const names[] = {"clock_gettime", "gettimeofday", "time", "clock_getres", "getcpu"};
    CHECK(getauxval(AT_SYSINFO_EHDR) != 0);
    void* functions[5];
    for (int i = 0; i < 5; ++i) {
        char name[64];
        snprintf(name, sizeof name, "__vdso_%s", names[i]);
        functions[i] = find(name);
        printf("%s: %s, also under its own name: %d\n", name, functions[i] != NULL ? "there" : "missing", find(names[i]) == functions[i]);
        CHECK(functions[i] != NULL);
    }
    compare_clocks((clock_function)functions[0]);
    compare_days((day_function)functions[1], (time_function)functions[2]);
    compare_resolutions((clock_function)functions[3]);
    processor((cpu_function)functions[4]);
    printf("the libc's own:\n");
    compare_clocks(clock_gettime);
    mapping();
    return 0;
}
