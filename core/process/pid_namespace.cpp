#include "core/process/pid_namespace.h"

namespace drydock {

// --- namespaces
// ------------------------------------------------------------------------------------

Result<Ref<PidNamespace>> PidNamespace::create(Heap& heap, PidNamespace* parent, u64 number)
{
    if (parent != nullptr && parent->level() == kMaximumPidLevel) return Errno::NoSpc;
    return heap.create_ref<PidNamespace>(parent, number);
}

PidNamespace::PidNamespace(PidNamespace* parent, u64 number)
    : parent_(parent), number_(number), level_(parent == nullptr ? 1 : parent->level_ + 1)
{}

PidNamespace::~PidNamespace()
{
    // One after the other, not one within the other.
    Ref<PidNamespace> around = std::move(parent_);
    while (around && around->references() == 1) {
        Ref<PidNamespace> next = std::move(around->parent_);
        around = std::move(next);
    }
}

bool PidNamespace::contains(PidNamespace const* other) const
{
    while (other != nullptr && other->level_ > level_) other = other->parent();
    return other == this;
}

u32 PidNamespace::number_of(u32 system_number)
{
    for (TaskPlace& place : system_numbers_[system_number % kBuckets]) {
        if (place.owner->system_number() == system_number) return place.number;
    }
    return 0;
}

TaskPlace* PidNamespace::place_of(u32 number)
{
    for (TaskPlace& place : numbers_[number % kBuckets]) {
        if (place.number == number) return &place;
    }
    return nullptr;
}

u32 PidNamespace::system_number_of(u32 number)
{
    TaskPlace const* const place = place_of(number);
    return place == nullptr ? 0 : place->owner->system_number();
}

TaskNumber* PidNamespace::find(u32 system_number)
{
    for (TaskPlace& place : system_numbers_[system_number % kBuckets]) {
        if (place.owner->system_number() == system_number) return place.owner;
    }
    return nullptr;
}

Result<u32> PidNamespace::choose_number(u32 wanted)
{
    if (wanted != 0) {
        if (wanted >= kMaximumPid) return Errno::Inval;
        // Process 1 comes first.
        if (wanted != 1 && init == nullptr) return Errno::Inval;
        if (place_of(wanted) != nullptr) return Errno::Exist;
        return wanted;
    }
    u32 candidate = last_number_;
    for (u32 tries = 0; tries < kMaximumPid; ++tries) {
        ++candidate;
        if (candidate >= kMaximumPid) candidate = kFirstAfterWrap;
        if (place_of(candidate) != nullptr) continue;
        last_number_ = candidate;
        return candidate;
    }
    return Errno::Again;
}

void PidNamespace::add(TaskPlace& place, u32 system_number)
{
    numbers_[place.number % kBuckets].push_front(place);
    system_numbers_[system_number % kBuckets].push_front(place);
}

// --- numbers
// ---------------------------------------------------------------------------------------

Result<Ref<TaskNumber>> TaskNumber::create(Heap& heap,
                                           PidNamespace& space,
                                           u32 system_number,
                                           Span<u32 const> wanted)
{
    // fork(2), ENOMEM: its process 1 has ended.
    if (space.has_ended) return Errno::NoMem;
    Buffer places = TRY(Buffer::create(heap, space.level() * sizeof(TaskPlace)));
    Ref<TaskNumber> made =
        TRY(heap.create_ref<TaskNumber>(space, system_number, std::move(places)));
    usize depth = 0;
    for (PidNamespace* at = &space; at != nullptr; at = at->parent()) {
        TaskPlace& place = made->places()[depth];
        place.number = TRY(at->choose_number(depth < wanted.size() ? wanted[depth] : 0));
        at->add(place, system_number);
        ++depth;
    }
    return made;
}

TaskNumber::TaskNumber(PidNamespace& space, u32 system_number, Buffer places)
    : space_(&space), system_number_(system_number), places_(std::move(places))
{
    PidNamespace* at = &space;
    for (u32 i = 0; i < space.level(); ++i) {
        TaskPlace* const place = new (&this->places()[i]) TaskPlace;
        place->owner = this;
        place->space = at;
        at = at->parent();
    }
}

TaskNumber::~TaskNumber()
{
    for (u32 i = 0; i < space_->level(); ++i) {
        TaskPlace& place = places()[i];
        if (place.number_hook.is_linked()) {
            place.number_hook.unlink();
            place.system_hook.unlink();
        }
        place.~TaskPlace();
    }
}

}  // namespace drydock
