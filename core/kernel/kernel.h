#pragma once

// One kernel: the object that owns all others. Two can live in one process.

#include "core/fs/dev_fs.h"
#include "core/fs/ram_fs.h"
#include "core/mm/frame_allocator.h"
#include "core/process/exec.h"
#include "core/process/io_signals.h"
#include "core/process/process_table.h"
#include "core/process/tty_client.h"
#include "core/procfs/proc_fs.h"
#include "core/procfs/sys_fs.h"
#include "core/tty/tty.h"

namespace drydock {

// What the first process runs.
struct BootProgram {
    // Empty: the tree's own init, or its shell (init/main.c: /sbin/init, /etc/init, /bin/init,
    // /bin/sh), with its path as the only argument.
    StringView path{};
    // An init (ProcessTable::create_first), as are programs that are called that.
    bool is_init = false;
    // Zero-terminated strings one after the other; counts of each.
    ConstBytes strings{};
    u32 argument_count = 0;
    u32 environment_count = 0;
    StringView working_directory = "/";
};

// What is left when the machine stops: for the oracles of frame conservation and reference counts.
struct Audit {
    FrameCounts frames{};
    u64 leaked_frames = 0;
    u64 heap_objects = 0;
    u64 wrong_reference_counts = 0;
    u64 first_wrong_frame = 0;
    u32 processes = 0;
};

class Kernel {
public:
    explicit Kernel(Platform& platform);
    Kernel(Kernel const&) = delete;
    Kernel& operator=(Kernel const&) = delete;

    // Bytes that a kernel needs at the start of memory, given to the platform before boot.
    static usize object_size();
    // Builds a kernel in `storage` (object_size() bytes, 64-aligned) and boots it on the running
    // stack. Never returns: the platform's halt() ends the run, with the first process's exit
    // status.
    [[noreturn]] static void boot(Platform& platform, void* storage, BootProgram const& program);
    // The kernel in `storage`, for reports while it is stopped.
    static Kernel& at(void* storage);

    // Compares what is alive with what is accounted for. At quiet points: the kernel is stopped.
    Audit audit();
    // What is wrong with the regions and tables of the thread that runs, or null. When it is about
    // to run user code.
    char const* audit_running_space();
    System& system();
    // Writes who waits for what, a line each, into `target`; the part used.
    StringView describe_threads(Span<char> target);

    // Taking files out of a kernel that has stopped, by absolute path; links are not followed at
    // the end.
    Result<InodeAttributes> export_attributes(StringView path);
    Result<usize> export_read(StringView path, u64 offset, Bytes target);
    Result<usize> export_link(StringView path, Span<char> target);
    // The name at `position` of a directory (0 at first), "." and ".." left out; moves `position`
    // on. 0 when there are no more.
    Result<usize> export_name(StringView path, u64& position, Span<char> target);

private:
    // What the first thread runs before it is a user thread: kept until then.
    struct FirstProgram {
        Buffer path{};
        ExecStrings strings{};
    };

    void create_vdso();
    void mount_file_systems();
    void make_nodes();
    void register_file_systems();
    void mount_at(StringView name, FileSystem& file_system);
    static Result<FileSystem*> make_device_tree(void* kernel,
                                                StringView source,
                                                StringView options);
    void create_first_process(BootProgram const& program);
    void open_console(Process& process);
    Result<void> enter_directory(Process& process, StringView path);
    Result<void> keep_first_program(BootProgram const& program, StringView path);
    StringView find_own_program();
    static void run_first_thread(void* argument);
    Result<void> execute_first(UserThread& thread);
    Result<void> search_path(UserThread& thread, StringView name);
    [[noreturn]] void give_up_program(Errno error);
    // Nothing can ever happen again: where that is because nobody types, the run ends with a line.
    static void end_at_standstill(void* argument);
    void print_error(StringView text);
    [[noreturn]] void fail(StringView what);

    Platform& platform_;
    SystemNames names_{};
    FrameAllocator frames_;
    Heap heap_;
    Own<Vdso> vdso_{};
    Scheduler scheduler_;
    Vfs vfs_;
    ConsoleTty console_;
    System system_;
    ProcessTable processes_;
    ProcessTtyClient tty_client_;
    IoSignals io_signals_;
    DeviceTable devices_;
    Own<RamFs> root_{};
    Own<ProcFs> proc_{};
    Own<SysFs> sys_{};
    Own<RamFs> device_tree_{};          // Made when devtmpfs is first mounted.
    Ref<FileSystemContext> context_{};  // Of the kernel's own look-ups while it boots.
    FirstProgram first_{};
};

}  // namespace drydock
