// process_vm_readv(2), process_vm_writev(2), kcmp(2).

#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/inspection.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

// The segments in the other process, copied before anything moves.
class RemoteSegments {
public:
    // Errno::Inval, Fault, NoMem.
    Result<void> load(Call& call, UserAddr vector, u64 count)
    {
        if (count > kIovecMaximum) return Errno::Inval;
        if (count == 0) return {};
        storage_ = TRY(Buffer::create(call.system().heap, count * sizeof(UserIovec)));
        TRY(call.space().read_bytes(storage_.bytes(), vector));
        for (UserIovec const& segment : all()) {
            if (static_cast<i64>(segment.size) < 0) return Errno::Inval;
        }
        return {};
    }
    Span<UserIovec const> all() const
    {
        return {reinterpret_cast<UserIovec const*>(storage_.data()),
                storage_.size() / sizeof(UserIovec)};
    }

private:
    Buffer storage_{};
};

struct RemoteCopy {
    IoBuffer& local;
    AddressSpace& space;
    Bytes page{};  // What one step moves at most.
    bool writes = false;
};

// One step; fewer bytes than wanted where memory ends, on either side.
usize copy_step(RemoteCopy& copy, UserAddr remote, usize size)
{
    Bytes const bytes = copy.page.first(size);
    if (copy.writes) {
        Result<usize> taken = copy.local.take(bytes);
        if (taken.is_error()) return 0;
        return copy.space.copy_out(remote, bytes.first(taken.value()));
    }
    usize const got = copy.space.copy_in(bytes, remote);
    if (got == 0) return 0;
    Result<usize> put = copy.local.put(bytes.first(got));
    return put.is_error() ? 0 : put.value();
}

Result<i64> run_copy(RemoteCopy& copy, RemoteSegments const& segments)
{
    u64 total = 0;
    for (UserIovec const& segment : segments.all()) {
        u64 done = 0;
        while (done < segment.size && copy.local.remaining() > 0) {
            UserAddr const at{segment.address + done};
            usize wanted = kPageSize - static_cast<usize>(at.value % kPageSize);
            if (wanted > segment.size - done) wanted = static_cast<usize>(segment.size - done);
            if (wanted > copy.local.remaining()) wanted = copy.local.remaining();
            bool const is_user = at.value < kUserEnd && wanted <= kUserEnd - at.value;
            usize const moved = is_user ? copy_step(copy, at, wanted) : 0;
            total += moved;
            done += moved;
            if (moved == wanted) continue;
            if (total == 0) return Errno::Fault;
            return static_cast<i64>(total);
        }
    }
    return static_cast<i64>(total);
}

// The order of the checks is Linux's (mm/process_vm_access.c).
Result<i64> transfer(Call& call, bool writes)
{
    if (call[5] != 0) return Errno::Inval;
    SegmentList segments;
    TRY(segments.load(call, call.address(1), call[2]));
    IoBuffer local = segments.buffer(call);
    if (local.remaining() == 0) return i64{0};
    RemoteSegments remote;
    TRY(remote.load(call, call.address(3), call[4]));
    u64 wanted = 0;
    for (UserIovec const& segment : remote.all()) wanted |= segment.size;
    if (wanted == 0) return i64{0};
    UserThread* const thread = seen_thread(call, call.word(0));
    if (thread == nullptr) return Errno::Srch;
    Process& target = thread->process();
    if (!may_inspect(call.thread, *thread)) return Errno::Perm;
    if (!target.space) return Errno::Srch;
    Ref<AddressSpace> const space = target.space;
    Buffer const page = TRY(Buffer::create(call.system().heap, kPageSize));
    RemoteCopy copy{local, *space, page.bytes(), writes};
    return run_copy(copy, remote);
}

// kcmp(2): equal, or not equal without an order: addresses are no order that a run should show.
Result<i64> compare(void const* left, void const* right)
{
    constexpr i64 kEqual = 0, kDifferent = 3;
    return left == right ? kEqual : kDifferent;
}

Result<i64> compare_files(UserThread& first, UserThread& second, u32 left, u32 right)
{
    if (!first.files || !second.files) return Errno::BadF;
    Ref<File> const one = TRY(first.files->get(left));
    Ref<File> const other = TRY(second.files->get(right));
    return compare(one.get(), other.get());
}

}  // namespace

Result<i64> sys_process_vm_readv(Call& call) { return transfer(call, false); }
Result<i64> sys_process_vm_writev(Call& call) { return transfer(call, true); }

Result<i64> sys_kcmp(Call& call)
{
    constexpr u32 kFile = 0, kMemory = 1, kFiles = 2, kFileSystem = 3, kSignalActions = 4;
    constexpr u32 kInputOutput = 5, kSemaphores = 6, kEpollTarget = 7;
    UserThread* const one = seen_thread(call, call.word(0));
    UserThread* const other = seen_thread(call, call.word(1));
    if (one == nullptr || other == nullptr) return Errno::Srch;
    Process& first = one->process();
    Process& second = other->process();
    if (!may_inspect(call.thread, *one) || !may_inspect(call.thread, *other)) {
        return Errno::Perm;
    }
    switch (call.word(2)) {
    case kFile: return compare_files(*one, *other, call.word(3), call.word(4));
    case kMemory: return compare(first.space.get(), second.space.get());
    case kFiles: return compare(one->files.get(), other->files.get());
    case kFileSystem: return compare(one->file_context.get(), other->file_context.get());
    case kSignalActions: return compare(first.actions.get(), second.actions.get());
    // Nobody has an I/O context, or operations of semaphores to undo.
    case kInputOutput:
    case kSemaphores: return i64{0};
    case kEpollTarget: return Errno::OpNotSupp;
    default: return Errno::Inval;
    }
}

}  // namespace drydock
