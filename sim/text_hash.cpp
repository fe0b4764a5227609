#include "sim/text_hash.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace drydock::sim {

TextHash::TextHash() : state_(XXH3_createState()) { XXH3_64bits_reset(state_); }

TextHash::~TextHash() { XXH3_freeState(state_); }

void TextHash::add(std::string_view part)
{
    XXH3_64bits_update(state_, part.data(), part.size());
    size_ += part.size();
}

std::string TextHash::hash() const { return fmt::format("{:016x}", XXH3_64bits_digest(state_)); }

}  // namespace drydock::sim
