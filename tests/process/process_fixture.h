#pragma once

// A kernel without user code: everything below system calls, with process 1 made but not running.

#include "core/fs/ram_fs.h"
#include "core/process/exec.h"
#include "core/process/process_table.h"
#include "core/tty/console_tty.h"
#include "tests/support/fake_platform.h"

#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace drydock::test {

// The parts refer to each other as in a kernel; they are never destroyed, as a kernel never is.
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

    SystemNames names{};
    FrameAllocator frames;
    Heap heap;
    Scheduler scheduler;
    Vfs vfs;
    ConsoleTty console;
    System system;
    ProcessTable processes;
};

class ProcessTest : public testing::Test {
protected:
    ProcessTest()
    {
        root = MUST(RamFs::create(parts().vfs, "rootfs", 0)).take_pointer();
        MUST(parts().vfs.mounts().mount_root(*root));
        process = MUST(parts().processes.create_first(false)).get();
        process->main_thread->file_context->root = parts().vfs.root_path();
        process->main_thread->file_context->mounts = parts().vfs.mounts().first();
        process->main_thread->file_context->working_directory = parts().vfs.root_path();
    }

    Parts& parts() { return *parts_; }
    UserThread& thread() { return *process->main_thread; }
    AddressSpace& space() { return *process->space; }

    void write_file(StringView path, std::string const& content, u32 permissions = 0755)
    {
        Credentials const credentials;
        Resolver const resolver{*process->main_thread->file_context, credentials, {}};
        u32 const flags = open_flags::kReadWrite | open_flags::kCreate | open_flags::kTruncate;
        Ref<File> file = MUST(parts().vfs.open(resolver, path, flags, permissions));
        std::string copy = content;
        IoBuffer source =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(copy.data()), copy.size()});
        if (!content.empty()) {
            EXPECT_EQ(MUST(file->write(source)), content.size());
        }
    }

    ExecStrings strings(std::vector<std::string> const& arguments,
                        std::vector<std::string> const& environment = {})
    {
        ExecStrings result;
        for (auto const* list : {&arguments, &environment}) {
            for (std::string const& text : *list) {
                MUST(append_string(
                    parts().heap, result, {text.data(), text.size()}, kStringsMaximum));
            }
        }
        result.argument_count = static_cast<u32>(arguments.size());
        result.environment_count = static_cast<u32>(environment.size());
        return result;
    }

    // 0 for success, else the error number.
    int run(StringView path, std::vector<std::string> const& arguments = {"program"})
    {
        Result<void> const outcome = execute(thread(), path, strings(arguments));
        return outcome.is_ok() ? 0 : static_cast<int>(outcome.error());
    }

    FakePlatform machine{};
    RamFs* root = nullptr;
    Process* process = nullptr;

private:
    // A kernel is never taken down: its memory goes, its destructors do not run.
    std::unique_ptr<void, void (*)(void*)> const memory_{std::malloc(sizeof(Parts)), std::free};
    Parts* parts_ = new (memory_.get()) Parts(machine);
};

}  // namespace drydock::test
