#include "core/process/exec.h"

#include "core/process/argument_block.h"
#include "core/process/exec_credentials.h"
#include "core/process/process_table.h"
#include "core/process/program_loader.h"
#include "core/process/script.h"

namespace drydock {

namespace {

// fs/exec.c, exec_binprm: a script's interpreter may be a script, so often.
constexpr u32 kInterpreterDepth = 5;
// Linux gives a new program this much stack beside its arguments (setup_arg_pages).
constexpr u64 kStackSlack = 128 * kKiB;

// Everything that the new program needs, made before the old one is touched.
struct ExecPlan {
    ExecStrings strings{};
    ProgramFile program{};
    ElfImage image{};
    ProgramFile interpreter{};
    ElfImage interpreter_image{};
    Buffer start{};        // The first bytes of the file that is being looked at.
    Buffer script_path{};  // The interpreter of the last script, as a path.
    Credentials credentials{};
    bool is_secure = false;
    Ref<AddressSpace> space{};
    Ref<FileTable> files{};
    Ref<SignalActions> actions{};
    LoadedProgram loaded{};
    u64 entry = 0;
    u64 interpreter_base = 0;
    UserAddr vdso{};
    ArgumentBlock block{};
};

Result<void> read_start(ExecPlan& plan, ProgramFile const& file)
{
    memset(plan.start.data(), 0, plan.start.size());
    TRY(file.read(0, plan.start.bytes()));
    return {};
}

// The file that is named, or with AT_EMPTY_PATH the one that the descriptor is open on.
Result<ProgramFile> open_target(UserThread& thread,
                                ExecTarget const& target,
                                Resolver const& resolver)
{
    Vfs& vfs = thread.system().vfs;
    if (target.path.is_empty() && target.is_base_itself) {
        Path const base = target.base.is_empty() ? resolver.context.working_directory : target.base;
        return ProgramFile::open_path(vfs, base, resolver.credentials);
    }
    return ProgramFile::open(vfs, resolver, target.path, target.follow_last);
}

// The new stack's first pages hold the strings: they count against its limit (fs/exec.c,
// get_arg_page), beside a word at its end and the file's name.
Result<void> check_stack_room(Process& process, ExecStrings const& strings, StringView file_name)
{
    u64 const size = page_ceil(sizeof(u64) + file_name.size() + 1 + strings.used);
    return size > process.limit(Resource::Stack).soft ? Result<void>{Errno::TooBig}
                                                      : Result<void>{};
}

// Goes from the named file through the scripts to a program.
Result<void> find_program(UserThread& thread, ExecTarget const& target, ExecPlan& plan)
{
    System& system = thread.system();
    Process& process = thread.process();
    plan.start = TRY(Buffer::create(system.heap, kScriptLineSize));
    Resolver resolver{*thread.file_context, thread.credentials, target.base};
    plan.program = TRY(open_target(thread, target, resolver));
    TRY(check_stack_room(process, plan.strings, target.shown_path));
    TRY(read_start(plan, plan.program));
    resolver.base = Path{};
    StringView script = target.shown_path;
    u64 const limit = strings_limit(process.limit(Resource::Stack).soft);
    for (u32 depth = 0; is_script(plan.start.bytes()); ++depth) {
        if (target.is_out_of_reach) return Errno::NoEnt;
        if (depth == kInterpreterDepth) return Errno::Loop;
        ScriptLine const line = TRY(parse_script_line(plan.start.bytes()));
        plan.strings = TRY(with_interpreter(
            system.heap, plan.strings, line.interpreter, line.argument, script, limit));
        TRY(check_stack_room(process, plan.strings, target.shown_path));
        Buffer path = TRY(Buffer::copy_of(system.heap, line.interpreter));
        plan.program = TRY(ProgramFile::open(system.vfs, resolver, path.text(), true));
        plan.script_path = std::move(path);
        script = plan.script_path.text();
        TRY(read_start(plan, plan.program));
    }
    plan.image = TRY(ElfImage::parse(system.heap, plan.program, plan.start.bytes()));
    return {};
}

Result<void> find_interpreter(UserThread& thread, ExecPlan& plan)
{
    if (!plan.image.has_interpreter()) return {};
    System& system = thread.system();
    Resolver const resolver{*thread.file_context, thread.credentials, {}};
    plan.interpreter = TRY(ProgramFile::open(system.vfs, resolver, plan.image.interpreter(), true));
    memset(plan.start.data(), 0, plan.start.size());
    usize const count = TRY(plan.interpreter.read(0, plan.start.bytes()));
    if (count < sizeof(ElfHeader)) return Errno::Io;
    Result<ElfImage> image = ElfImage::parse(system.heap, plan.interpreter, plan.start.bytes());
    if (image.is_error()) return image.error() == Errno::NoExec ? Errno::LibBad : image.error();
    plan.interpreter_image = image.take();
    return {};
}

Result<void> build_space(UserThread& thread, ExecPlan& plan)
{
    System& system = thread.system();
    Process& process = thread.process();
    plan.space = TRY(AddressSpace::create(system.heap, system.frames, system.platform));
    AddressSpace& space = *plan.space;
    space.set_limits(process.limit(Resource::Stack).soft,
                     process.limit(Resource::AddressSpace).soft,
                     process.limit(Resource::Data).soft);
    plan.loaded = TRY(load_program(space, plan.image, plan.program));
    plan.entry = plan.loaded.entry;
    space.set_heap_start({plan.loaded.end});
    if (plan.image.has_interpreter()) {
        LoadedProgram const loaded =
            TRY(load_interpreter(space, plan.interpreter_image, plan.interpreter));
        plan.interpreter_base = loaded.base;
        plan.entry = loaded.entry;
    }
    if (system.vdso != nullptr) plan.vdso = TRY(system.vdso->map_into(space));
    return {};
}

Result<void> build_stack(UserThread& thread, ExecPlan& plan, StringView file_name)
{
    AddressSpace& space = *plan.space;
    u64 const needed = argument_block_size(plan.strings, file_name);
    MapRequest request;
    request.length = page_ceil(needed) + kStackSlack;
    request.address = {kUserEnd - request.length};
    request.rights = {true, true, plan.image.wants_executable_stack()};
    // A program that wants to be where the stack must be cannot have it.
    request.fixed = true;
    request.no_replace = true;
    request.kind = Region::Kind::Stack;
    request.grows_down = true;
    Result<UserAddr> const place = space.map(request);
    if (place.is_error()) return Errno::NoMem;
    TRY(space.prefault_exec_regions());
    AuxiliaryValues values;
    values.headers_address = plan.loaded.headers_address;
    values.header_count = plan.image.header_count();
    values.interpreter_base = plan.interpreter_base;
    values.entry = plan.loaded.entry;
    values.vdso = plan.vdso.value;
    Credentials const& credentials = plan.credentials;
    values.uid = credentials.uid;
    values.euid = credentials.euid;
    values.gid = credentials.gid;
    values.egid = credentials.egid;
    values.is_secure = plan.is_secure;
    plan.block = TRY(write_argument_block(thread.system(), space, plan.strings, file_name, values));
    AddressSpace::Layout& layout = space.layout();
    layout.stack_start = {plan.block.stack_pointer};
    layout.arguments_start = {plan.block.arguments_start};
    layout.arguments_end = {plan.block.environment_start};
    layout.environment_start = {plan.block.environment_start};
    layout.environment_end = {plan.block.strings_end};
    return {};
}

// Shared tables are given up by exec; what replaces them is made now.
Result<void> reserve_tables(UserThread& thread, ExecPlan& plan)
{
    Process& process = thread.process();
    // Those of the other threads, which end, do not count.
    u32 own_references = 0;
    for (ThreadLink& link : process.threads) {
        if (link.thread->files == thread.files) ++own_references;
    }
    if (thread.files->references() > own_references) plan.files = TRY(thread.files->duplicate());
    plan.actions = TRY(thread.system().heap.create_ref<SignalActions>(*process.actions));
    plan.actions->forget_handlers();
    return {};
}

void set_name(UserThread& thread, StringView path)
{
    usize start = path.size();
    while (start > 0 && path[start - 1] != '/') --start;
    StringView const name = path.from(start);
    memset(thread.name, 0, sizeof(thread.name));
    usize const length = name.size() < sizeof(thread.name) ? name.size() : sizeof(thread.name) - 1;
    memcpy(thread.name, name.data(), length);
}

void reset_thread(UserThread& thread, ExecPlan const& plan)
{
    new (&thread.context()) UserContext;
    thread.context().rip = plan.entry;
    thread.context().reg(Gpr::Rsp) = plan.block.stack_pointer;
    thread.alternate_stack = {};
    thread.alternate_stack_size = 0;
    thread.alternate_stack_flags = 2;
    thread.skip_result = true;
    thread.in_syscall = false;
}

// prctl(2), PR_SET_DUMPABLE and PR_SET_PDEATHSIG: what a program with other rights loses.
void adopt_credentials(UserThread& thread, Credentials const& credentials)
{
    Credentials const& own = credentials;
    bool const has_more = own.euid != own.uid || own.egid != own.gid;
    thread.process().is_dumpable = !has_more;
    if (has_more) thread.parent_death_signal = 0;
    thread.credentials = credentials;
}

// From here on nothing can fail.
void commit(UserThread& thread, ExecPlan& plan, StringView shown_path)
{
    System& system = thread.system();
    ProcessTable& processes = system.processes;
    Process& process = thread.process();
    processes.end_other_threads(thread);
    processes.leave_memory(thread);
    thread.robust_list = {};
    processes.delete_timers(process);
    if (plan.files) thread.files = std::move(plan.files);
    thread.files->close_marked();
    process.actions = std::move(plan.actions);
    process.note_peak_memory();
    process.space = std::move(plan.space);
    processes.release_vfork_parent(process);
    adopt_credentials(thread, plan.credentials);
    process.executable = plan.program.path;
    process.running_file = std::move(plan.program.running);
    process.has_executed = true;
    process.barriers = 0;
    process.exit_signal = static_cast<u32>(Signal::Chld);
    set_name(thread, shown_path);
    reset_thread(thread, plan);
    Event event;
    event.kind = EventKind::Exec;
    event.pid = process.pid();
    event.tid = thread.tid();
    event.a = plan.program.cache->id();
    event.b = plan.entry;
    system.platform.record(event);
}

}  // namespace

namespace {

Result<void> prepare(UserThread& thread, ExecTarget const& target, ExecPlan& plan)
{
    TRY(find_program(thread, target, plan));
    TRY(find_interpreter(thread, plan));
    TRY(decide_credentials(thread, plan.program, plan.credentials, plan.is_secure));
    TRY(build_space(thread, plan));
    TRY(build_stack(thread, plan, target.shown_path));
    return reserve_tables(thread, plan);
}

// Linux finds out that a segment is absurd when the old program is gone already, and ends the
// process (fs/binfmt_elf.c, load_elf_binary). Here the old program is still there, but its end is
// the same.
void end_by_bad_segment(UserThread& thread)
{
    thread.process().actions->of(Signal::Segv) = SignalAction{};
    thread.system().processes.force_signal(thread, SignalInfo::from_kernel(Signal::Segv));
}

}  // namespace

Result<void> check_target(UserThread& thread, ExecTarget const& target)
{
    Resolver const resolver{*thread.file_context, thread.credentials, target.base};
    TRY(open_target(thread, target, resolver));
    return {};
}

Result<void> execute_target(UserThread& thread, ExecTarget const& target, ExecStrings strings)
{
    Own<ExecPlan> plan = TRY(thread.system().heap.create<ExecPlan>());
    plan->strings = std::move(strings);
    Result<void> const prepared = prepare(thread, target, *plan);
    if (prepared.is_error()) {
        if (prepared.error() == Errno::Inval) end_by_bad_segment(thread);
        return prepared.error();
    }
    commit(thread, *plan, target.shown_path);
    return {};
}

Result<void> execute(UserThread& thread, StringView path, ExecStrings strings)
{
    return execute_target(thread, ExecTarget{path, {}, path, true}, std::move(strings));
}

}  // namespace drydock
