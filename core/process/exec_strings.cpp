// The strings of execve(2): from user memory into one buffer of the kernel.

#include "core/process/exec.h"

namespace drydock {

namespace {

constexpr usize kFirstCapacity = 1984;
constexpr u64 kSmallestLimit = 128 * kKiB;

// Room for `size` more bytes.
Result<void> make_room(Heap& heap, ExecStrings& strings, usize size)
{
    usize const needed = strings.used + size;
    usize capacity = strings.storage.size();
    if (needed <= capacity) return {};
    if (capacity == 0) capacity = kFirstCapacity;
    while (capacity < needed) capacity *= 2;
    Buffer larger = TRY(Buffer::create(heap, capacity));
    if (strings.used > 0) memcpy(larger.data(), strings.storage.data(), strings.used);
    strings.storage = std::move(larger);
    return {};
}

u64 cost(ExecStrings const& strings)
{
    u64 const pointers = u64{strings.argument_count} + strings.environment_count + 1;
    return strings.used + pointers * sizeof(u64);
}

// One string, straight into the buffer, which grows until it fits.
Result<void> collect_one(UserThread& thread, ExecStrings& strings, UserAddr source)
{
    usize room = strings.storage.size() - strings.used;
    while (true) {
        if (room > kStringMaximum) room = kStringMaximum;
        if (room > 0) {
            char* const target = reinterpret_cast<char*>(strings.storage.data()) + strings.used;
            Result<usize> length = thread.space().read_string({target, room}, source);
            if (length.is_ok()) {
                strings.used += length.value() + 1;
                return {};
            }
            if (length.error() != Errno::NameTooLong) return length.error();
            if (room == kStringMaximum) return Errno::TooBig;
        }
        TRY(make_room(thread.system().heap, strings, room + 1));
        room = strings.storage.size() - strings.used;
    }
}

Result<u32> collect_vector(UserThread& thread, ExecStrings& strings, UserAddr vector, u64 limit)
{
    u32 count = 0;
    if (vector.is_null()) return count;
    while (true) {
        u64 const pointer = TRY(thread.space().read<u64>(vector + u64{count} * sizeof(u64)));
        if (pointer == 0) return count;
        TRY(collect_one(thread, strings, {pointer}));
        ++count;
        if (cost(strings) + u64{count} * sizeof(u64) > limit) return Errno::TooBig;
    }
}

}  // namespace

u64 strings_limit(u64 stack_limit)
{
    u64 limit = stack_limit / 4;
    if (limit > kStringsMaximum) limit = kStringsMaximum;
    return limit < kSmallestLimit ? kSmallestLimit : limit;
}

Result<void> append_string(Heap& heap, ExecStrings& strings, StringView text, u64 limit)
{
    if (text.size() >= kStringMaximum) return Errno::TooBig;
    TRY(make_room(heap, strings, text.size() + 1));
    std::byte* const target = strings.storage.data() + strings.used;
    memcpy(target, text.data(), text.size());
    target[text.size()] = std::byte{0};
    strings.used += text.size() + 1;
    return cost(strings) > limit ? Result<void>{Errno::TooBig} : Result<void>{};
}

Result<ExecStrings> with_interpreter(Heap& heap,
                                     ExecStrings const& strings,
                                     StringView interpreter,
                                     StringView argument,
                                     StringView script,
                                     u64 limit)
{
    ExecStrings result;
    TRY(append_string(heap, result, interpreter, limit));
    ++result.argument_count;
    if (!argument.is_empty()) {
        TRY(append_string(heap, result, argument, limit));
        ++result.argument_count;
    }
    TRY(append_string(heap, result, script, limit));
    ++result.argument_count;
    // The rest follows as it is, without argv[0].
    auto const* const text = reinterpret_cast<char const*>(strings.storage.data());
    usize const skipped =
        strings.argument_count == 0 ? 0 : StringView::from_c_string(text).size() + 1;
    usize const rest = strings.used - skipped;
    TRY(make_room(heap, result, rest));
    if (rest > 0)
        memcpy(result.storage.data() + result.used, strings.storage.data() + skipped, rest);
    result.used += rest;
    if (strings.argument_count > 0) result.argument_count += strings.argument_count - 1;
    result.environment_count = strings.environment_count;
    if (cost(result) > limit) return Errno::TooBig;
    return result;
}

Result<ExecStrings> collect_strings(UserThread& thread, UserAddr argv, UserAddr envp)
{
    u64 const limit = strings_limit(thread.process().limit(Resource::Stack).soft);
    ExecStrings strings;
    strings.argument_count = TRY(collect_vector(thread, strings, argv, limit));
    if (strings.argument_count == 0) {
        // A program may rely on argv[0] (fs/exec.c, since Linux 5.18).
        TRY(append_string(thread.system().heap, strings, StringView{}, limit));
        strings.argument_count = 1;
    }
    strings.environment_count = TRY(collect_vector(thread, strings, envp, limit));
    return strings;
}

}  // namespace drydock
