#include "core/syscall/handlers.h"
// Descriptors themselves: close(2), dup(2), pipe(2), ioctl(2).

#include "core/abi/termios.h"
#include "core/pipe/pipe.h"
#include "core/syscall/call_support.h"
#include "core/syscall/file_clone.h"
#include "core/syscall/file_locks.h"
#include "core/syscall/file_owner.h"

namespace drydock {

Result<i64> sys_close(Call& call);
Result<i64> sys_close_range(Call& call);
Result<i64> sys_dup(Call& call);
Result<i64> sys_dup2(Call& call);
Result<i64> sys_dup3(Call& call);
Result<i64> sys_pipe(Call& call);
Result<i64> sys_pipe2(Call& call);
Result<i64> sys_ioctl(Call& call);

namespace {

constexpr u32 kCloseRangeUnshare = 2, kCloseRangeCloseOnExec = 4;

// Puts the file at exactly `target` (dup2(2)).
Result<i64> duplicate_to(Call& call, Ref<File> file, u32 target, bool close_on_exec)
{
    FileTable& files = *call.thread.files;
    u32 const limit = descriptor_limit(call);
    if (target >= limit) return Errno::BadF;
    Result<Ref<File>> replaced = files.get(target);
    if (replaced.is_ok()) release_posix_locks(files, *replaced.value());
    TRY(files.set(target, std::move(file), close_on_exec, limit));
    return i64{target};
}

// ioctl_tty(2), TIOCGPTPEER: the slave of a master, by its name.
Result<i64> open_peer(Call& call, File& master)
{
    u32 index = TRY(master.pseudo_terminal());
    char path[] = "/dev/pts/0000";
    constexpr usize kStart = sizeof("/dev/pts/") - 1;
    usize digits = 1;
    for (u32 rest = index / 10; rest > 0; rest /= 10) ++digits;
    for (usize i = digits; i > 0; --i) {
        path[kStart + i - 1] = static_cast<char>('0' + index % 10);
        index /= 10;
    }
    UserThread& thread = call.thread;
    Resolver const resolver{*thread.file_context, thread.credentials, {}};
    u32 const flags = call.word(2);
    Ref<File> file =
        TRY(call.system().vfs.open(resolver, StringView{path, kStart + digits}, flags, 0));
    bool const close_on_exec = (flags & open_flags::kCloseOnExec) != 0;
    return i64{TRY(thread.files->add(std::move(file), close_on_exec, 0, descriptor_limit(call)))};
}

Result<i64> make_pipe(Call& call, u32 flags)
{
    u32 const known = open_flags::kCloseOnExec | open_flags::kNonBlock | open_flags::kDirect;
    if ((flags & ~known) != 0) return Errno::Inval;
    FileTable& files = *call.thread.files;
    u32 const limit = descriptor_limit(call);
    bool const close_on_exec = (flags & open_flags::kCloseOnExec) != 0;
    PipeEnds ends = TRY(
        create_pipe(call.system().vfs, flags & ~open_flags::kCloseOnExec, call.thread.credentials));
    u32 const reader = TRY(files.add(std::move(ends.reader), close_on_exec, 0, limit));
    Result<u32> writer = files.add(std::move(ends.writer), close_on_exec, 0, limit);
    if (writer.is_error()) {
        MUST(files.close(reader));
        return writer.error();
    }
    i32 const pair[2] = {static_cast<i32>(reader), static_cast<i32>(writer.value())};
    ConstBytes const bytes{reinterpret_cast<std::byte const*>(pair), sizeof(pair)};
    Result<void> const written = call.space().write_bytes(call.address(0), bytes);
    if (written.is_error()) {
        MUST(files.close(reader));
        MUST(files.close(writer.value()));
        return written.error();
    }
    return 0;
}

Result<i64> set_non_blocking(Call& call, File& file)
{
    i32 const value = TRY(call.space().read<i32>(call.address(2)));
    u32 const rest = file.flags() & ~open_flags::kNonBlock;
    file.set_flags(value != 0 ? rest | open_flags::kNonBlock : rest);
    return 0;
}

// FIOASYNC: what cannot tell by a signal takes only what it has already (fs/ioctl.c).
Result<i64> set_asynchronous(Call& call, File& file)
{
    i32 const value = TRY(call.space().read<i32>(call.address(2)));
    u32 const wanted = value != 0 ? open_flags::kAsync : 0;
    if ((file.flags() & open_flags::kAsync) == wanted) return 0;
    if (!file.can_signal()) return Errno::NotTty;
    TRY(set_signals(call, file, value != 0));
    return 0;
}

// FIOSETOWN, SIOCSPGRP, FIOGETOWN, SIOCGPGRP (net/socket.c, sock_ioctl).
bool is_socket_owner_command(u32 command) { return command >= 0x8901 && command <= 0x8904; }

Result<i64> control_socket_owner(Call& call, u32 command, File& socket)
{
    bool const sets = command <= 0x8902;
    if (sets) {
        i32 const owner = TRY(call.space().read<i32>(call.address(2)));
        TRY(set_file_owner(call, socket, owner));
        return 0;
    }
    i32 const owner = file_owner(call, socket);
    TRY(call.space().write(call.address(2), owner));
    return 0;
}

// FIONREAD of a regular file: what is left of it (ioctl_list(2)).
Result<i64> report_rest(Call& call, File& file)
{
    i64 const size = static_cast<i64>(file.inode().attributes().size);
    i32 const rest = static_cast<i32>(size - static_cast<i64>(file.position()));
    TRY(call.space().write(call.address(2), rest));
    return 0;
}

}  // namespace

Result<i64> sys_close(Call& call)
{
    FileTable& files = *call.thread.files;
    Ref<File> const file = TRY(files.get(call.word(0)));
    release_posix_locks(files, *file);
    TRY(files.close(call.word(0)));
    return 0;
}

Result<i64> sys_close_range(Call& call)
{
    u32 const first = call.word(0);
    u32 const last = call.word(1);
    u32 const flags = call.word(2);
    if ((flags & ~(kCloseRangeUnshare | kCloseRangeCloseOnExec)) != 0) return Errno::Inval;
    if (first > last) return Errno::Inval;
    UserThread& thread = call.thread;
    if ((flags & kCloseRangeUnshare) != 0 && thread.files->references() > 1) {
        thread.files = TRY(thread.files->duplicate());
    }
    FileTable& files = *thread.files;
    bool const marks_only = (flags & kCloseRangeCloseOnExec) != 0;
    for (u32 i = first; i <= last && i < files.upper_bound(); ++i) {
        Result<Ref<File>> file = files.get(i);
        if (file.is_error()) continue;
        if (marks_only) {
            TRY(files.set_close_on_exec(i, true));
        } else {
            release_posix_locks(files, *file.value());
            TRY(files.close(i));
        }
    }
    return 0;
}

Result<i64> sys_dup(Call& call)
{
    Ref<File> file = TRY(any_file_of(call, call.word(0)));
    u32 const limit = descriptor_limit(call);
    u32 const descriptor = TRY(call.thread.files->add(std::move(file), false, 0, limit));
    return i64{descriptor};
}

Result<i64> sys_dup2(Call& call)
{
    Ref<File> file = TRY(any_file_of(call, call.word(0)));
    if (call.word(0) == call.word(1)) return i64{call.word(1)};
    return duplicate_to(call, std::move(file), call.word(1), false);
}

Result<i64> sys_dup3(Call& call)
{
    if ((call.word(2) & ~open_flags::kCloseOnExec) != 0) return Errno::Inval;
    if (call.word(0) == call.word(1)) return Errno::Inval;
    if (call.word(1) >= descriptor_limit(call)) return Errno::BadF;
    Ref<File> file = TRY(any_file_of(call, call.word(0)));
    return duplicate_to(call, std::move(file), call.word(1), call.word(2) != 0);
}

Result<i64> sys_pipe(Call& call) { return make_pipe(call, 0); }

Result<i64> sys_pipe2(Call& call) { return make_pipe(call, call.word(1)); }

Result<i64> sys_ioctl(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    FileTable& files = *call.thread.files;
    u32 const command = call.word(1);
    if (command == ioctls::kFioClex || command == ioctls::kFionClex) {
        TRY(files.set_close_on_exec(call.word(0), command == ioctls::kFioClex));
        return 0;
    }
    if (command == ioctls::kFionBio) return set_non_blocking(call, *file);
    if (command == ioctls::kFioAsync) return set_asynchronous(call, *file);
    if (command == ioctls::kFionRead && file->inode().type() == InodeType::Regular) {
        return report_rest(call, *file);
    }
    if (command == kFiClone || command == kFiCloneRange) return clone_file(call, command, *file);
    if (is_socket_owner_command(command) && file->kind() == FileKind::Socket) {
        return control_socket_owner(call, command, *file);
    }
    if (command == ioctls::kTiocGptPeer) return open_peer(call, *file);
    IoctlCall const request{command, call[2], call.space()};
    return file->ioctl(request);
}

}  // namespace drydock
