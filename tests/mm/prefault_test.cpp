#include "core/mm/prefault.h"
#include "tests/mm/mm_fixture.h"

namespace drydock {
namespace {

using test::PatternSource;

constexpr UserAddr kText{0x400000};
constexpr UserAddr kData{0x600000};
constexpr u64 kPage = kPageSize;
// Text: pages 0 to 19. Data: pages 20 to 24, of which the last has file bytes in its first half
// only, and two pages of zeros.
constexpr u64 kTextPages = 20;
constexpr u64 kDataEnd = 24 * kPage + kPage / 2;

class PrefaultTest : public test::MmTest {
protected:
    PrefaultTest() : cache(make_cache(&source, 77)) {}

    MapRequest segment(UserAddr address, u64 pages, u64 offset, Rights rights)
    {
        MapRequest request = at(address, of_file(cache, pages, rights));
        request.file_offset = offset;
        request.by_exec = true;
        return request;
    }
    Ref<AddressSpace> exec(u64 base = 0)
    {
        auto space = make_space();
        MUST(space->map(segment(kText + base, kTextPages, 0, kReadExecute)));
        MapRequest data = segment(kData + base, 7, kTextPages * kPage, kReadWrite);
        data.file_bytes_end = kDataEnd;
        MUST(space->map(data));
        platform.forget();
        MUST(space->prefault_exec_regions());
        expect_sound(*space);
        return space;
    }
    void touch(AddressSpace& space, u64 first, u64 count, u64 base = 0)
    {
        for (u64 i = first; i < first + count; ++i) {
            EXPECT_EQ(read_user(space, kText + base + i * kPage), static_cast<int>(i + 1));
        }
    }

    PatternSource source;
    Ref<FileCache> cache;
};

// mremap(2) lets a mapping of the program show more of its file, of which exec knew nothing.
TEST_F(PrefaultTest, what_a_mapping_grew_by_is_no_fault_of_exec)
{
    for (bool const is_in_the_way : {false, true}) {
        // All of the file is in the cache when exec maps the first five pages of it.
        for (u64 i = 0; i < kTextPages; ++i) MUST(cache->get(i));
        auto space = make_space();
        MUST(space->map(segment(kText, 5, 0, kReadExecute)));
        if (is_in_the_way) MUST(space->map(at(kText + 5 * kPage, anonymous(1))));
        MUST(space->prefault_exec_regions());
        platform.forget();
        UserAddr const grown = MUST(space->remap(kText, 5 * kPage, 10 * kPage, true));
        EXPECT_EQ(grown != kText, is_in_the_way);
        for (u64 i = 0; i < 10; ++i) {
            EXPECT_EQ(read_user(*space, grown + i * kPage), static_cast<int>(i + 1));
        }
        EXPECT_EQ(platform.count(EventKind::AvoidableFault), 0u);
        expect_sound(*space);
    }
}

TEST_F(PrefaultTest, the_first_exec_finds_nothing)
{
    auto space = exec();
    EXPECT_EQ(platform.last(EventKind::TemplateMiss).a, 77u);
    EXPECT_EQ(platform.last(EventKind::Prefault).b, 0u);
    EXPECT_EQ(platform.last(EventKind::TemplateBuilt).b, 0u);
    touch(*space, 0, 5);
    EXPECT_EQ(platform.count(EventKind::CacheInsert), 5u);
    EXPECT_EQ(platform.count(EventKind::AvoidableFault), 0u);
}

// The story of the stale template: what grep adds to the cache is there for every exec after it.
TEST_F(PrefaultTest, a_template_never_hides_pages_that_came_later)
{
    {
        auto shell = exec();
        touch(*shell, 0, 5);
    }
    {
        auto grep = exec();
        EXPECT_EQ(platform.last(EventKind::TemplateStale).c, 5u);
        EXPECT_EQ(platform.last(EventKind::Prefault).b, 5u);
        EXPECT_EQ(platform.last(EventKind::TemplateBuilt).b, 5u);
        touch(*grep, 0, 8);
        EXPECT_EQ(platform.count(EventKind::Fault), 3u);
    }
    {
        auto grep = exec();
        EXPECT_EQ(platform.count(EventKind::TemplateStale), 1u);
        touch(*grep, 0, 8);
        EXPECT_EQ(platform.count(EventKind::Fault), 0u);
    }
    auto grep = exec();
    EXPECT_EQ(platform.last(EventKind::TemplateHit).b, 8u);
    EXPECT_EQ(platform.count(EventKind::Prefault), 0u);
    touch(*grep, 0, 8);
    EXPECT_EQ(platform.count(EventKind::Fault), 0u);
    EXPECT_EQ(platform.count(EventKind::AvoidableFault), 0u);
}

TEST_F(PrefaultTest, an_avoidable_fault_is_reported)
{
    {
        auto space = exec();
        touch(*space, 0, 5);
    }
    auto space = exec();
    // As if the template had missed page 3: the entry goes, the page stays cached.
    Region* const text = space->find_region(kText);
    u64 const generation = text->exec_generation;
    MUST(space->discard(kText + 3 * kPage, kPage));
    touch(*space, 3, 1);
    EXPECT_EQ(platform.count(EventKind::AvoidableFault), 0u) << "the program gave the page back";
    MUST(space->discard(kText + 3 * kPage, kPage));
    text->exec_generation = generation;
    touch(*space, 3, 1);
    ASSERT_EQ(platform.count(EventKind::AvoidableFault), 1u);
    Event const event = platform.last(EventKind::AvoidableFault);
    EXPECT_EQ(event.a, kText.value + 3 * kPage);
    EXPECT_EQ(event.b, 77u);
    EXPECT_EQ(event.c, 3u);
}

TEST_F(PrefaultTest, private_data_is_mapped_read_only_and_copied_when_written)
{
    for (u64 i = 20; i < 25; ++i) MUST(cache->get(i));
    for (int round = 0; round < 3; ++round) {
        auto space = exec();
        EXPECT_EQ(entry_of(*space, kData) & pte::kWritable, 0u);
        EXPECT_NE(entry_of(*space, kData) & pte::kNoExecute, 0u);
        EXPECT_EQ(write_user(*space, kData, 200), FaultResult::Handled);
        EXPECT_EQ(platform.last(EventKind::Fault).c, static_cast<u64>(FaultOutcome::Copied));
        EXPECT_EQ(static_cast<int>(*frames.data(MUST(cache->find(20)))), 21);
        // The page that is part file, part zeros is never the cached one.
        EXPECT_EQ(entry_of(*space, kData + 4 * kPage), 0u);
        EXPECT_EQ(read_user(*space, kData + 4 * kPage), 25);
        EXPECT_EQ(read_user(*space, kData + 4 * kPage + kPage / 2), 0);
        EXPECT_EQ(read_user(*space, kData + 5 * kPage), 0);
        EXPECT_EQ(platform.count(EventKind::AvoidableFault), 0u);
        expect_sound(*space);
    }
    EXPECT_EQ(platform.count(EventKind::TemplateHit), 1u);
}

TEST_F(PrefaultTest, another_base_does_not_replay_the_wrong_addresses)
{
    for (u64 i = 0; i < 10; ++i) MUST(cache->get(i));
    auto first = exec();
    auto moved = exec(0x10000000);
    EXPECT_EQ(platform.count(EventKind::TemplateHit), 0u);
    EXPECT_EQ(platform.last(EventKind::Prefault).b, 10u);
    touch(*moved, 0, 10, 0x10000000);
    EXPECT_EQ(platform.count(EventKind::Fault), 0u);
    auto again = exec(0x10000000);
    EXPECT_EQ(platform.last(EventKind::TemplateHit).b, 10u);
}

TEST_F(PrefaultTest, a_truncated_file_makes_the_template_stale)
{
    for (u64 i = 0; i < 10; ++i) MUST(cache->get(i));
    auto first = exec();
    cache->truncate(5, 0);
    auto second = exec();
    EXPECT_EQ(platform.count(EventKind::TemplateStale), 1u);
    EXPECT_EQ(platform.last(EventKind::Prefault).b, 5u);
    EXPECT_EQ(entry_of(*first, kText + 7 * kPage), 0u);
    expect_sound(*first);
}

TEST_F(PrefaultTest, program_and_interpreter_have_one_each)
{
    PatternSource other_source;
    auto other = make_cache(&other_source, 78);
    for (u64 i = 0; i < 4; ++i) {
        MUST(cache->get(i));
        MUST(other->get(i));
    }
    for (int round = 0; round < 2; ++round) {
        auto space = make_space();
        MUST(space->map(segment(kText, kTextPages, 0, kReadExecute)));
        MapRequest interpreter = at({0x7f0000000000}, of_file(other, 8, kReadExecute));
        interpreter.by_exec = true;
        MUST(space->map(interpreter));
        platform.forget();
        MUST(space->prefault_exec_regions());
        EXPECT_EQ(platform.count(EventKind::TemplateHit), round == 0 ? 0u : 2u);
        for (u64 i = 0; i < 4; ++i) {
            EXPECT_EQ(read_user(*space, UserAddr{0x7f0000000000} + i * kPage),
                      static_cast<int>(i + 1));
        }
        EXPECT_EQ(platform.count(EventKind::Fault), 0u);
    }
}

TEST_F(PrefaultTest, pages_on_both_sides_of_a_table_border_are_replayed)
{
    for (u64 i = 0; i < kTextPages; i += (i == 4 ? 3 : 1)) MUST(cache->get(i));
    u64 const base = kLeafSpan - kText.value % kLeafSpan - 9 * kPage;
    for (int round = 0; round < 2; ++round) {
        auto space = exec(base);
        for (u64 i = 0; i < kTextPages; ++i) {
            bool const is_there = i != 5 && i != 6;
            EXPECT_EQ(entry_of(*space, kText + base + i * kPage) != 0, is_there) << i;
        }
    }
}

TEST_F(PrefaultTest, without_memory_there_is_no_template_or_no_exec_but_nothing_is_lost)
{
    for (u64 i = 0; i < 25; ++i) MUST(cache->get(i));
    for (u64 nth = 0;; ++nth) {
        cache->set_prefault_template(nullptr);
        auto space = make_space();
        MUST(space->map(segment(kText, kTextPages, 0, kReadExecute)));
        heap.trim();
        platform.fail_allocation(nth);
        static_cast<void>(space->prefault_exec_regions().is_ok());
        static_cast<void>(space->prefault_exec_regions().is_ok());
        expect_sound(*space);
        bool const has_failed = platform.has_failed();
        platform.fail_nothing();
        if (!has_failed) break;
    }
}

}  // namespace
}  // namespace drydock
