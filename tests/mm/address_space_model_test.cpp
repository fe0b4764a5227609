// Random mappings, unmappings, protections and accesses against a model that knows each page.

#include "tests/mm/mm_fixture.h"

#include <optional>
#include <vector>

namespace drydock {
namespace {

using test::PatternSource;
using test::Random;
using AddressSpaceModelTest = test::MmTest;

constexpr UserAddr kBase{0x10000000 - 40 * kPageSize};  // A table border lies inside.
constexpr u64 kPages = 96;

struct ModelPage {
    Rights rights{};
    bool is_file = false;
    u64 file_index = 0;
    std::optional<u8> written;
};

struct Model {
    std::vector<std::optional<ModelPage>> pages{kPages};

    int value(u64 i) const
    {
        ModelPage const& page = *pages[i];
        if (page.written) return *page.written;
        return page.is_file ? static_cast<int>(page.file_index + 1) : 0;
    }
};

class Walker {
public:
    Walker(AddressSpace& space, Model& model, Ref<FileCache> cache, u64 seed)
        : space_(space), model_(model), cache_(std::move(cache)), random_(seed)
    {}

    void map(Rights rights)
    {
        auto const [first, count] = range();
        bool const is_file = random_.below(2) == 0;
        u64 const index = random_.below(100);
        MapRequest request{};
        request.address = kBase + first * kPageSize;
        request.length = count * kPageSize;
        request.fixed = true;
        request.rights = rights;
        if (is_file) {
            request.cache = cache_;
            request.kind = Region::Kind::File;
            request.file_offset = index * kPageSize;
        }
        ASSERT_TRUE(space_.map(request).is_ok());
        for (u64 i = 0; i < count; ++i) {
            model_.pages[first + i] = ModelPage{rights, is_file, index + i, std::nullopt};
        }
    }
    void unmap()
    {
        auto const [first, count] = range();
        ASSERT_TRUE(space_.unmap(kBase + first * kPageSize, count * kPageSize).is_ok());
        for (u64 i = first; i < first + count; ++i) model_.pages[i].reset();
    }
    void protect(Rights rights)
    {
        auto const [first, count] = range();
        Result<void> const result =
            space_.protect(kBase + first * kPageSize, count * kPageSize, rights);
        for (u64 i = first; i < first + count; ++i) {
            if (!model_.pages[i]) {
                ASSERT_EQ(result.error(), Errno::NoMem);
                return;
            }
            model_.pages[i]->rights = rights;
        }
        ASSERT_TRUE(result.is_ok());
    }
    void discard()
    {
        auto const [first, count] = range();
        static_cast<void>(space_.discard(kBase + first * kPageSize, count * kPageSize).is_ok());
        for (u64 i = first; i < first + count; ++i) {
            if (model_.pages[i]) model_.pages[i]->written.reset();
        }
    }
    Rights rights()
    {
        u64 const bits = random_.below(8);
        return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
    }
    u64 page() { return random_.below(kPages); }
    Random& random() { return random_; }

private:
    std::pair<u64, u64> range()
    {
        u64 const first = random_.below(kPages);
        return {first,
                1 + random_.below(random_.below(4) == 0 ? kPages - first
                                                        : std::min<u64>(8, kPages - first))};
    }

    AddressSpace& space_;
    Model& model_;
    Ref<FileCache> cache_;
    Random random_;
};

bool is_accessible(Rights rights) { return rights.read || rights.write || rights.execute; }

// Random steps of all kinds; forks now and then and goes on in both.
TEST_F(AddressSpaceModelTest, agrees_with_the_model)
{
    for (u64 seed = 1; seed <= 12; ++seed) {
        PatternSource source;
        auto cache = make_cache(&source);
        std::vector<Ref<AddressSpace>> spaces{make_space()};
        std::vector<Model> models(1);
        for (int step = 0; step < 1500; ++step) {
            Random pick(seed * 100000 + static_cast<u64>(step));
            usize const which = pick.below(spaces.size());
            AddressSpace& space = *spaces[which];
            Model& model = models[which];
            Walker walker(space, model, cache, pick.next());
            u64 const kind = pick.below(100);
            u64 const i = walker.page();
            UserAddr const address = kBase + i * kPageSize + pick.below(kPageSize);
            if (kind < 15) {
                walker.map(walker.rights());
            } else if (kind < 25) {
                walker.unmap();
            } else if (kind < 40) {
                walker.protect(walker.rights());
            } else if (kind < 44) {
                walker.discard();
            } else if (kind < 70) {
                bool const may = model.pages[i] && is_accessible(model.pages[i]->rights);
                int const expected = may ? model.value(i) : -1;
                EXPECT_EQ(read_user(space, address.page()), expected);
            } else if (kind < 97) {
                bool const may = model.pages[i] && model.pages[i]->rights.write;
                auto const value = static_cast<u8>(pick.next());
                FaultResult const result = write_user(space, address.page(), value);
                EXPECT_EQ(result == FaultResult::Handled, may);
                if (may) model.pages[i]->written = value;
            } else if (spaces.size() < 4) {
                spaces.push_back(MUST(space.duplicate()));
                models.push_back(Model(models[which]));
            } else {
                spaces.erase(spaces.begin() + static_cast<long>(which));
                models.erase(models.begin() + static_cast<long>(which));
            }
            for (auto& each : spaces) expect_sound(*each);
            if (HasFailure()) FAIL() << "seed " << seed << " step " << step;
        }
    }
}

}  // namespace
}  // namespace drydock
