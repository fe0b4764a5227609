#pragma once

// Memory below 4 GiB, where what a boot loader leaves is seen at its physical address.

#include "core/base/integers.h"

#include <cstring>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <type_traits>

namespace drydock::guest {

class LowMemory {
public:
    static constexpr u64 kAddress = 0x6000'0000;
    static constexpr u64 kSize = 64 * kKiB;

    LowMemory()
    {
        void* const wanted = reinterpret_cast<void*>(kAddress);
        int const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
        if (mmap(wanted, kSize, PROT_READ | PROT_WRITE, flags, -1, 0) != wanted) {
            throw std::runtime_error("the test's low memory is taken");
        }
    }
    ~LowMemory() { munmap(reinterpret_cast<void*>(kAddress), kSize); }
    LowMemory(LowMemory const&) = delete;
    LowMemory& operator=(LowMemory const&) = delete;

    template <typename T>
    requires(!std::is_pointer_v<T>) static void put(u64 address, T value)
    {
        std::memcpy(reinterpret_cast<void*>(address), &value, sizeof(value));
    }
    static void put_words(u64 address, std::initializer_list<u64> words)
    {
        for (u64 const word : words) {
            put(address, word);
            address += sizeof(word);
        }
    }
    static void put_text(u64 address, std::string const& text)
    {
        std::memcpy(reinterpret_cast<void*>(address), text.data(), text.size());
    }
    static u8& byte(u64 address) { return *reinterpret_cast<u8*>(address); }
};

}  // namespace drydock::guest
