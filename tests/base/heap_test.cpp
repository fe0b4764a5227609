#include "core/base/heap.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <vector>

namespace drydock {

// A failed assertion of the code under test ends the test program: death tests look for the text.
void assertion_failed(char const* expression, char const* file, unsigned line)
{
    fprintf(stderr, "assertion failed: %s (%s:%u)\n", expression, file, line);
    abort();
}

namespace {

// Frames from the host, which can be told to run out.
class HostFrames final : public FrameSource {
public:
    ~HostFrames() = default;
    Result<PhysAddr> allocate(FrameUse use, unsigned order, bool zeroed) override
    {
        EXPECT_EQ(use, FrameUse::Heap);
        if (budget == 0) return Errno::NoMem;
        --budget;
        usize const size = kPageSize << order;
        void* const memory = std::aligned_alloc(size, size);
        memset(memory, zeroed ? 0 : 0xcc, size);
        live[reinterpret_cast<u64>(memory)] = order;
        return PhysAddr{reinterpret_cast<u64>(memory)};
    }
    void free(PhysAddr first, unsigned order) override
    {
        auto const found = live.find(first.value);
        ASSERT_NE(found, live.end());
        EXPECT_EQ(found->second, order);
        live.erase(found);
        std::free(reinterpret_cast<void*>(first.value));
        ++budget;
    }
    std::byte* data(PhysAddr address) override
    {
        return reinterpret_cast<std::byte*>(address.value);
    }
    PhysAddr address_of(void const* pointer) override { return {reinterpret_cast<u64>(pointer)}; }

    u64 budget = 1000000;
    std::map<u64, unsigned> live;
};

u64 next_random(u64& state)
{
    state += 0x9e3779b97f4a7c15;
    u64 mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

TEST(heap, hands_out_zeroed_memory_aligned_to_16)
{
    HostFrames frames;
    Heap heap(frames);
    for (usize const size : {1u, 31u, 32u, 33u, 500u, 2016u, 2017u, 5000u, 100000u}) {
        auto* const memory = static_cast<u8*>(MUST(heap.allocate(size)));
        EXPECT_EQ(reinterpret_cast<u64>(memory) % 16, 0u);
        for (usize i = 0; i < size; ++i) ASSERT_EQ(memory[i], 0);
        memset(memory, 0xab, size);
        Heap::release(memory);
    }
    heap.trim();
    EXPECT_TRUE(frames.live.empty());
}

TEST(heap, refuses_what_no_run_of_frames_can_hold)
{
    HostFrames frames;
    Heap heap(frames);
    EXPECT_EQ(heap.allocate(5 * kMiB).error(), Errno::NoMem);
}

TEST(heap, random_life_keeps_contents_and_returns_every_frame)
{
    HostFrames frames;
    Heap heap(frames);
    struct Piece {
        u8* memory;
        usize size;
        u8 fill;
    };
    std::vector<Piece> pieces;
    u64 seed = 7;
    for (int step = 0; step < 100000; ++step) {
        bool const grow = pieces.empty() || next_random(seed) % 100 < 52;
        if (grow) {
            usize const size = 1 + next_random(seed) % (next_random(seed) % 20 == 0 ? 20000 : 600);
            u8 const fill = static_cast<u8>(next_random(seed));
            auto* const memory = static_cast<u8*>(MUST(heap.allocate(size)));
            memset(memory, fill, size);
            pieces.push_back({memory, size, fill});
        } else {
            usize const victim = next_random(seed) % pieces.size();
            Piece const piece = pieces[victim];
            pieces[victim] = pieces.back();
            pieces.pop_back();
            for (usize i = 0; i < piece.size; i += 7) ASSERT_EQ(piece.memory[i], piece.fill);
            Heap::release(piece.memory);
        }
        ASSERT_EQ(heap.live_objects(), pieces.size());
    }
    for (Piece const& piece : pieces) Heap::release(piece.memory);
    heap.trim();
    EXPECT_EQ(heap.live_frames(), 0u);
    EXPECT_TRUE(frames.live.empty());
}

TEST(heap, out_of_frames_is_an_error_and_changes_nothing)
{
    HostFrames frames;
    frames.budget = 1;
    Heap heap(frames);
    void* const first = MUST(heap.allocate(2016));
    void* const second = MUST(heap.allocate(2016));
    EXPECT_EQ(heap.allocate(2016).error(), Errno::NoMem);
    EXPECT_EQ(heap.allocate(64).error(), Errno::NoMem);
    EXPECT_EQ(heap.live_objects(), 2u);
    Heap::release(first);
    void* const third = MUST(heap.allocate(2000));
    EXPECT_EQ(third, first);
    Heap::release(second);
    Heap::release(third);
}

TEST(heap, a_freed_object_reads_as_poison)
{
    HostFrames frames;
    Heap heap(frames);
    auto* const keeper = static_cast<u8*>(MUST(heap.allocate(64)));
    auto* const memory = static_cast<u8*>(MUST(heap.allocate(64)));
    Heap::release(memory);
    EXPECT_EQ(memory[40], 0xfd);
    Heap::release(keeper);
}

struct Counted : RefCounted {
    explicit Counted(int& deaths) : deaths_(deaths) {}
    ~Counted() override { ++deaths_; }
    int& deaths_;
};

TEST(ref, the_last_reference_destroys)
{
    HostFrames frames;
    Heap heap(frames);
    int deaths = 0;
    Ref<Counted> first = MUST(heap.create_ref<Counted>(deaths));
    EXPECT_EQ(first->references(), 1u);
    {
        Ref<Counted> second = first;
        Ref<RefCounted> base = second;
        EXPECT_EQ(first->references(), 3u);
    }
    EXPECT_EQ(first->references(), 1u);
    Ref<Counted> moved = std::move(first);
    EXPECT_FALSE(first);
    Ref<Counted> const& itself = moved;
    moved = itself;
    EXPECT_EQ(deaths, 0);
    moved.reset();
    EXPECT_EQ(deaths, 1);
    EXPECT_EQ(heap.live_objects(), 0u);
}

TEST(own, destroys_once_and_gives_away)
{
    HostFrames frames;
    Heap heap(frames);
    struct Plain {
        explicit Plain(int& count) : deaths(count) {}
        ~Plain() { ++deaths; }
        int& deaths;
    };
    int deaths = 0;
    Own<Plain> first = MUST(heap.create<Plain>(deaths));
    Own<Plain> second = std::move(first);
    EXPECT_FALSE(first);
    Own<Plain> adopted(second.take_pointer());
    EXPECT_FALSE(second);
    adopted.reset();
    adopted.reset();
    EXPECT_EQ(deaths, 1);
}

TEST(buffer, copies_text_and_may_be_empty)
{
    HostFrames frames;
    Heap heap(frames);
    Buffer const text = MUST(Buffer::copy_of(heap, "page cache"));
    EXPECT_TRUE(text.text() == StringView("page cache"));
    Buffer const nothing = MUST(Buffer::create(heap, 0));
    EXPECT_EQ(nothing.size(), 0u);
    EXPECT_EQ(heap.live_objects(), 1u);
}

struct Element {
    int value = 0;
    ListHook hook{};
};
using ElementList = List<Element, &Element::hook>;

TEST(list, keeps_order_and_unlinks_from_the_middle)
{
    ElementList list;
    Element elements[4] = {{1, {}}, {2, {}}, {3, {}}, {4, {}}};
    list.push_back(elements[1]);
    list.push_back(elements[3]);
    list.push_front(elements[0]);
    list.insert_before(elements[2], elements[3]);
    int expected = 1;
    for (Element& element : list) EXPECT_EQ(element.value, expected++);
    EXPECT_EQ(list.count(), 4u);
    list.remove(elements[2]);
    EXPECT_FALSE(elements[2].hook.is_linked());
    EXPECT_EQ(list.next(elements[1])->value, 4);
    EXPECT_EQ(list.previous(elements[1])->value, 1);
    EXPECT_EQ(list.next(elements[3]), nullptr);
    ElementList other;
    other.push_back(elements[2]);
    other.splice_back(list);
    EXPECT_TRUE(list.is_empty());
    EXPECT_EQ(other.pop_front()->value, 3);
    while (other.pop_front() != nullptr) {
    }
}

TEST(list, linking_twice_is_an_assertion)
{
    EXPECT_DEATH(
        {
            ElementList list;
            Element element;
            list.push_back(element);
            list.push_back(element);
        },
        "assertion failed: !is_linked");
}

Result<int> half(int value)
{
    if (value % 2 != 0) return Errno::Inval;
    return value / 2;
}

Result<int> quarter(int value)
{
    int const halved = TRY(half(value));
    return half(halved);
}

TEST(result, try_returns_the_first_error)
{
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error(), Errno::Inval);
    EXPECT_EQ(quarter(7).error(), Errno::Inval);
    EXPECT_DEATH(static_cast<void>(quarter(7).value()), "assertion failed: holds_value_");
}

TEST(string_view, compares_and_cuts)
{
    StringView const text = StringView::from_c_string("template");
    EXPECT_TRUE(text.starts_with("temp"));
    EXPECT_FALSE(text.starts_with("templates"));
    EXPECT_TRUE(text.from(4) == StringView("late"));
    EXPECT_DEATH(static_cast<void>(text[8]), "assertion failed: index < size_");
}

}  // namespace
}  // namespace drydock
