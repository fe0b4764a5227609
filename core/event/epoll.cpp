#include "core/event/epoll.h"

namespace drydock {

using namespace epoll_events;

// Puts an item into the queues of its file.
class Epoll::Registrar final : public PollRegistration {
public:
    Registrar(Heap& heap, Item& item) : heap_(heap), item_(item) {}
    ~Registrar() = default;
    void wait_on(WaitQueue& queue) override
    {
        Place* const place = take_place();
        if (place == nullptr) return;
        place->listener = &Epoll::hear;
        place->is_exclusive = (item_.events & kExclusive) != 0;
        place->item = &item_;
        place->queue = &queue;
        place->next = item_.places;
        item_.places = place;
        queue.add_listener(*place);
    }
    bool failed() const { return failed_; }

private:
    Place* take_place()
    {
        if (item_.first_place.queue == nullptr) return &item_.first_place;
        Result<Own<Place>> place = heap_.create<Place>();
        if (place.is_ok()) return place.value().take_pointer();
        failed_ = true;
        return nullptr;
    }

    Heap& heap_;
    Item& item_;
    bool failed_ = false;
};

Result<Ref<File>> Epoll::create(Vfs& vfs)
{
    Ref<Inode> inode = TRY(vfs.anonymous_inode());
    Ref<Epoll> file = TRY(vfs.heap().create_ref<Epoll>(vfs, std::move(inode)));
    return Ref<File>(file);
}

Epoll::Epoll(Vfs& vfs, Ref<Inode> inode)
    : File(std::move(inode), Path(), open_flags::kReadWrite)
    , heap_(vfs.heap())
    , scheduler_(vfs.scheduler())
{}

Epoll::~Epoll()
{
    for (u32 i = 0; i < bucket_count_; ++i) {
        while (buckets_[i] != nullptr) drop(*buckets_[i]);
    }
    ASSERT(count_ == 0);
    ASSERT(waiting_.is_empty());
    ASSERT(polled_.is_empty());
}

// --- changes of the set
// --------------------------------------------------------------------------

Result<void> Epoll::add(File& file, u32 descriptor, UserEpollEvent const& event)
{
    bool const is_nested = file.kind() == FileKind::Epoll;
    if (is_nested) TRY(check_nesting(static_cast<Epoll&>(file)));
    if (find(file, descriptor) != nullptr) return Errno::Exist;
    Own<Item> made = TRY(heap_.create<Item>(*this, file, descriptor));
    Item& item = *made.get();
    item.events = event.events | poll_events::kErr | poll_events::kHup;
    item.data = event.data;
    TRY(enter_queues(item));
    made.take_pointer();
    insert(item);
    file.add_watch(item);
    if (is_nested) {
        nested_.push_back(item);
        if (!static_cast<Epoll&>(file).has_few_ways(0)) {
            drop(item);
            return Errno::Inval;
        }
    }
    look_at(item);
    return {};
}

Result<void> Epoll::modify(File& file, u32 descriptor, UserEpollEvent const& event)
{
    Item* const item = find(file, descriptor);
    if (item == nullptr) return Errno::NoEnt;
    if ((item->events & kExclusive) != 0) return Errno::Inval;
    item->events = event.events | poll_events::kErr | poll_events::kHup;
    item->data = event.data;
    look_at(*item);
    return {};
}

Result<void> Epoll::remove(File& file, u32 descriptor)
{
    Item* const item = find(file, descriptor);
    if (item == nullptr) return Errno::NoEnt;
    drop(*item);
    return {};
}

// All its queues, or none. Errno::NoMem.
Result<void> Epoll::enter_queues(Item& item)
{
    Registrar registrar{heap_, item};
    item.file.poll(&registrar);
    if (!registrar.failed()) return {};
    leave_queues(item);
    return Errno::NoMem;
}

void Epoll::leave_queues(Item& item)
{
    while (Place* const place = item.places) {
        item.places = place->next;
        // A queue that went first has let go of it.
        if (place->hook.is_linked()) place->queue->remove(*place);
        place->queue = nullptr;
        if (place == &item.first_place) continue;
        Own<Place> const owned(place);
    }
}

void Epoll::drop(Item& item)
{
    leave_queues(item);
    take_out(item);
    item.watch_hook.unlink();
    if (item.ready_hook.is_linked()) item.ready_hook.unlink();
    if (item.nested_hook.is_linked()) item.nested_hook.unlink();
    Own<Item> const owned(&item);
}

// --- readiness
// ------------------------------------------------------------------------------------

bool Epoll::hear(Waiter& waiter, u32 events)
{
    Item& item = *static_cast<Place&>(waiter).item;
    return item.epoll.notice(item, events);
}

// Linux ep_poll_callback(): somebody will take it up if a thread waits here.
bool Epoll::notice(Item& item, u32 events)
{
    // Told once (EPOLLONESHOT), and not asked for again.
    if ((item.events & ~kPrivate) == 0) return false;
    if (events != 0 && (events & item.events) == 0) return false;
    if (!item.ready_hook.is_linked()) ready_.push_back(item);
    bool const has_taker = !waiting_.is_empty();
    waiting_.wake(scheduler_, 0);
    polled_.wake(scheduler_, poll_events::kIn);
    return has_taker;
}

void Epoll::look_at(Item& item)
{
    u32 const events = item.file.poll(nullptr) & item.events;
    if (events == 0 || item.ready_hook.is_linked()) return;
    ready_.push_back(item);
    waiting_.wake(scheduler_, 0);
    polled_.wake(scheduler_, poll_events::kIn);
}

u32 Epoll::poll(PollRegistration* registration)
{
    if (registration != nullptr) registration->wait_on(polled_);
    while (Item* const item = ready_.first()) {
        if ((item->file.poll(nullptr) & item->events) != 0) {
            return poll_events::kIn | poll_events::kRdNorm;
        }
        ready_.remove(*item);
    }
    return 0;
}

// Tells of each item at most once. What stays ready goes behind what was not looked at, so that the
// next call starts with the others.
Result<u32> Epoll::collect(AddressSpace& space, UserAddr target, u32 most)
{
    ++pass_;
    u32 count = 0;
    while (count < most) {
        Item* const item = ready_.first();
        if (item == nullptr || item->pass == pass_) break;
        // To look may itself tell of changes (a terminal takes input in): it stays listed till
        // then.
        u32 const events = item->file.poll(nullptr) & item->events;
        ready_.remove(*item);
        if (events == 0) continue;
        UserEpollEvent const event{events, item->data};
        UserAddr const place{target.value + count * sizeof(event)};
        Result<void> const written = space.write(place, event);
        if (written.is_error()) {
            ready_.push_front(*item);
            if (count == 0) return written.error();
            break;
        }
        ++count;
        if ((item->events & kOneShot) != 0) {
            item->events &= kPrivate;
        } else if ((item->events & kEdge) == 0) {
            item->pass = pass_;
            ready_.push_back(*item);
        }
    }
    return count;
}

Result<u32> Epoll::wait(AddressSpace& space, UserAddr target, u32 most, Ticks deadline)
{
    ASSERT(most > 0);
    if (deadline == 0 && ready_.is_empty()) return 0u;
    while (true) {
        u32 const count = TRY(collect(space, target, most));
        if (count > 0 || deadline == 0) return count;
        Result<void> const woken = scheduler_.wait_until(
            waiting_,
            "epoll_wait",
            [this] { return !ready_.is_empty(); },
            Thread::Wait::Interruptible,
            deadline);
        if (woken.is_ok()) continue;
        if (woken.error() == Errno::TimedOut) return 0u;
        // signal(7): never restarted.
        return Errno::Intr;
    }
}

// --- the index
// ------------------------------------------------------------------------------------

Epoll::Item* Epoll::find(File& file, u32 descriptor)
{
    Item* item = *bucket_of(descriptor);
    while (item != nullptr && (item->descriptor != descriptor || &item->file != &file)) {
        item = item->next_in_bucket;
    }
    return item;
}

void Epoll::insert(Item& item)
{
    if (count_ >= usize{bucket_count_} * 2) grow();
    Item** const bucket = bucket_of(item.descriptor);
    item.next_in_bucket = *bucket;
    *bucket = &item;
    ++count_;
}

void Epoll::take_out(Item& item)
{
    Item** place = bucket_of(item.descriptor);
    while (*place != &item) {
        ASSERT(*place != nullptr);
        place = &(*place)->next_in_bucket;
    }
    *place = item.next_in_bucket;
    --count_;
}

// Four times the buckets. Without memory for them the chains only grow longer.
void Epoll::grow()
{
    u32 const wanted = bucket_count_ * 4;
    Result<Buffer> storage = Buffer::create(heap_, wanted * sizeof(Item*));
    if (storage.is_error()) return;
    Buffer const old_storage = std::move(larger_buckets_);
    Item** const old = buckets_;
    u32 const old_count = bucket_count_;
    larger_buckets_ = storage.take();
    buckets_ = reinterpret_cast<Item**>(larger_buckets_.data());
    bucket_count_ = wanted;
    for (u32 i = 0; i < old_count; ++i) {
        while (Item* const item = old[i]) {
            old[i] = item->next_in_bucket;
            Item** const bucket = bucket_of(item->descriptor);
            item->next_in_bucket = *bucket;
            *bucket = item;
        }
    }
}

}  // namespace drydock
