#pragma once

// A process on a fake machine that makes system calls: its memory, its descriptors, a root file
// system.

#include "core/abi/io.h"
#include "core/fs/ram_fs.h"
#include "core/procfs/proc_fs.h"
#include "core/syscall/syscall.h"
#include "core/tty/console_tty.h"
#include "tests/support/fake_platform.h"

#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace drydock::test {

class Caller {
    struct Parts {
        explicit Parts(Platform& platform)
            : frames(platform, platform.memory_layout())
            , heap(frames)
            , scheduler(platform, frames)
            , vfs(heap, frames, scheduler, 0)
            , console(vfs, platform)
            , system{platform, frames, heap, scheduler, vfs, processes, console, names}
            , processes(system)
        {}
        FrameAllocator frames;
        Heap heap;
        Scheduler scheduler;
        Vfs vfs;
        ConsoleTty console;
        SystemNames names{};
        System system;
        ProcessTable processes;
        Own<RamFs> root{};
    };

public:
    static constexpr u64 kMemory = 0x10'0000;
    static constexpr u64 kMemorySize = 64 * kKiB;

    Caller() : kernel_(new (memory_.get()) Parts(machine.platform()))
    {
        Parts& parts = *kernel_;
        parts.root = RamFs::create(parts.vfs, "rootfs", 0).take();
        MUST(parts.vfs.mounts().mount_root(*parts.root));
        process = parts.processes.create_first(false).take();
        thread = process->main_thread;
        thread->file_context->root = parts.vfs.root_path();
        thread->file_context->mounts = parts.vfs.mounts().first();
        thread->file_context->working_directory = parts.vfs.root_path();
        MapRequest request;
        request.address = {kMemory};
        request.length = kMemorySize;
        request.rights = {true, true, false};
        request.fixed = true;
        MUST(process->space->map(request));
    }

    // The result as rax shows it: negative errno for errors.
    i64 call(u64 number, std::initializer_list<u64> arguments = {})
    {
        constexpr Gpr kOrder[] = {Gpr::Rdi, Gpr::Rsi, Gpr::Rdx, Gpr::R10, Gpr::R8, Gpr::R9};
        UserContext& context = thread->context();
        for (Gpr const name : kOrder) context.reg(name) = 0;
        usize index = 0;
        for (u64 const value : arguments) {
            context.reg(kOrder[index]) = value;
            ++index;
        }
        context.reg(Gpr::Rax) = number;
        dispatch_syscall(*thread, thread->system());
        return static_cast<i64>(context.reg(Gpr::Rax));
    }

    // Puts bytes into user memory; their address.
    u64 put(void const* data, usize size, u64 offset = 0)
    {
        MUST(process->space->write_bytes({kMemory + offset},
                                         {static_cast<std::byte const*>(data), size}));
        return kMemory + offset;
    }
    u64 put(std::string const& text, u64 offset = 0)
    {
        return put(text.c_str(), text.size() + 1, offset);
    }
    std::vector<u8> get(u64 address, usize size)
    {
        std::vector<u8> bytes(size);
        MUST(process->space->read_bytes({reinterpret_cast<std::byte*>(bytes.data()), size},
                                        {address}));
        return bytes;
    }
    template <typename T>
    T value(u64 address)
    {
        return MUST(process->space->read<T>({address}));
    }
    System& system() { return kernel_->system; }

    FakePlatform machine{};

private:
    // A kernel is never taken down: its memory goes, its destructors do not run.
    std::unique_ptr<void, void (*)(void*)> const memory_{std::malloc(sizeof(Parts)), std::free};

public:
    Ref<Process> process{};
    UserThread* thread = nullptr;

private:
    Parts* kernel_;
};

}  // namespace drydock::test
