#pragma once

// Frames, a heap and address spaces on a fake platform, with the checks that every test of memory
// ends with: spaces are sound, and every frame comes back.

#include "core/mm/address_space.h"
#include "tests/support/fake_platform.h"
#include "tests/support/random.h"

#include <gtest/gtest.h>
#include <map>
#include <string>

namespace drydock::test {

// A file whose page i holds the byte i + 1, up to `bytes` bytes.
class PatternSource final : public PageSource {
public:
    explicit PatternSource(u64 bytes = ~u64{0}) : bytes_(bytes) {}
    ~PatternSource() = default;
    Result<void> load_page(u64 index, Bytes page) override
    {
        if (fails) return Errno::Io;
        for (usize i = 0; i < page.size(); ++i) {
            bool const is_inside = index * kPageSize + i < bytes_;
            page[i] = is_inside ? static_cast<std::byte>(index + 1) : std::byte{0};
        }
        return {};
    }
    bool fails = false;

private:
    u64 bytes_;
};

class MmTest : public ::testing::Test {
protected:
    static constexpr Rights kRead{true, false, false};
    static constexpr Rights kReadWrite{true, true, false};
    static constexpr Rights kReadExecute{true, false, true};
    static constexpr Rights kNone{};
    static constexpr u32 kUserRead = page_fault::kUser;
    static constexpr u32 kUserWrite = page_fault::kUser | page_fault::kWrite;

    MmTest()
        : frames(platform, platform.layout()), heap(frames), free_at_start_(frames.free_frames())
    {}
    ~MmTest() override
    {
        platform.fail_nothing();
        heap.trim();
        EXPECT_EQ(heap.live_objects(), 0u);
        EXPECT_EQ(frames.free_frames(), free_at_start_) << "frames leaked";
    }

    Ref<AddressSpace> make_space() { return MUST(AddressSpace::create(heap, frames, platform)); }
    Ref<FileCache> make_cache(PageSource* source, u64 id = 1)
    {
        return MUST(heap.create_ref<FileCache>(heap, frames, platform, id, source));
    }
    static MapRequest anonymous(u64 pages, Rights rights = kReadWrite)
    {
        MapRequest request{};
        request.length = pages * kPageSize;
        request.rights = rights;
        return request;
    }
    static MapRequest at(UserAddr address, MapRequest request)
    {
        request.address = address;
        request.fixed = true;
        return request;
    }
    static MapRequest of_file(Ref<FileCache> cache, u64 pages, Rights rights, bool shared = false)
    {
        MapRequest request = anonymous(pages, rights);
        request.kind = Region::Kind::File;
        request.cache = std::move(cache);
        request.shared = shared;
        return request;
    }
    // What user code does: looks at the tables, faults until the access is allowed.
    static u64 entry_of(AddressSpace& space, UserAddr page) { return walk(space, page); }
    static u64 walk(AddressSpace& space, UserAddr page);
    std::byte* user_data(AddressSpace& space, UserAddr address);
    FaultResult write_user(AddressSpace& space, UserAddr address, u8 value);
    int read_user(AddressSpace& space, UserAddr address);
    static void expect_sound(AddressSpace& space)
    {
        char const* const wrong = space.audit();
        EXPECT_EQ(wrong, nullptr) << (wrong != nullptr ? wrong : "");
    }

    FakePlatform platform;
    FrameAllocator frames;
    Heap heap;

private:
    u64 const free_at_start_;
};

// The leaf entry, walked as the processor does it; 0 where there is none.
inline u64 MmTest::walk(AddressSpace& space, UserAddr page)
{
    auto* const memory = reinterpret_cast<std::byte*>(FakePlatform::kDirectMap);
    u64 table = space.root().value;
    for (unsigned shift = 39;; shift -= 9) {
        u64 const index = (page.value >> shift) & 511;
        u64 const entry = reinterpret_cast<u64 const*>(memory + table)[index];
        if (shift == 12) return entry;
        if ((entry & pte::kPresent) == 0) return 0;
        table = pte::frame_of(entry).value;
    }
}

inline std::byte* MmTest::user_data(AddressSpace& space, UserAddr address)
{
    u64 const entry = walk(space, address.page());
    if ((entry & pte::kPresent) == 0) return nullptr;
    return frames.data(pte::frame_of(entry)) + (address.value & kPageMask);
}

inline FaultResult MmTest::write_user(AddressSpace& space, UserAddr address, u8 value)
{
    for (int attempt = 0; attempt < 2; ++attempt) {
        u64 const entry = walk(space, address.page());
        bool const present = (entry & pte::kPresent) != 0;
        if (present && (entry & pte::kWritable) != 0) {
            *user_data(space, address) = static_cast<std::byte>(value);
            return FaultResult::Handled;
        }
        u32 const code = kUserWrite | (present ? page_fault::kPresent : 0);
        FaultResult const result = space.handle_fault(address, code);
        if (result != FaultResult::Handled) return result;
    }
    ADD_FAILURE() << "the same fault twice";
    return FaultResult::Handled;
}

// The byte, or -1 where it may not be read.
inline int MmTest::read_user(AddressSpace& space, UserAddr address)
{
    if (user_data(space, address) == nullptr) {
        if (space.handle_fault(address, kUserRead) != FaultResult::Handled) return -1;
    }
    return static_cast<int>(*user_data(space, address));
}

}  // namespace drydock::test
