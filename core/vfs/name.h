#pragma once

// A file name that is kept: up to 39 bytes in place, longer ones on the heap.

#include "core/base/heap.h"

namespace drydock {

class Name {
public:
    Name() = default;
    static Result<Name> copy_of(Heap& heap, StringView text)
    {
        Name name;
        if (text.size() > sizeof(name.short_)) {
            name.long_ = TRY(Buffer::copy_of(heap, text));
        } else {
            if (!text.is_empty()) memcpy(name.short_, text.data(), text.size());
            name.short_size_ = static_cast<u8>(text.size());
        }
        return name;
    }
    StringView text() const
    {
        return long_.data() != nullptr ? long_.text() : StringView(short_, short_size_);
    }

private:
    Buffer long_{};
    u8 short_size_ = 0;
    char short_[39] = {};
};

// FNV-1a, seeded: the same in every run.
inline u32 hash_name(u64 seed, StringView text)
{
    u32 hash = 2166136261u ^ static_cast<u32>(seed) ^ static_cast<u32>(seed >> 32);
    for (char const letter : text) hash = (hash ^ static_cast<u8>(letter)) * 16777619u;
    return hash ^ (hash >> 15);
}

}  // namespace drydock
