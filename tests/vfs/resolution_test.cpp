#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using test::kOk;

using namespace open_flags;

class ResolutionTest : public test::VfsTest {
protected:
    ResolutionTest()
    {
        EXPECT_EQ(make_dir("/dir"), kOk);
        EXPECT_EQ(make_dir("/dir/sub"), kOk);
        EXPECT_EQ(make_file("/dir/file"), kOk);
        EXPECT_EQ(symlink("dir", "/to_dir"), kOk);
        EXPECT_EQ(symlink("dir/file", "/to_file"), kOk);
        EXPECT_EQ(symlink("/dir/missing", "/dangling"), kOk);
        EXPECT_EQ(symlink("loop_b", "/loop_a"), kOk);
        EXPECT_EQ(symlink("loop_a", "/loop_b"), kOk);
    }
};

// path_resolution(7), stat(2).
TEST_F(ResolutionTest, names_the_reason_why_a_path_leads_nowhere)
{
    std::string const long_name(256, 'n');
    std::string const longest_name(255, 'n');
    std::string const long_path = "/" + std::string(4095, '/');
    struct Row {
        std::string path;
        Errno follow;
        Errno stay;
    };
    Row const rows[] = {
        {"", Errno::NoEnt, Errno::NoEnt},
        {"/", kOk, kOk},
        {"//", kOk, kOk},
        {".", kOk, kOk},
        {"..", kOk, kOk},
        {"/../../dir", kOk, kOk},
        {"/dir/", kOk, kOk},
        {"/dir/.", kOk, kOk},
        {"/dir/sub/../file", kOk, kOk},
        {"/missing", Errno::NoEnt, Errno::NoEnt},
        {"/missing/x", Errno::NoEnt, Errno::NoEnt},
        {"/missing/..", Errno::NoEnt, Errno::NoEnt},
        {"/dir/file/", Errno::NotDir, Errno::NotDir},
        {"/dir/file/.", Errno::NotDir, Errno::NotDir},
        {"/dir/file/..", Errno::NotDir, Errno::NotDir},
        {"/dir/file/x", Errno::NotDir, Errno::NotDir},
        {"/to_file", kOk, kOk},
        {"/to_file/", Errno::NotDir, Errno::NotDir},
        {"/to_file/x", Errno::NotDir, Errno::NotDir},
        {"/to_dir/", kOk, kOk},
        {"/to_dir/file", kOk, kOk},
        {"/to_dir/../dir", kOk, kOk},
        {"/dangling", Errno::NoEnt, kOk},
        {"/dangling/", Errno::NoEnt, Errno::NoEnt},
        {"/loop_a", Errno::Loop, kOk},
        {"/loop_a/x", Errno::Loop, Errno::Loop},
        {"/" + long_name, Errno::NameTooLong, Errno::NameTooLong},
        {"/" + longest_name, Errno::NoEnt, Errno::NoEnt},
        {long_path, Errno::NameTooLong, Errno::NameTooLong},
        {long_path.substr(1), kOk, kOk},
    };
    for (Row const& row : rows) {
        EXPECT_EQ(stat(row.path), row.follow) << row.path;
        EXPECT_EQ(stat(row.path, false), row.stay) << row.path;
    }
}

TEST_F(ResolutionTest, open_has_linuxs_errors)
{
    struct Row {
        char const* path;
        u32 flags;
        Errno error;
    };
    Row const rows[] = {
        {"/dir", kReadOnly, kOk},
        {"/dir", kWriteOnly, Errno::IsDir},
        {"/dir", kReadOnly | kTruncate, Errno::IsDir},
        {"/dir", kCreate, Errno::IsDir},
        {"/dir/.", kCreate, Errno::IsDir},
        {"/", kCreate, Errno::IsDir},
        {"/dir/new/", kCreate, Errno::IsDir},
        {"/dir/file", kCreate | kExclusive, Errno::Exist},
        {"/to_file", kCreate | kExclusive, Errno::Exist},
        {"/dangling", kCreate | kExclusive, Errno::Exist},
        {"/to_file", kNoFollow, Errno::Loop},
        {"/to_file", kNoFollow | kPath, kOk},
        {"/to_dir", kNoFollow | kDirectory, Errno::NotDir},
        {"/to_dir/", kNoFollow | kDirectory, kOk},
        {"/dir/file", kDirectory, Errno::NotDir},
        {"/dir/file/", kReadOnly, Errno::NotDir},
        {"/missing", kReadOnly, Errno::NoEnt},
        {"/missing/x", kCreate, Errno::NoEnt},
        {"/dir", kCreate | kDirectory, Errno::Inval},
        {"/dir", kTemporary | kReadOnly, Errno::Inval},
        {"/dir", kTemporary | kReadWrite, kOk},
        {"/dir/file", kTemporary | kReadWrite, Errno::NotDir},
        {"/loop_a", kReadOnly, Errno::Loop},
    };
    for (Row const& row : rows)
        EXPECT_EQ(open(row.path, row.flags), row.error) << row.path << " " << row.flags;
    // Through a dangling link the target is created.
    EXPECT_EQ(open("/dangling", kCreate | kWriteOnly), kOk);
    EXPECT_EQ(stat("/dir/missing"), kOk);
}

TEST_F(ResolutionTest, names_are_made_and_removed_with_linuxs_errors)
{
    EXPECT_EQ(make_dir("/dir"), Errno::Exist);
    EXPECT_EQ(make_dir("/dir/."), Errno::Exist);
    EXPECT_EQ(make_dir("/"), Errno::Exist);
    EXPECT_EQ(make_dir("/dangling"), Errno::Exist);
    EXPECT_EQ(make_dir("/fresh/"), kOk);
    EXPECT_EQ(make_file("/fresh/file/"), Errno::NoEnt);
    EXPECT_EQ(make_file("/dir/file/x"), Errno::NotDir);
    EXPECT_EQ(symlink("", "/empty"), Errno::NoEnt);
    EXPECT_EQ(unlink("/dir"), Errno::IsDir);
    EXPECT_EQ(unlink("/dir/"), Errno::IsDir);
    EXPECT_EQ(unlink("/"), Errno::IsDir);
    EXPECT_EQ(unlink("/dir/file/"), Errno::NotDir);
    EXPECT_EQ(unlink("/missing"), Errno::NoEnt);
    EXPECT_EQ(rmdir("/dir"), Errno::NotEmpty);
    EXPECT_EQ(rmdir("/dir/."), Errno::Inval);
    EXPECT_EQ(rmdir("/dir/.."), Errno::NotEmpty);
    EXPECT_EQ(rmdir("/"), Errno::Busy);
    EXPECT_EQ(rmdir("/dir/file"), Errno::NotDir);
    EXPECT_EQ(rmdir("/to_dir"), Errno::NotDir);
    EXPECT_EQ(link("/dir", "/hard"), Errno::Perm);
    EXPECT_EQ(link("/dir/file", "/dir/file"), Errno::Exist);
    EXPECT_EQ(link("/dir/file", "/hard"), kOk);
    EXPECT_EQ(attributes("/hard").links, 2u);
    EXPECT_EQ(attributes("/hard").number, attributes("/dir/file").number);
}

TEST_F(ResolutionTest, rename_has_linuxs_errors)
{
    EXPECT_EQ(rename("/missing", "/x"), Errno::NoEnt);
    EXPECT_EQ(rename("/dir/.", "/x"), Errno::Busy);
    EXPECT_EQ(rename("/dir", "/dir/sub/x"), Errno::Inval);
    EXPECT_EQ(rename("/dir", "/dir"), kOk);
    EXPECT_EQ(rename("/dir/sub", "/dir"), Errno::NotEmpty);
    EXPECT_EQ(rename("/dir/file", "/dir/sub"), Errno::IsDir);
    EXPECT_EQ(rename("/dir/sub", "/dir/file"), Errno::NotDir);
    EXPECT_EQ(rename("/dir/file/", "/x"), Errno::NotDir);
    EXPECT_EQ(rename("/dir/file", "/x/"), Errno::NotDir);
    Vfs::RenameOptions keep;
    keep.no_replace = true;
    EXPECT_EQ(rename("/to_dir", "/to_file", keep), Errno::Exist);
    Vfs::RenameOptions swap;
    swap.exchange = true;
    EXPECT_EQ(rename("/dir/file", "/missing", swap), Errno::NoEnt);
    EXPECT_EQ(rename("/dir/file", "/to_dir", swap), kOk);
    EXPECT_EQ(attributes("/to_dir", false).type, InodeType::Regular);
    EXPECT_EQ(attributes("/dir/file", false).type, InodeType::SymbolicLink);
    EXPECT_EQ(rename("/dir", "/moved"), kOk);
    EXPECT_EQ(stat("/moved/sub"), kOk);
    EXPECT_EQ(stat("/dir"), Errno::NoEnt);
}

TEST_F(ResolutionTest, follows_forty_links_and_no_more)
{
    EXPECT_EQ(symlink("dir", "/link0"), kOk);
    for (int i = 1; i <= 40; ++i) {
        EXPECT_EQ(symlink("link" + std::to_string(i - 1), "/link" + std::to_string(i)), kOk);
    }
    EXPECT_EQ(stat("/link39"), kOk);
    EXPECT_EQ(stat("/link40"), Errno::Loop);
    EXPECT_EQ(stat("/link40", false), kOk);
}

TEST_F(ResolutionTest, the_root_of_the_context_is_not_left)
{
    context->root = MUST(vfs->resolve(resolver(), "/dir", {}));
    EXPECT_EQ(stat("/file"), kOk);
    EXPECT_EQ(stat("/../../file"), kOk);
    EXPECT_EQ(stat("/../dir"), Errno::NoEnt);
    char target[64];
    Result<StringView> name = vfs->name_of(vfs->root_path(), context->root, target);
    EXPECT_EQ(test::string_of(name.value()), "(unreachable)/");
}

TEST_F(ResolutionTest, directories_must_be_searchable_and_writable)
{
    context->umask = 0;
    ASSERT_EQ(make_dir("/closed", 0700), kOk);
    ASSERT_EQ(make_file("/closed/inside"), kOk);
    ASSERT_EQ(make_dir("/readable", 0744), kOk);
    ASSERT_EQ(make_dir("/sticky", 0777), kOk);
    AttributeChange change;
    change.has_permissions = true;
    change.permissions = 01777;
    Path const sticky = MUST(vfs->resolve(resolver(), "/sticky", {}));
    MUST(vfs->change_attributes(sticky, change, credentials));
    ASSERT_EQ(make_file("/sticky/of_root"), kOk);
    become(7);
    EXPECT_EQ(stat("/closed"), kOk);
    EXPECT_EQ(stat("/closed/inside"), Errno::Acces);
    EXPECT_EQ(stat("/closed/missing"), Errno::Acces);
    EXPECT_EQ(open("/closed", kReadOnly), Errno::Acces);
    EXPECT_EQ(open("/readable", kReadOnly), kOk);
    EXPECT_EQ(stat("/readable/x"), Errno::Acces);
    EXPECT_EQ(make_file("/dir/mine"), Errno::Acces);
    EXPECT_EQ(open("/dir/file", kReadOnly), kOk);
    EXPECT_EQ(open("/dir/file", kWriteOnly), Errno::Acces);
    EXPECT_EQ(unlink("/sticky/of_root"), Errno::Perm);
    EXPECT_EQ(make_file("/sticky/mine"), kOk);
    EXPECT_EQ(unlink("/sticky/mine"), kOk);
    // A file that its maker may not write is open for writing all the same.
    EXPECT_EQ(open("/sticky/new", kCreate | kWriteOnly, 0444), kOk);
    EXPECT_EQ(open("/sticky/new", kWriteOnly), Errno::Acces);
}

TEST_F(ResolutionTest, the_working_directory_survives_its_removal)
{
    context->working_directory = MUST(vfs->resolve(resolver(), "/dir/sub", {}));
    EXPECT_EQ(name_of(context->working_directory), "/dir/sub");
    EXPECT_EQ(rmdir("/dir/sub"), kOk);
    EXPECT_EQ(name_of(context->working_directory), "?");
    EXPECT_EQ(stat("."), kOk);
    EXPECT_EQ(stat("../file"), kOk);
    EXPECT_EQ(make_file("x"), Errno::NoEnt);
    EXPECT_EQ(stat("x"), Errno::NoEnt);
}

}  // namespace
}  // namespace drydock
