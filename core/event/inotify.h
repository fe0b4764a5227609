#pragma once

// inotify(7): a queue of what happens to the inodes that somebody watches. A watch holds its inode;
// it goes with it, with the queue, or when it is removed, and the queue tells of that.

#include "core/vfs/vfs.h"

namespace drydock {

// struct inotify_event, without the name behind it.
struct UserChangeEvent {
    i32 watch = 0;
    u32 mask = 0;
    u32 cookie = 0;
    u32 name_size = 0;  // With the zeros that pad it.
};
static_assert(sizeof(UserChangeEvent) == 16);

class Inotify final : public File {
public:
    // fs.inotify.max_queued_events; what does not fit is lost, and said to be.
    static constexpr usize kMaximumEvents = 16384;
    // fs.inotify.max_user_watches of a small machine.
    static constexpr usize kMaximumWatches = 65536;

    // `flags`: open flags, of which O_NONBLOCK counts. Errno::NoMem.
    static Result<Ref<File>> create(Vfs& vfs, u32 flags);
    Inotify(Vfs& vfs, Ref<Inode> inode, u32 flags)
        : File(std::move(inode), Path(), flags), vfs_(vfs)
    {}
    ~Inotify() override;

    // inotify_add_watch(2): the number of the inode's watch. Errno::Exist, NoSpc, NoMem.
    Result<i32> add(Ref<Inode> inode, u32 mask);
    // inotify_rm_watch(2). Errno::Inval.
    Result<void> remove(i32 number);

    FileKind kind() const override { return FileKind::Changes; }
    SignalLists signal_lists() override { return {&signalled_, nullptr}; }
    bool can_poll() const override { return true; }
    Result<u64> seek(i64, u32) override { return u64{0}; }
    // As many whole events as fit; waits for the first. Errno::Inval if that does not fit, Again,
    // Fault, RestartSys.
    Result<usize> read(IoBuffer& target) override;
    u32 poll(PollRegistration* registration) override;
    // FIONREAD: the bytes that wait.
    Result<i64> ioctl(IoctlCall const& call) override;

private:
    struct Watch final : InodeWatch {
        Watch(Inotify& queue, Ref<Inode> watched, i32 own_number, u32 events)
            : owner(queue), inode(std::move(watched)), number(own_number), mask(events)
        {}
        ~Watch() = default;
        void notice(ChangeNotice const& notice) override { owner.hear(*this, notice); }
        void inode_ends() override { owner.drop(*this); }

        Inotify& owner;
        Ref<Inode> inode;
        i32 const number;
        u32 mask;
        ListHook hook{};
    };
    struct Entry {
        ListHook hook{};
        i32 watch = 0;
        u32 mask = 0;
        u32 cookie = 0;
        Name name{};
    };
    static usize size_of(Entry const& entry);
    void hear(Watch& watch, ChangeNotice const& notice);
    void queue(i32 watch, u32 mask, u32 cookie, StringView name);
    void overflow();
    void drop(Watch& watch);
    // Out of the queue and, unless it is the one for lost events, freed.
    void take_out(Entry& entry);
    Result<void> put(IoBuffer& target, Entry const& entry);

    Vfs& vfs_;
    List<Watch, &Watch::hook> watches_;
    usize watch_count_ = 0;
    i32 last_number_ = 0;
    List<Entry, &Entry::hook> events_;
    usize event_count_ = 0;
    // Tells that others were lost; has its place from the start.
    Entry lost_{};
    WaitQueue changed_{};
    SignalList signalled_{};
};

}  // namespace drydock
