#pragma once

// The same hash as content_hash(), of a text that comes in parts.

#include "core/base/integers.h"

#include <string>
#include <string_view>

struct XXH3_state_s;

namespace drydock::sim {

class TextHash {
public:
    TextHash();
    ~TextHash();
    TextHash(TextHash const&) = delete;
    TextHash& operator=(TextHash const&) = delete;

    void add(std::string_view part);
    u64 size() const { return size_; }
    // 16 hexadecimal digits.
    std::string hash() const;

private:
    XXH3_state_s* state_;
    u64 size_ = 0;
};

}  // namespace drydock::sim
