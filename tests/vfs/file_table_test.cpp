#include "core/pipe/pipe.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using test::kOk;
using namespace open_flags;

class FileTableTest : public test::VfsTest {
protected:
    FileTableTest() { table = MUST(heap->create_ref<FileTable>(*heap)); }
    ~FileTableTest() override { table.reset(); }
    Ref<FileTable> table;
};

TEST_F(FileTableTest, random_calls_agree_with_a_map)
{
    Ref<File> const files[2] = {opened("/", kReadOnly), opened("/", kReadOnly)};
    for (u64 seed = 1; seed <= 20; ++seed) {
        test::Random random(seed);
        std::map<u32, std::pair<int, bool>> model;
        u32 const limit = 1 + static_cast<u32>(random.below(400));
        for (int step = 0; step < 2000; ++step) {
            int const which = static_cast<int>(random.below(2));
            bool const marked = random.below(2) == 0;
            u32 const place = static_cast<u32>(random.below(420));
            switch (random.below(5)) {
            case 0:
            case 1: {
                u32 const minimum = random.below(3) == 0 ? place : 0;
                u32 expected = minimum;
                while (model.count(expected) != 0) ++expected;
                Result<u32> added = table->add(files[which], marked, minimum, limit);
                ASSERT_EQ(added.is_ok(), expected < limit);
                if (added.is_ok()) {
                    ASSERT_EQ(added.value(), expected);
                    model[expected] = {which, marked};
                } else {
                    ASSERT_EQ(added.error(), Errno::Mfile);
                }
                break;
            }
            case 2: {
                Errno const error = error_of(table->set(place, files[which], marked, limit));
                ASSERT_EQ(error, place < limit ? kOk : Errno::BadF);
                if (place < limit) model[place] = {which, marked};
                break;
            }
            case 3:
                ASSERT_EQ(error_of(table->close(place)),
                          model.erase(place) == 1 ? kOk : Errno::BadF);
                break;
            default: {
                Result<Ref<File>> file = table->get(place);
                ASSERT_EQ(file.is_ok(), model.count(place) == 1);
                if (file.is_ok()) {
                    ASSERT_EQ(file.value().get(), files[model[place].first].get());
                }
                if (file.is_ok()) {
                    ASSERT_EQ(MUST(table->close_on_exec(place)), model[place].second);
                }
            }
            }
            ASSERT_EQ(table->open_count(), model.size());
            ASSERT_EQ(table->upper_bound(), model.empty() ? 0 : model.rbegin()->first + 1);
        }
        Ref<FileTable> copy = MUST(table->duplicate());
        copy->close_marked();
        for (auto const& [place, entry] : model) {
            EXPECT_EQ(copy->get(place).is_ok(), !entry.second);
            EXPECT_TRUE(table->get(place).is_ok());
        }
        table->close_all();
        EXPECT_EQ(table->open_count(), 0u);
        EXPECT_EQ(table->upper_bound(), 0u);
    }
}

TEST_F(FileTableTest, the_highest_descriptor_is_reachable)
{
    Ref<File> const file = opened("/", kReadOnly);
    EXPECT_EQ(error_of(table->set(kMaximumDescriptors - 1, file, false, ~u32{0})), kOk);
    EXPECT_EQ(error_of(table->set(kMaximumDescriptors, file, false, ~u32{0})), Errno::BadF);
    EXPECT_TRUE(table->get(kMaximumDescriptors - 1).is_ok());
    EXPECT_EQ(table->get(kMaximumDescriptors).error(), Errno::BadF);
    EXPECT_EQ(table->get(~u32{0}).error(), Errno::BadF);
    EXPECT_EQ(table->add(file, false, kMaximumDescriptors - 1, ~u32{0}).error(), Errno::Mfile);
    Ref<FileTable> const copy = MUST(table->duplicate());
    EXPECT_EQ(copy->open_count(), 1u);
}

TEST_F(FileTableTest, running_out_of_memory_changes_nothing)
{
    Ref<File> const file = opened("/", kReadOnly);
    for (u32 i = 0; i < 200; ++i) MUST(table->add(file, false, 0, 1024));
    bool has_succeeded = false;
    for (u64 nth = 0; nth < 20 && !has_succeeded; ++nth) {
        saturate_heap();
        machine.fail_allocation(nth);
        Result<Ref<FileTable>> copy = table->duplicate();
        has_succeeded = !machine.has_failed();
        EXPECT_EQ(copy.is_ok(), has_succeeded);
        Errno const error = error_of(table->set(700, file, false, 1024));
        EXPECT_TRUE(error == kOk || error == Errno::NoMem);
        machine.fail_nothing();
        release_fillers();
    }
    EXPECT_TRUE(has_succeeded);
}

}  // namespace
}  // namespace drydock
