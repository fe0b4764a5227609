// An actor: a process or thread that makes the calls of its lines.
#include "calls.h"

#include <string.h>
#include <sys/syscall.h>

enum {
    kThreadStackTop = kRoomBytes - 64,
    kCloneVm = 0x100,
    kCloneVfork = 0x4000,
    kCloneThread = 0x10000,
    kCloneSettls = 0x80000
};
enum { kMostArguments = 6, kPollMs = 1, kMostPolls = 400, kWall = 0x40000000, kFSetown = 8 };

// Of this process; threads share them.
static uint64_t variables[kVariables];

static unsigned char* room_of(unsigned actor) { return ROOMS + (size_t)actor * kRoomBytes; }

static void leave(unsigned actor)
{
    __atomic_store_n(&shared->ended[actor], 1, __ATOMIC_RELAXED);
    for (;;) RAW(SYS_exit, 0);
}

static void begin_thread(uint64_t argument)
{
    run_actor((unsigned)(argument & 0xff), (unsigned)(argument >> 8));
    leave((unsigned)(argument & 0xff));
}

// fork ACTOR FLAGS PARENT_TID CHILD_TID, and fork3 with the same by clone3(2).
static long fork_actor(uint64_t const* arguments, unsigned line, int is_three)
{
    uint64_t const actor = arguments[0];
    // What the thread's pointer is set to is of no importance, but it must be an address.
    uint64_t const flags = arguments[1];
    if (actor == 0 || actor >= kActors) return kSkipped;
    if (__atomic_exchange_n(&shared->began[actor], 1, __ATOMIC_RELAXED) != 0) return kSkipped;
    int const has_stack = (flags & kCloneVm) != 0;
    unsigned char* const stack = has_stack ? room_of((unsigned)actor) + kThreadStackTop : NULL;
    uint64_t const entry = actor | (uint64_t)(line + 1) << 8;
    long result;
    if (is_three) {
        uint64_t fields[8] = {
            flags & ~(uint64_t)0xff, arguments[2], arguments[3], arguments[2], flags & 0xff};
        if (has_stack) {
            fields[5] = (uint64_t)stack - kRoomBytes / 2;
            fields[6] = kRoomBytes / 2;
        }
        fields[7] = (uint64_t)ARENA;
        result = raw_clone3(fields, sizeof fields, begin_thread, entry);
    } else {
        result = raw_clone(
            flags, stack, arguments[2], arguments[3], (uint64_t)ARENA, begin_thread, entry);
    }
    if (result == 0) begin_thread(entry);
    if (result > 0) shared->pids[actor] = (int32_t)result;
    return result;
}

static void pause_ms(long milliseconds)
{
    int64_t const time[2] = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    RAW(SYS_nanosleep, (uint64_t)time);
}

// join ACTOR: its status if it is a child, else 0 once it has ended.
static long join_actor(uint64_t actor)
{
    if (actor >= kActors || shared->pids[actor] == 0) return kSkipped;
    for (unsigned i = 0; i < kMostPolls; ++i) {
        int status = 0;
        long const result =
            RAW(SYS_wait4, (uint64_t)(int64_t)shared->pids[actor], (uint64_t)&status, kWall | 1);
        if (result > 0) return status;
        if (result < 0 && shared->ended[actor]) return 0;
        if (result < 0 && result != -4 && i > kMostPolls / 8) return result;
        pause_ms(kPollMs);
    }
    return kSkipped;
}

static void look(struct outcome* outcome, unsigned char const* bytes, uint64_t size)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (uint64_t i = 0; i < size; ++i) {
        unsigned char const byte = bytes[i];
        if (i < kLookBytes) outcome->bytes[i] = byte;
        hash = (hash ^ byte) * 0x100000001b3u;
    }
    outcome->hash = hash;
    outcome->looked = (uint32_t)size;
}

// What Linux promises of a file; times and places are the machine's own.
static long look_at_status(struct outcome* outcome, uint64_t path)
{
    uint64_t status[18] = {0};
    long const result = RAW(SYS_newfstatat, (uint64_t)(int64_t)-100, path, (uint64_t)status, 0x100);
    if (result < 0) return result;
    uint32_t fields[6] = {0};
    memcpy(fields + 1, (unsigned char*)status + 24, 12);
    int const is_file = (fields[1] & 0170000) == 0100000;
    int const is_folder = (fields[1] & 0170000) == 0040000;
    fields[0] = is_folder ? 0 : (uint32_t)status[2];
    fields[4] = is_file ? (uint32_t)status[6] : 0;
    look(outcome, (unsigned char const*)fields, sizeof fields);
    return result;
}

static int is_word(char const* name, size_t length, char const* word)
{
    return strlen(word) == length && memcmp(name, word, length) == 0;
}

// The first process must live to the end: it is not what is tried.
static int is_against_first(long number, uint64_t const* arguments)
{
    switch (number) {
    case SYS_kill:
    case SYS_tkill:
    case SYS_rt_sigqueueinfo:
    case SYS_pidfd_open:
    case SYS_process_vm_readv:
    case SYS_process_vm_writev:
    case SYS_prlimit64:
    case SYS_sched_setscheduler:
    case SYS_sched_setparam:
    case SYS_setpgid: return (int32_t)arguments[0] == 1;
    case SYS_tgkill:
    case SYS_rt_tgsigqueueinfo:
    case SYS_ptrace: return (int32_t)arguments[0] == 1 || (int32_t)arguments[1] == 1;
    case SYS_fcntl: return (int32_t)arguments[1] == kFSetown && (uint32_t)arguments[2] + 1 <= 2;
    default: return 0;
    }
}

// What is no system call. Whether it was one of these.
static int run_own(char const* name,
                   size_t length,
                   uint64_t const* arguments,
                   unsigned line,
                   struct outcome* outcome)
{
    long result = 0;
    if (is_word(name, length, "fork"))
        result = fork_actor(arguments, line, 0);
    else if (is_word(name, length, "fork3"))
        result = fork_actor(arguments, line, 1);
    else if (is_word(name, length, "join"))
        result = join_actor(arguments[0]);
    else if (is_word(name, length, "load"))
        result = *(int32_t volatile*)arguments[0];
    else if (is_word(name, length, "store"))
        *(uint32_t volatile*)arguments[0] = (uint32_t)arguments[1];
    else if (is_word(name, length, "fill"))
        memset((void*)arguments[0], (int)arguments[2], arguments[1] & 0xffff);
    else if (is_word(name, length, "look"))
        look(outcome, (unsigned char const*)arguments[0], arguments[1] & 0xffff);
    else if (is_word(name, length, "status"))
        result = look_at_status(outcome, arguments[0]);
    else
        return 0;
    outcome->kind = is_word(name, length, "fork") || is_word(name, length, "fork3") ? kPid : kValue;
    outcome->result = result;
    return 1;
}

static void run_line(unsigned actor, unsigned number)
{
    struct outcome* const outcome = &shared->lines[number];
    unsigned char* const room = room_of(actor);
    struct reader reader = {list.lines[number].text, room, room + kRoomBytes / 2, variables, 0};
    unsigned variable = kVariables;
    skip_spaces(&reader);
    if (*reader.at == 'v' && reader.at[1] >= '0' && reader.at[1] <= '9') {
        variable = 0;
        for (++reader.at; *reader.at >= '0' && *reader.at <= '9'; ++reader.at)
            variable = variable * 10 + (unsigned)(*reader.at - '0');
        skip_spaces(&reader);
        if (*reader.at == '=') ++reader.at;
        skip_spaces(&reader);
    }
    char const* const name = reader.at;
    size_t const length = word_length(name);
    reader.at += length;
    uint64_t arguments[kMostArguments] = {0};
    for (unsigned i = 0; i < kMostArguments && !is_at_end(&reader) && !reader.is_bad; ++i)
        arguments[i] = read_argument(&reader);
    outcome->state = kRunning;
    outcome->result = kSkipped;
    struct call const* const call = find_call(name, length);
    if (!reader.is_bad && call != NULL && !is_against_first(call->number, arguments)) {
        outcome->kind = call->kind;
        outcome->result = raw_call(call->number, arguments);
    } else if (!reader.is_bad && call == NULL) {
        run_own(name, length, arguments, number, outcome);
    }
    if (variable < kVariables) variables[variable] = (uint64_t)outcome->result;
    outcome->state = kDone;
}

void run_actor(unsigned actor, unsigned first_line)
{
    if (actor == 0) memset(variables, 0xff, sizeof variables);
    for (unsigned i = first_line; i < list.count; ++i) {
        if (list.lines[i].actor == actor) run_line(actor, i);
    }
    // What it has begun may still be at work.
    for (int status = 0;;) {
        long const result = RAW(SYS_wait4, (uint64_t)(int64_t)-1, (uint64_t)&status, kWall);
        if (result < 0 && result != -4) break;
    }
}
