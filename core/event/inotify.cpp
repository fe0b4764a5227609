#include "core/event/inotify.h"

namespace drydock {

namespace ce = change_events;

Result<Ref<File>> Inotify::create(Vfs& vfs, u32 flags)
{
    Ref<Inode> inode = TRY(vfs.anonymous_inode());
    u32 const kept = open_flags::kReadOnly | (flags & open_flags::kNonBlock);
    Ref<Inotify> file = TRY(vfs.heap().create_ref<Inotify>(vfs, std::move(inode), kept));
    return Ref<File>(file);
}

Inotify::~Inotify()
{
    while (Watch* const watch = watches_.pop_front()) {
        watch->inode_hook.unlink();
        Own<Watch>{watch}.reset();
    }
    while (Entry* const entry = events_.first()) take_out(*entry);
    ASSERT(changed_.is_empty());
}

// --- the watches
// ------------------------------------------------------------------------------------

Result<i32> Inotify::add(Ref<Inode> inode, u32 mask)
{
    u32 const kept = mask & (ce::kAll | ce::kExcludeUnlinked | ce::kOneShot);
    for (InodeWatch& other : inode->watches) {
        // Only this class watches inodes.
        auto& watch = static_cast<Watch&>(other);
        if (&watch.owner != this) continue;
        if ((mask & ce::kMaskCreate) != 0) return Errno::Exist;
        watch.mask = (mask & ce::kMaskAdd) != 0 ? watch.mask | kept : kept;
        return watch.number;
    }
    if (watch_count_ >= kMaximumWatches || last_number_ == INT32_MAX) return Errno::NoSpc;
    Own<Watch> made = TRY(vfs_.heap().create<Watch>(*this, inode, last_number_ + 1, kept));
    Watch& watch = *made.take_pointer();
    last_number_ = watch.number;
    watches_.push_back(watch);
    ++watch_count_;
    inode->watches.push_back(watch);
    return watch.number;
}

Result<void> Inotify::remove(i32 number)
{
    for (Watch& watch : watches_) {
        if (watch.number != number) continue;
        drop(watch);
        return {};
    }
    return Errno::Inval;
}

void Inotify::drop(Watch& watch)
{
    queue(watch.number, ce::kIgnored, 0, {});
    watch.hook.unlink();
    watch.inode_hook.unlink();
    --watch_count_;
    Own<Watch>{&watch}.reset();
}

void Inotify::hear(Watch& watch, ChangeNotice const& notice)
{
    if ((notice.events & watch.mask & ce::kAll) == 0) return;
    bool const is_of_entry = !notice.name.is_empty();
    if (is_of_entry && notice.is_unlinked && (watch.mask & ce::kExcludeUnlinked) != 0) return;
    queue(watch.number, notice.events, notice.cookie, notice.name);
    if ((watch.mask & ce::kOneShot) != 0) drop(watch);
}

// --- the queue
// --------------------------------------------------------------------------------------

void Inotify::overflow()
{
    if (lost_.hook.is_linked()) return;
    lost_.watch = -1;
    lost_.mask = ce::kOverflow;
    events_.push_back(lost_);
    ++event_count_;
    changed_.wake(vfs_.scheduler(), poll_events::kIn | poll_events::kRdNorm);
    signalled_.tell(vfs_, SignalReason::In);
}

void Inotify::queue(i32 watch, u32 mask, u32 cookie, StringView name)
{
    // inotify(7): equal events in a row are one.
    Entry const* const last = events_.last();
    if (last != nullptr && last->mask == mask && last->watch == watch &&
        last->name.text() == name && mask != ce::kIgnored) {
        return;
    }
    if (event_count_ >= kMaximumEvents) return overflow();
    Result<Own<Entry>> made = vfs_.heap().create<Entry>();
    if (made.is_error()) return overflow();
    Result<Name> copy = Name::copy_of(vfs_.heap(), name);
    if (copy.is_error()) return overflow();
    Entry& entry = *made.value().take_pointer();
    entry.watch = watch;
    entry.mask = mask;
    entry.cookie = cookie;
    entry.name = copy.take();
    events_.push_back(entry);
    ++event_count_;
    changed_.wake(vfs_.scheduler(), poll_events::kIn | poll_events::kRdNorm);
    signalled_.tell(vfs_, SignalReason::In);
}

void Inotify::take_out(Entry& entry)
{
    events_.remove(entry);
    --event_count_;
    if (&entry != &lost_) Own<Entry>{&entry}.reset();
}

// A name ends with a zero at least, and the next event is aligned (round_event_name_len).
usize Inotify::size_of(Entry const& entry)
{
    constexpr usize kHeader = sizeof(UserChangeEvent);
    usize const length = entry.name.text().size();
    return length == 0 ? kHeader : kHeader + (length + kHeader) / kHeader * kHeader;
}

Result<void> Inotify::put(IoBuffer& target, Entry const& entry)
{
    usize const size = size_of(entry);
    StringView const name = entry.name.text();
    UserChangeEvent event;
    event.watch = entry.watch;
    event.mask = entry.mask;
    event.cookie = entry.cookie;
    event.name_size = static_cast<u32>(size - sizeof(event));
    usize moved = TRY(target.put({reinterpret_cast<std::byte const*>(&event), sizeof(event)}));
    if (!name.is_empty()) {
        moved += TRY(target.put({reinterpret_cast<std::byte const*>(name.data()), name.size()}));
        moved += TRY(target.put_zeros(size - sizeof(event) - name.size()));
    }
    if (moved < size) return Errno::Fault;
    return {};
}

Result<usize> Inotify::read(IoBuffer& target)
{
    if (events_.is_empty()) {
        if (is_non_blocking()) return Errno::Again;
        TRY(vfs_.scheduler().wait_until(
            changed_, "inotify read", [this] { return !events_.is_empty(); }));
    }
    usize const before = target.moved();
    while (Entry* const entry = events_.first()) {
        if (size_of(*entry) > target.remaining()) {
            if (target.moved() == before) return Errno::Inval;
            break;
        }
        // As on Linux (fs/notify/inotify) what cannot be delivered is gone.
        Result<void> const delivered = put(target, *entry);
        take_out(*entry);
        if (delivered.is_error()) return delivered.error();
    }
    return target.moved() - before;
}

u32 Inotify::poll(PollRegistration* registration)
{
    if (registration != nullptr) registration->wait_on(changed_);
    return events_.is_empty() ? 0 : poll_events::kIn | poll_events::kRdNorm;
}

Result<i64> Inotify::ioctl(IoctlCall const& call)
{
    constexpr u32 kBytesAvailable = 0x541b;  // FIONREAD
    if (call.command != kBytesAvailable) return Errno::NotTty;
    usize total = 0;
    for (Entry const& entry : events_) total += size_of(entry);
    TRY(call.space.write(UserAddr{call.argument}, static_cast<u32>(total)));
    return i64{0};
}

}  // namespace drydock
