#include "core/syscall/handlers.h"
// poll(2) and select(2) with their variants.

#include "core/abi/time.h"
#include "core/syscall/poll_set.h"

namespace drydock {

Result<i64> sys_poll(Call& call);
Result<i64> sys_ppoll(Call& call);
Result<i64> sys_select(Call& call);
Result<i64> sys_pselect6(Call& call);

namespace {

constexpr u32 kAlways = poll_events::kErr | poll_events::kHup;
// What select(2)'s three sets mean (fs/select.c).
constexpr u32 kInSet = poll_events::kRdNorm | poll_events::kRdBand | poll_events::kIn |
                       poll_events::kHup | poll_events::kErr;
constexpr u32 kOutSet =
    poll_events::kWrBand | poll_events::kWrNorm | poll_events::kOut | poll_events::kErr;
constexpr u32 kExceptSet = poll_events::kPri;

constexpr u64 kMicrosPerSecond = 1'000'000;

// --- timeouts
// ----------------------------------------------------------------------------

Timespec time_left(Call& call, Ticks deadline)
{
    Ticks const now = call.system().scheduler.now();
    u64 const rest = deadline > now ? deadline - now : 0;
    return {static_cast<i64>(rest / kNanosPerSecond), static_cast<i64>(rest % kNanosPerSecond)};
}

// --- poll
// --------------------------------------------------------------------------------------------

Span<UserPollfd> pollfds_of(Buffer const& storage, u64 count)
{
    return {reinterpret_cast<UserPollfd*>(storage.data()), count};
}

// Prepares the files; the number of entries that name none (POLLNVAL).
u32 resolve(Call& call, Span<UserPollfd> requests, Span<PolledFile> files)
{
    u32 invalid = 0;
    for (usize i = 0; i < requests.size(); ++i) {
        UserPollfd& request = requests[i];
        request.returned = 0;
        if (request.descriptor < 0) continue;
        Result<Ref<File>> file = file_of(call, static_cast<u32>(request.descriptor));
        if (file.is_error()) {
            request.returned = static_cast<u16>(poll_events::kNval);
            ++invalid;
            continue;
        }
        files[i].file = file.take();
        files[i].interest = request.events | kAlways;
    }
    return invalid;
}

// The files as they are now, none held: nothing else runs meanwhile. The number of entries that
// have something to tell.
u32 look_once(Call& call, Span<UserPollfd> requests)
{
    u32 count = 0;
    for (UserPollfd& request : requests) {
        request.returned = 0;
        if (request.descriptor < 0) continue;
        File* const file = call.thread.files->find(static_cast<u32>(request.descriptor));
        u32 events = poll_events::kNval;
        if (file != nullptr && !file->is_path_only())
            events = file->poll(nullptr) & (request.events | kAlways);
        request.returned = static_cast<u16>(events);
        if (events != 0) ++count;
    }
    return count;
}

// With a place in each file's queues, until something is there to tell.
Result<u32> wait_for(Call& call, Span<UserPollfd> requests, Ticks deadline)
{
    PollSet set;
    TRY(set.create(call.system().heap, requests.size()));
    u32 const invalid = resolve(call, requests, set.files());
    u32 const ready = TRY(wait_for_files(call, set.files(), invalid, deadline));
    for (usize i = 0; i < requests.size(); ++i) {
        if (set.files()[i].file) requests[i].returned = static_cast<u16>(set.files()[i].ready);
    }
    return ready;
}

Result<i64> poll_files(Call& call, Ticks deadline)
{
    u64 const count = call.word(1);
    if (count > descriptor_limit(call)) return Errno::Inval;
    Heap& heap = call.system().heap;
    constexpr usize kFew = 8;
    UserPollfd few[kFew];
    Buffer storage;
    if (count > kFew) storage = TRY(Buffer::create(heap, count * sizeof(UserPollfd)));
    Span<UserPollfd> const requests =
        count > kFew ? pollfds_of(storage, count) : Span<UserPollfd>{few, count};
    Bytes const bytes{reinterpret_cast<std::byte*>(requests.data()), count * sizeof(UserPollfd)};
    TRY(call.space().read_bytes(bytes, call.address(0)));
    // Most polls find something, or do not wait.
    u32 ready = look_once(call, requests);
    if (ready == 0 && deadline != 0) ready = TRY(wait_for(call, requests, deadline));
    TRY(call.space().write_bytes(call.address(0), bytes));
    return i64{ready};
}

// --- select
// ------------------------------------------------------------------------------------------

// The three sets of select(2) as the user gave them, in one buffer.
struct SelectSets {
    Buffer storage{};
    u64 words = 0;  // Of one set.
    u32 count = 0;  // Descriptors looked at.
    u64* set(usize which) const { return reinterpret_cast<u64*>(storage.data()) + which * words; }
    bool has(usize which, u32 descriptor) const
    {
        return (set(which)[descriptor / 64] >> (descriptor % 64) & 1) != 0;
    }
};

constexpr u32 kSetMeaning[3] = {kInSet, kOutSet, kExceptSet};

Result<void> load_sets(Call& call, SelectSets& sets)
{
    if (call.integer(0) < 0) return Errno::Inval;
    // Descriptors that the table cannot hold are not looked at.
    u32 const bound = call.thread.files->upper_bound();
    u32 const capacity = bound < 64 ? 64 : (bound + 63) / 64 * 64;
    sets.count = call.word(0) < capacity ? call.word(0) : capacity;
    sets.words = (u64{sets.count} + 63) / 64;
    if (sets.words == 0) return {};
    sets.storage = TRY(Buffer::create(call.system().heap, 3 * sets.words * 8));
    for (usize i = 0; i < 3; ++i) {
        if (call.address(i + 1).is_null()) continue;
        Bytes const bytes{reinterpret_cast<std::byte*>(sets.set(i)), sets.words * 8};
        TRY(call.space().read_bytes(bytes, call.address(i + 1)));
        // Nothing behind the last descriptor is looked at, and it comes back as zero.
        u32 const tail = sets.count % 64;
        if (tail != 0) sets.set(i)[sets.words - 1] &= (u64{1} << tail) - 1;
    }
    return {};
}

Result<void> store_sets(Call& call, SelectSets const& sets)
{
    for (usize i = 0; i < 3 && sets.words > 0; ++i) {
        if (call.address(i + 1).is_null()) continue;
        ConstBytes const bytes{reinterpret_cast<std::byte const*>(sets.set(i)), sets.words * 8};
        TRY(call.space().write_bytes(call.address(i + 1), bytes));
    }
    return {};
}

u32 interest_in(SelectSets const& sets, u32 descriptor)
{
    u32 interest = 0;
    for (usize i = 0; i < 3; ++i) {
        if (sets.has(i, descriptor)) interest |= kSetMeaning[i];
    }
    return interest;
}

// Replaces what was asked by what is ready; the number of bits set.
u32 answer(SelectSets const& sets, u32 descriptor, u32 ready)
{
    u32 total = 0;
    u64 const bit = u64{1} << (descriptor % 64);
    for (usize i = 0; i < 3; ++i) {
        u64& word = sets.set(i)[descriptor / 64];
        if ((word & bit) == 0) continue;
        if ((ready & kSetMeaning[i]) != 0) {
            ++total;
        } else {
            word &= ~bit;
        }
    }
    return total;
}

Result<i64> select_files(Call& call, Ticks deadline)
{
    SelectSets sets;
    TRY(load_sets(call, sets));
    u32 used = 0;
    for (u32 i = 0; i < sets.count; ++i) {
        if (interest_in(sets, i) != 0) ++used;
    }
    PollSet set;
    TRY(set.create(call.system().heap, used));
    u32 index = 0;
    for (u32 i = 0; i < sets.count; ++i) {
        u32 const interest = interest_in(sets, i);
        if (interest == 0) continue;
        set.files()[index].file = TRY(file_of(call, i));
        set.files()[index].interest = interest;
        ++index;
    }
    u32 const ready = TRY(wait_for_files(call, set.files(), 0, deadline));
    static_cast<void>(ready);
    u32 total = 0;
    index = 0;
    for (u32 i = 0; i < sets.count; ++i) {
        if (interest_in(sets, i) == 0) continue;
        total += answer(sets, i, set.files()[index].ready);
        ++index;
    }
    TRY(store_sets(call, sets));
    return i64{total};
}

Result<i64> go_on_poll(Call& call, Ticks deadline)
{
    return restartable(call, poll_files(call, deadline), go_on_poll, deadline);
}

bool was_interrupted(Result<i64>& result)
{
    return result.is_error() && result.error() == Errno::RestartNoHand;
}

// Linux tells what is left of the timeout, whatever happened.
void store_time_left(Call& call, UserAddr target, Ticks deadline)
{
    if (target.is_null() || deadline == kNever) return;
    Result<void> const written = call.space().write(target, time_left(call, deadline));
    static_cast<void>(written.is_ok());
}

Result<Ticks> load_deadline(Call& call, UserAddr source)
{
    if (source.is_null()) return kNever;
    Timespec const timeout = TRY(call.space().read<Timespec>(source));
    return deadline_of(call, timeout);
}

}  // namespace

Result<i64> sys_poll(Call& call)
{
    i32 const milliseconds = call.integer(2);
    Ticks deadline = kNever;
    if (milliseconds >= 0) {
        u64 const length = static_cast<u64>(milliseconds) * 1'000'000;
        deadline = deadline_after(call.system(), 0, length);
    }
    return go_on_poll(call, deadline);
}

Result<i64> sys_ppoll(Call& call)
{
    Ticks const deadline = TRY(load_deadline(call, call.address(2)));
    TRY(change_mask(call, call.address(3), call[4]));
    Result<i64> result = poll_files(call, deadline);
    restore_mask(call, was_interrupted(result));
    store_time_left(call, call.address(2), deadline);
    return result;
}

Result<i64> sys_select(Call& call)
{
    Ticks deadline = kNever;
    UserAddr const pointer = call.address(4);
    if (!pointer.is_null()) {
        Timeval const timeout = TRY(call.space().read<Timeval>(pointer));
        if (timeout.seconds < 0 || timeout.microseconds < 0) return Errno::Inval;
        u64 const micros = static_cast<u64>(timeout.microseconds);
        i64 const carried = timeout.seconds + static_cast<i64>(micros / kMicrosPerSecond);
        deadline = deadline_after(call.system(), carried, micros % kMicrosPerSecond * 1000);
    }
    Result<i64> result = select_files(call, deadline);
    if (!pointer.is_null() && deadline != kNever) {
        Timespec const left = time_left(call, deadline);
        Timeval const rest{left.seconds, left.nanoseconds / 1000};
        Result<void> const written = call.space().write(pointer, rest);
        static_cast<void>(written.is_ok());
    }
    return result;
}

Result<i64> sys_pselect6(Call& call)
{
    // The sixth argument points to the mask's address and size (select(2), "C library/kernel
    // differences").
    struct MaskArgument {
        u64 address = 0;
        u64 size = 0;
    };
    MaskArgument mask;
    if (!call.address(5).is_null()) mask = TRY(call.space().read<MaskArgument>(call.address(5)));
    Ticks const deadline = TRY(load_deadline(call, call.address(4)));
    TRY(change_mask(call, {mask.address}, mask.size));
    Result<i64> result = select_files(call, deadline);
    restore_mask(call, was_interrupted(result));
    store_time_left(call, call.address(4), deadline);
    return result;
}

}  // namespace drydock
