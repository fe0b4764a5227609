// Process 1: the program that the machine was started for.

#include "core/kernel/kernel.h"
#include "core/trap/user_loop.h"

namespace drydock {

namespace {

constexpr StringView kDefaultSearchPath = "/sbin:/usr/sbin:/bin:/usr/bin";
// What a shell reports for a command that is not there, and for one that cannot run.
constexpr int kStatusNotFound = 127, kStatusNotRun = 126;
// Everything waits for a terminal that will give nothing any more.
constexpr int kStatusWaits = 124;

bool has_slash(StringView text)
{
    for (char const character : text) {
        if (character == '/') return true;
    }
    return false;
}

// Whether the last part of a path is the name of an init.
bool is_called_init(StringView path)
{
    usize start = path.size();
    while (start > 0 && path[start - 1] != '/') --start;
    return path.from(start) == "init";
}

// The value of PATH in the environment, or the default.
StringView search_path_of(ExecStrings const& strings)
{
    auto const* text = reinterpret_cast<char const*>(strings.storage.data());
    for (u32 i = 0; i < strings.argument_count + strings.environment_count; ++i) {
        StringView const entry = StringView::from_c_string(text);
        bool const is_environment = i >= strings.argument_count;
        if (is_environment && entry.starts_with("PATH=")) return entry.from(5);
        text += entry.size() + 1;
    }
    return kDefaultSearchPath;
}

Result<ExecStrings> copy_strings(Heap& heap, ExecStrings const& strings)
{
    ExecStrings copy;
    copy.storage = TRY(Buffer::create(heap, strings.used));
    if (strings.used > 0) memcpy(copy.storage.data(), strings.storage.data(), strings.used);
    copy.used = strings.used;
    copy.argument_count = strings.argument_count;
    copy.environment_count = strings.environment_count;
    return copy;
}

StringView text_of(Errno error)
{
    if (error == Errno::NoEnt) return "No such file or directory";
    if (error == Errno::Acces) return "Permission denied";
    if (error == Errno::NoExec) return "Exec format error";
    if (error == Errno::NoMem) return "Cannot allocate memory";
    if (error == Errno::TooBig) return "Argument list too long";
    if (error == Errno::NotDir) return "Not a directory";
    if (error == Errno::Loop) return "Too many levels of symbolic links";
    if (error == Errno::LibBad) return "Accessing a corrupted shared library";
    if (error == Errno::NameTooLong) return "File name too long";
    if (error == Errno::Io) return "Input/output error";
    return "Invalid argument";
}

}  // namespace

Result<void> Kernel::enter_directory(Process& process, StringView path)
{
    UserThread& thread = *process.main_thread;
    Resolver const resolver{*context_, thread.credentials, {}};
    LookupOptions options;
    options.must_be_directory = true;
    thread.file_context->root = vfs_.root_path();
    thread.file_context->mounts = vfs_.mounts().first();
    thread.file_context->working_directory = TRY(vfs_.resolve(resolver, path, options));
    return {};
}

void Kernel::open_console(Process& process)
{
    ConsoleMode const mode = platform_.console_mode();
    UserThread& thread = *process.main_thread;
    u32 const limit = static_cast<u32>(process.limit(Resource::OpenFiles).soft);
    Ref<File> terminal;
    for (u32 descriptor = 0; descriptor < 3; ++descriptor) {
        Ref<File> file;
        if (mode.is_terminal[descriptor]) {
            // One open terminal for all three, as after a login.
            if (!terminal) {
                Resolver const resolver{*context_, thread.credentials, {}};
                u32 const flags = open_flags::kReadWrite | open_flags::kNoControllingTty;
                Result<Ref<File>> opened = vfs_.open(resolver, "/dev/console", flags, 0);
                if (opened.is_error()) fail("boot: cannot open /dev/console");
                terminal = opened.take();
                // An init leads no session that could have it.
                if (!process.is_init) {
                    process.session->terminal = &console_;
                    console_.session_id = process.session->id();
                    console_.foreground_group = process.group_id;
                }
            }
            file = terminal;
        } else {
            Result<Ref<File>> opened = console_.open_stream(static_cast<ConsoleStream>(descriptor));
            if (opened.is_error()) fail("boot: cannot open the console's streams");
            file = opened.take();
        }
        if (thread.files->set(descriptor, file, false, limit).is_error()) fail("boot: no memory");
    }
}

// What a tree is started with when nobody says it.
StringView Kernel::find_own_program()
{
    StringView const candidates[] = {"/sbin/init", "/etc/init", "/bin/init"};
    Credentials const root{};
    Resolver const resolver{*context_, root, {}};
    for (StringView const path : candidates) {
        if (vfs_.resolve(resolver, path, {}).is_ok()) return path;
    }
    return "/bin/sh";
}

Result<void> Kernel::keep_first_program(BootProgram const& program, StringView path)
{
    // A program that nobody has named has no arguments, so its own name goes before all else.
    usize const name_size = program.path.is_empty() ? path.size() + 1 : 0;
    first_.path = TRY(Buffer::copy_of(heap_, path));
    first_.strings.used = name_size + program.strings.size();
    first_.strings.storage = TRY(Buffer::create(heap_, first_.strings.used));
    std::byte* const target = first_.strings.storage.data();
    if (name_size > 0) {
        memcpy(target, path.data(), path.size());
        target[path.size()] = std::byte{0};
    }
    if (program.strings.size() > 0) {
        memcpy(target + name_size, program.strings.data(), program.strings.size());
    }
    first_.strings.argument_count = program.argument_count + (name_size > 0 ? 1 : 0);
    first_.strings.environment_count = program.environment_count;
    return {};
}

void Kernel::create_first_process(BootProgram const& program)
{
    StringView const path = program.path.is_empty() ? find_own_program() : program.path;
    Result<Ref<Process>> created = processes_.create_first(program.is_init || is_called_init(path));
    if (created.is_error()) fail("boot: no memory for the first process");
    Process& process = *created.value();
    if (enter_directory(process, program.working_directory).is_error()) {
        fail("boot: the working directory does not exist");
    }
    open_console(process);
    // An init's programs log in at the console, whatever standard input is.
    if (process.is_init && !platform_.console_mode().is_terminal[0]) console_.type_from_stream();

    if (keep_first_program(program, path).is_error()) fail("boot: no memory");
    UserThread& thread = *process.main_thread;
    if (scheduler_.start(thread, run_first_thread, this).is_error()) fail("boot: no memory");
}

void Kernel::run_first_thread(void* argument)
{
    auto& kernel = *static_cast<Kernel*>(argument);
    Process* const process = kernel.processes_.find(1);
    ASSERT(process != nullptr);
    UserThread& thread = *process->main_thread;
    Result<void> const outcome = kernel.execute_first(thread);
    if (outcome.is_error()) kernel.give_up_program(outcome.error());
    kernel.first_.path = Buffer{};
    kernel.first_.strings = ExecStrings{};
    run_user_thread(&thread);
}

Result<void> Kernel::execute_first(UserThread& thread)
{
    StringView const name = first_.path.text();
    if (name.is_empty()) return Errno::NoEnt;
    if (has_slash(name)) {
        ExecStrings strings = TRY(copy_strings(heap_, first_.strings));
        return execute(thread, name, std::move(strings));
    }
    return search_path(thread, name);
}

// As execvp(3): the first directory in which the program can be run.
Result<void> Kernel::search_path(UserThread& thread, StringView name)
{
    StringView rest = search_path_of(first_.strings);
    Errno error = Errno::NoEnt;
    while (true) {
        usize length = 0;
        while (length < rest.size() && rest[length] != ':') ++length;
        StringView const directory = length == 0 ? StringView{"."} : rest.first(length);
        Buffer path = TRY(Buffer::create(heap_, directory.size() + 1 + name.size()));
        memcpy(path.data(), directory.data(), directory.size());
        path.data()[directory.size()] = std::byte{'/'};
        memcpy(path.data() + directory.size() + 1, name.data(), name.size());
        ExecStrings strings = TRY(copy_strings(heap_, first_.strings));
        Result<void> const outcome = execute(thread, path.text(), std::move(strings));
        if (outcome.is_ok()) return {};
        if (outcome.error() == Errno::Acces) {
            error = Errno::Acces;
        } else if (outcome.error() != Errno::NoEnt && outcome.error() != Errno::NotDir) {
            return outcome.error();
        }
        if (length == rest.size()) return error;
        rest = rest.from(length + 1);
    }
}

void Kernel::print_error(StringView text)
{
    auto const bytes = ConstBytes{reinterpret_cast<std::byte const*>(text.data()), text.size()};
    platform_.console_output(ConsoleStream::Error, bytes);
}

void Kernel::give_up_program(Errno error)
{
    print_error("drydock: cannot run ");
    print_error(first_.path.text());
    print_error(": ");
    print_error(text_of(error));
    print_error("\n");
    platform_.halt(error == Errno::NoEnt ? kStatusNotFound : kStatusNotRun);
}

void Kernel::end_at_standstill(void* argument)
{
    Kernel& kernel = *static_cast<Kernel*>(argument);
    if (!kernel.console_.waits_in_vain()) return;
    kernel.print_error("drydock: the console's input has ended, and everything waits for more\n");
    kernel.platform_.halt(kStatusWaits);
}

}  // namespace drydock
