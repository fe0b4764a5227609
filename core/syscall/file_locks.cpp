#include "core/syscall/file_locks.h"

#include "core/base/list.h"
#include "core/syscall/handlers.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

Result<i64> sys_flock(Call& call);

namespace {

// fcntl(2), struct flock and commands.
constexpr i16 kReadLock = 0, kWriteLock = 1, kUnlock = 2;
constexpr u32 kGetLk = 5, kSetLkW = 7, kOfdGetLk = 36, kOfdSetLkW = 38;
// flock(2).
constexpr u32 kShared = 1, kExclusive = 2, kNoBlock = 4, kRelease = 8, kMandatory = 32;

constexpr u64 kEndOfTime = 0x7fff'ffff'ffff'ffff;
// A circle of waiting processes is looked for this far (fs/locks.c, MAX_DEADLK_ITERATIONS).
constexpr u32 kDeadlockSteps = 10;

class LockList;
class LockHolder;

struct Lock {
    bool is_exclusive = false;
    bool is_flock = false;  // flock(2) and fcntl(2) locks do not see each other.
    u64 start = 0;
    u64 end = kEndOfTime;  // The last byte.
    i32 pid = -1;          // -1: of an open file.
    LockHolder* holder = nullptr;
    Ref<LockList> list{};
    ListHook list_hook{};
    ListHook holder_hook{};

    bool overlaps(Lock const& other) const { return start <= other.end && other.start <= end; }
};

// The locks on one inode.
class LockList final : public RefCounted {
public:
    explicit LockList(Scheduler& scheduler) : scheduler_(scheduler) {}
    Lock* find_conflict(Lock const& wanted)
    {
        for (Lock& lock : locks) {
            bool const concerns = lock.is_flock == wanted.is_flock && lock.holder != wanted.holder;
            bool const excludes = lock.is_exclusive || wanted.is_exclusive;
            if (concerns && excludes && lock.overlaps(wanted)) return &lock;
        }
        return nullptr;
    }
    Lock* find_own(Lock const& wanted)
    {
        for (Lock& lock : locks) {
            bool const concerns = lock.is_flock == wanted.is_flock && lock.holder == wanted.holder;
            if (concerns && lock.overlaps(wanted)) return &lock;
        }
        return nullptr;
    }
    void wake_waiters() { changed.wake_all(scheduler_); }

    List<Lock, &Lock::list_hook> locks;
    WaitQueue changed{};

private:
    Scheduler& scheduler_;
};

void destroy(Lock& lock)
{
    Ref<LockList> const list = lock.list;
    lock.list_hook.unlink();
    lock.holder_hook.unlink();
    Own<Lock> owned(&lock);
    owned.reset();
    list->wake_waiters();
}

// Whoever has locks: an open file, or the process behind a descriptor table.
class LockHolder final : public RefCounted {
public:
    ~LockHolder() override { release_all(); }
    void release_all()
    {
        while (Lock* const lock = locks.first()) destroy(*lock);
    }
    void release_on(LockList const& list)
    {
        Lock* next = nullptr;
        for (Lock* lock = locks.first(); lock != nullptr; lock = next) {
            next = locks.next(*lock);
            if (lock->list.get() == &list) destroy(*lock);
        }
    }
    List<Lock, &Lock::holder_hook> locks;
    // Who stands in the way, while this one waits.
    Ref<LockHolder> waits_for{};
};

// What the file or table keeps: its end gives the locks up, though others may still look at the
// holder.
class LockHandle final : public LockOwner {
public:
    explicit LockHandle(Ref<LockHolder> owner) : holder(std::move(owner)) {}
    ~LockHandle() override { holder->release_all(); }
    void descriptor_closed(Inode& inode) override
    {
        if (inode.locks) holder->release_on(static_cast<LockList const&>(*inode.locks));
    }
    Ref<LockHolder> const holder;
};

Result<Ref<LockHolder>> holder_of(Heap& heap, Ref<LockOwner>& slot)
{
    if (!slot) {
        Ref<LockHolder> holder = TRY(heap.create_ref<LockHolder>());
        Ref<LockHandle> const handle = TRY(heap.create_ref<LockHandle>(std::move(holder)));
        slot = Ref<LockOwner>(handle);
    }
    return static_cast<LockHandle*>(slot.get())->holder;
}

Result<Ref<LockList>> list_of(Call& call, Inode& inode)
{
    if (!inode.locks) {
        Ref<LockList> const list =
            TRY(call.system().heap.create_ref<LockList>(call.system().scheduler));
        inode.locks = Ref<RefCounted>(list);
    }
    return Ref<LockList>(static_cast<LockList*>(inode.locks.get()));
}

bool would_deadlock(LockHolder const& waiter, LockHolder const& blocker)
{
    LockHolder const* next = &blocker;
    for (u32 i = 0; i < kDeadlockSteps && next != nullptr; ++i) {
        if (next == &waiter) return true;
        next = next->waits_for.get();
    }
    return false;
}

// Until nobody stands in the way. Errno::Again, DeadLk, RestartSys.
Result<void> wait_for_turn(Call& call, LockList& list, Lock const& wanted, bool may_wait)
{
    LockHolder& holder = *wanted.holder;
    while (Lock* const conflict = list.find_conflict(wanted)) {
        if (!may_wait) return Errno::Again;
        // Only processes can wait in a circle; open files have no such check (fcntl(2)).
        if (wanted.pid > 0 && would_deadlock(holder, *conflict->holder)) return Errno::DeadLk;
        holder.waits_for = Ref<LockHolder>(conflict->holder);
        Waiter waiter{&call.thread, {}};
        list.changed.add(waiter);
        Result<void> const slept =
            call.system().scheduler.block("file lock", Thread::Wait::Interruptible, kNever);
        list.changed.remove(waiter);
        holder.waits_for.reset();
        if (slept.is_error()) return slept.error();
    }
    return {};
}

// Where a lock stands in the list: those of one holder together, in the order of their starts, so
// that F_GETLK finds the one that Linux finds (fs/locks.c, posix_lock_inode()).
Lock* next_in_list(LockList& list, Lock const& wanted)
{
    Lock* last_own = nullptr;
    for (Lock& lock : list.locks) {
        if (lock.holder != wanted.holder || lock.is_flock != wanted.is_flock) continue;
        if (lock.start > wanted.start) return &lock;
        last_own = &lock;
    }
    return last_own != nullptr ? list.locks.next(*last_own) : nullptr;
}

void publish(LockList& list, Lock const& wanted, Own<Lock> place)
{
    Lock* const next = next_in_list(list, wanted);
    Lock& lock = *place.take_pointer();
    lock.is_exclusive = wanted.is_exclusive;
    lock.is_flock = wanted.is_flock;
    lock.start = wanted.start;
    lock.end = wanted.end;
    lock.pid = wanted.pid;
    lock.holder = wanted.holder;
    lock.list = Ref<LockList>(&list);
    if (next != nullptr) {
        list.locks.insert_before(lock, *next);
    } else {
        list.locks.push_back(lock);
    }
    wanted.holder->locks.push_back(lock);
}

// Takes the range out of what the holder has. `spare` is used where one lock becomes two.
void cut_out(LockList& list, Lock const& range, Own<Lock>& spare)
{
    Lock* next = nullptr;
    for (Lock* lock = range.holder->locks.first(); lock != nullptr; lock = next) {
        next = range.holder->locks.next(*lock);
        bool const concerns = lock->list.get() == &list && lock->is_flock == range.is_flock;
        if (!concerns || !lock->overlaps(range)) continue;
        bool const has_left = lock->start < range.start;
        bool const has_right = lock->end > range.end;
        if (has_left && has_right) {
            Lock right;
            right.is_exclusive = lock->is_exclusive;
            right.is_flock = lock->is_flock;
            right.start = range.end + 1;
            right.end = lock->end;
            right.pid = lock->pid;
            right.holder = lock->holder;
            lock->end = range.start - 1;
            publish(list, right, std::move(spare));
        } else if (has_left) {
            lock->end = range.start - 1;
        } else if (has_right) {
            lock->start = range.end + 1;
        } else {
            destroy(*lock);
        }
    }
    list.wake_waiters();
}

// Takes in the locks of the same kind that end right before the range or start right behind it.
void merge_neighbours(LockList& list, Lock& range)
{
    Lock* next = nullptr;
    for (Lock* lock = range.holder->locks.first(); lock != nullptr; lock = next) {
        next = range.holder->locks.next(*lock);
        bool const concerns = lock->list.get() == &list && lock->is_flock == range.is_flock &&
                              lock->is_exclusive == range.is_exclusive;
        bool const is_before = lock->end != kEndOfTime && lock->end + 1 == range.start;
        bool const is_behind = range.end != kEndOfTime && range.end + 1 == lock->start;
        if (!concerns || (!is_before && !is_behind)) continue;
        if (is_before) range.start = lock->start;
        if (is_behind) range.end = lock->end;
        destroy(*lock);
    }
}

// The range that a struct flock names. Errno::Inval, Overflow.
Result<void> set_range(File& file, UserFlock const& request, Lock& lock)
{
    i64 base = 0;
    switch (request.whence) {
    case 0: break;
    case 1: base = static_cast<i64>(file.position()); break;
    case 2: base = static_cast<i64>(file.inode().attributes().size); break;
    default: return Errno::Inval;
    }
    i64 start = 0;
    if (__builtin_add_overflow(base, request.start, &start)) return Errno::Overflow;
    if (start < 0) return Errno::Inval;
    i64 end = static_cast<i64>(kEndOfTime);
    if (request.length > 0) {
        if (__builtin_add_overflow(start, request.length - 1, &end)) return Errno::Overflow;
    } else if (request.length < 0) {
        end = start - 1;
        start += request.length;
        if (start < 0) return Errno::Inval;
    }
    lock.start = static_cast<u64>(start);
    lock.end = static_cast<u64>(end);
    return {};
}

Result<i64> report_conflict(Call& call, LockList& list, Lock const& wanted, UserFlock request)
{
    Lock const* const conflict =
        request.type == kUnlock ? list.find_own(wanted) : list.find_conflict(wanted);
    request.type = kUnlock;
    if (conflict != nullptr) {
        request.type = conflict->is_exclusive ? kWriteLock : kReadLock;
        request.whence = 0;
        request.start = static_cast<i64>(conflict->start);
        bool const is_open_ended = conflict->end == kEndOfTime;
        request.length = is_open_ended ? 0 : static_cast<i64>(conflict->end - conflict->start + 1);
        bool const is_of_file = conflict->pid < 0;
        u32 const owner = is_of_file ? 0 : seen_number(call, static_cast<u32>(conflict->pid));
        request.pid = is_of_file ? -1 : static_cast<i32>(owner);
    }
    TRY(call.space().write(call.address(2), request));
    return 0;
}

Result<void> check_access(File const& file, i16 type)
{
    if (type == kReadLock && !file.is_readable()) return Errno::BadF;
    if (type == kWriteLock && !file.is_writable()) return Errno::BadF;
    if (type != kReadLock && type != kWriteLock && type != kUnlock) return Errno::Inval;
    return {};
}

}  // namespace

void release_posix_locks(FileTable& files, File& file)
{
    if (files.lock_holder) files.lock_holder->descriptor_closed(file.inode());
}

Result<i64> control_record_lock(Call& call, Ref<File> const& file, u32 command)
{
    UserFlock const request = TRY(call.space().read<UserFlock>(call.address(2)));
    bool const is_of_file = command >= kOfdGetLk;
    bool const asks = command == kGetLk || command == kOfdGetLk;
    bool const has_pid = is_of_file && request.pid != 0;
    if (has_pid && asks) return Errno::Inval;
    Heap& heap = call.system().heap;
    Ref<LockOwner>& slot = is_of_file ? file->lock_holder : call.thread.files->lock_holder;
    Ref<LockHolder> const holder = TRY(holder_of(heap, slot));
    Ref<LockList> const list = TRY(list_of(call, file->inode()));
    Lock wanted;
    TRY(set_range(*file, request, wanted));
    wanted.is_exclusive = request.type == kWriteLock;
    wanted.pid = is_of_file ? -1 : static_cast<i32>(call.process().pid());
    wanted.holder = holder.get();
    if (asks) {
        // Unlocking asks whether the open file itself has a lock there (Linux 6.7).
        bool const asks_for_any = is_of_file && request.type == kUnlock;
        bool const is_known = request.type == kReadLock || request.type == kWriteLock;
        if (!is_known && !asks_for_any) return Errno::Inval;
        return report_conflict(call, *list, wanted, request);
    }
    TRY(check_access(*file, request.type));
    if (has_pid) return Errno::Inval;
    // Both places are had before anything changes.
    Own<Lock> place = TRY(heap.create<Lock>());
    Own<Lock> spare = TRY(heap.create<Lock>());
    bool const may_wait = command == kSetLkW || command == kOfdSetLkW;
    if (request.type != kUnlock) TRY(wait_for_turn(call, *list, wanted, may_wait));
    cut_out(*list, wanted, spare);
    if (request.type != kUnlock) merge_neighbours(*list, wanted);
    if (request.type != kUnlock) publish(*list, wanted, std::move(place));
    return 0;
}

Result<i64> sys_flock(Call& call)
{
    // LOCK_MAND: locks that Linux no longer has (5.18), and does not refuse.
    if ((call.word(1) & kMandatory) != 0) return 0;
    u32 const operation = call.word(1) & ~kNoBlock;
    bool const is_known = operation == kShared || operation == kExclusive || operation == kRelease;
    if (!is_known) return Errno::Inval;
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    Heap& heap = call.system().heap;
    Ref<LockHolder> const holder = TRY(holder_of(heap, file->lock_holder));
    Ref<LockList> const list = TRY(list_of(call, file->inode()));
    Own<Lock> place = TRY(heap.create<Lock>());
    Own<Lock> spare{};
    Lock wanted;
    wanted.is_flock = true;
    wanted.is_exclusive = operation == kExclusive;
    wanted.holder = holder.get();
    // flock(2): a lock that is converted is given up first.
    cut_out(*list, wanted, spare);
    if (operation == kRelease) return 0;
    TRY(wait_for_turn(call, *list, wanted, (call.word(1) & kNoBlock) == 0));
    publish(*list, wanted, std::move(place));
    return 0;
}

}  // namespace drydock
