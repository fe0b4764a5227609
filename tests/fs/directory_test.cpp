#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using test::kOk;
using namespace open_flags;

using DirectoryTest = test::VfsTest;

// getdents(2): what stays in the directory during a listing is listed exactly once, whatever is
// added or removed meanwhile.
TEST_F(DirectoryTest, listings_lose_and_repeat_nothing_while_names_come_and_go)
{
    for (u64 seed = 0; seed < 30; ++seed) {
        test::Random random(seed);
        std::string const place = "/d" + std::to_string(seed);
        ASSERT_EQ(make_dir(place), kOk);
        std::set<std::string> stable;
        std::vector<std::string> others;
        for (int i = 0; i < 60; ++i) {
            std::string const name = "n" + std::to_string(i);
            ASSERT_EQ(make_file(place + "/" + name), kOk);
            if (random.below(2) == 0) {
                stable.insert(name);
            } else {
                others.push_back(name);
            }
        }
        Ref<File> const file = opened(place, kReadOnly);
        std::map<std::string, int> seen;
        int fresh = 0;
        while (true) {
            test::NameCollector names(1 + random.below(5));
            MUST(file->list(names));
            if (names.names.empty()) break;
            for (std::string const& name : names.names) ++seen[name];
            if (!others.empty() && random.below(2) == 0) {
                usize const victim = random.below(others.size());
                ASSERT_EQ(unlink(place + "/" + others[victim]), kOk);
                others.erase(others.begin() + static_cast<isize>(victim));
            }
            if (fresh < 20) {
                ASSERT_EQ(make_file(place + "/f" + std::to_string(fresh++)), kOk);
            }
        }
        for (std::string const& name : stable) EXPECT_EQ(seen[name], 1) << name;
        for (auto const& [name, times] : seen) EXPECT_EQ(times, 1) << name;
        EXPECT_EQ(seen["."], 1);
        EXPECT_EQ(seen[".."], 1);
    }
}

TEST_F(DirectoryTest, listings_go_on_at_any_position_given_out)
{
    ASSERT_EQ(make_dir("/d"), kOk);
    for (int i = 0; i < 10; ++i) ASSERT_EQ(make_file("/d/" + std::to_string(i)), kOk);
    Ref<File> const file = opened("/d", kReadOnly);
    test::NameCollector all;
    MUST(file->list(all));
    ASSERT_EQ(all.names.size(), 12u);
    for (usize i = 0; i < all.names.size(); ++i) {
        MUST(file->seek(static_cast<i64>(all.positions[i]), 0));
        test::NameCollector rest;
        MUST(file->list(rest));
        EXPECT_EQ(rest.names.size(), all.names.size() - i - 1);
    }
}

TEST_F(DirectoryTest, removed_directories_have_no_entries)
{
    ASSERT_EQ(make_dir("/d"), kOk);
    Ref<File> const file = opened("/d", kReadOnly);
    ASSERT_EQ(rmdir("/d"), kOk);
    test::NameCollector names;
    EXPECT_EQ(error_of(file->list(names)), Errno::NoEnt);
    EXPECT_EQ(file->inode().attributes().links, 0u);
}

TEST_F(DirectoryTest, links_of_directories_count_their_subdirectories)
{
    ASSERT_EQ(make_dir("/a"), kOk);
    EXPECT_EQ(attributes("/a").links, 2u);
    ASSERT_EQ(make_dir("/a/b"), kOk);
    ASSERT_EQ(make_dir("/a/c"), kOk);
    EXPECT_EQ(attributes("/a").links, 4u);
    ASSERT_EQ(make_dir("/e"), kOk);
    ASSERT_EQ(rename("/a/b", "/e/b"), kOk);
    EXPECT_EQ(attributes("/a").links, 3u);
    EXPECT_EQ(attributes("/e").links, 3u);
    ASSERT_EQ(rename("/a/c", "/e/b"), kOk);
    EXPECT_EQ(attributes("/a").links, 2u);
    EXPECT_EQ(attributes("/e").links, 3u);
    Vfs::RenameOptions swap;
    swap.exchange = true;
    ASSERT_EQ(make_file("/a/f"), kOk);
    ASSERT_EQ(rename("/a/f", "/e/b", swap), kOk);
    EXPECT_EQ(attributes("/a").links, 3u);
    EXPECT_EQ(attributes("/e").links, 2u);
}

// inode(7): S_ISGID on a directory.
TEST_F(DirectoryTest, set_group_directories_pass_their_group_on)
{
    ASSERT_EQ(make_dir("/d"), kOk);
    AttributeChange change;
    change.has_permissions = change.has_gid = true;
    change.permissions = 02777;
    change.gid = 42;
    Path const place = MUST(vfs->resolve(resolver(), "/d", {}));
    MUST(vfs->change_attributes(place, change, credentials));
    become(9);
    ASSERT_EQ(make_dir("/d/sub"), kOk);
    ASSERT_EQ(make_file("/d/file"), kOk);
    EXPECT_EQ(attributes("/d/sub").gid, 42u);
    EXPECT_EQ(attributes("/d/sub").permissions, 02755u);
    EXPECT_EQ(attributes("/d/file").gid, 42u);
    EXPECT_EQ(attributes("/d/file").uid, 9u);
}

// A tree in the test's own memory that must agree with the file system after each step.
class TreeModel {
public:
    struct Node {
        bool is_directory = false;
        std::map<std::string, std::shared_ptr<Node>> names;
    };
    std::shared_ptr<Node> root = std::make_shared<Node>(Node{true, {}});

    static std::vector<std::string> split(std::string const& path)
    {
        std::vector<std::string> parts;
        std::string part;
        for (char const letter : path + "/") {
            if (letter != '/') {
                part += letter;
            } else if (!part.empty()) {
                parts.push_back(part);
                part.clear();
            }
        }
        return parts;
    }
    // The directory that the last name is in, or why there is none.
    std::shared_ptr<Node> parent(std::string const& path, std::string& last, Errno& error) const
    {
        std::vector<std::string> parts = split(path);
        last = parts.back();
        parts.pop_back();
        std::shared_ptr<Node> node = root;
        for (std::string const& part : parts) {
            auto const found = node->names.find(part);
            if (found == node->names.end()) {
                error = Errno::NoEnt;
                return nullptr;
            }
            node = found->second;
            if (!node->is_directory) {
                error = Errno::NotDir;
                return nullptr;
            }
        }
        return node;
    }
    Errno make(std::string const& path, bool is_directory)
    {
        std::string last;
        Errno error{};
        auto const node = parent(path, last, error);
        if (!node) return error;
        if (node->names.count(last) != 0) return Errno::Exist;
        node->names[last] = std::make_shared<Node>(Node{is_directory, {}});
        return kOk;
    }
    Errno remove(std::string const& path, bool as_directory)
    {
        std::string last;
        Errno error{};
        auto const node = parent(path, last, error);
        if (!node) return error;
        auto const found = node->names.find(last);
        if (found == node->names.end()) return Errno::NoEnt;
        if (as_directory && !found->second->is_directory) return Errno::NotDir;
        if (!as_directory && found->second->is_directory) return Errno::IsDir;
        if (as_directory && !found->second->names.empty()) return Errno::NotEmpty;
        node->names.erase(found);
        return kOk;
    }
    static bool contains(Node const* tree, Node const* wanted)
    {
        if (tree == wanted) return true;
        for (auto const& [name, child] : tree->names) {
            if (contains(child.get(), wanted)) return true;
        }
        return false;
    }
    Errno rename(std::string const& from, std::string const& to)
    {
        std::string from_last;
        std::string to_last;
        Errno error{};
        auto const from_parent = parent(from, from_last, error);
        if (!from_parent) return error;
        auto const to_parent = parent(to, to_last, error);
        if (!to_parent) return error;
        auto const found = from_parent->names.find(from_last);
        if (found == from_parent->names.end()) return Errno::NoEnt;
        std::shared_ptr<Node> const node = found->second;
        auto const target = to_parent->names.find(to_last);
        std::shared_ptr<Node> const old =
            target == to_parent->names.end() ? nullptr : target->second;
        if (node->is_directory && contains(node.get(), to_parent.get())) return Errno::Inval;
        if (old && old->is_directory && contains(old.get(), from_parent.get()))
            return Errno::NotEmpty;
        if (old == node) return kOk;
        if (old) {
            if (node->is_directory && !old->is_directory) return Errno::NotDir;
            if (!node->is_directory && old->is_directory) return Errno::IsDir;
            if (old->is_directory && !old->names.empty()) return Errno::NotEmpty;
        }
        from_parent->names.erase(from_last);
        to_parent->names[to_last] = node;
        return kOk;
    }
    Errno link(std::string const& from, std::string const& to)
    {
        std::string from_last;
        std::string to_last;
        Errno error{};
        auto const from_parent = parent(from, from_last, error);
        if (!from_parent) return error;
        auto const found = from_parent->names.find(from_last);
        if (found == from_parent->names.end()) return Errno::NoEnt;
        auto const to_parent = parent(to, to_last, error);
        if (!to_parent) return error;
        if (to_parent->names.count(to_last) != 0) return Errno::Exist;
        if (found->second->is_directory) return Errno::Perm;
        to_parent->names[to_last] = found->second;
        return kOk;
    }
};

class TreeTest : public test::VfsTest {
protected:
    void compare(TreeModel::Node const& node, std::string const& path)
    {
        std::vector<std::string> names = names_in(path);
        std::set<std::string> const found(names.begin(), names.end());
        ASSERT_EQ(found.size(), names.size()) << path;
        ASSERT_EQ(found.size(), node.names.size() + 2) << path;
        u32 directories = 0;
        for (auto const& [name, child] : node.names) {
            ASSERT_EQ(found.count(name), 1u) << path << name;
            InodeAttributes const attribute = attributes(path + name);
            EXPECT_EQ(attribute.type == InodeType::Directory, child->is_directory);
            if (child->is_directory) {
                ++directories;
                compare(*child, path + name + "/");
            } else {
                EXPECT_EQ(attribute.links, static_cast<u32>(child.use_count()));
            }
        }
        EXPECT_EQ(attributes(path).links, 2 + directories) << path;
    }
    static std::string random_path(test::Random& random)
    {
        std::string path;
        for (u64 depth = 1 + random.below(3); depth > 0; --depth) {
            path += "/" + std::string(1, static_cast<char>('a' + random.below(4)));
        }
        return path;
    }
};

TEST_F(TreeTest, random_changes_agree_with_a_model)
{
    for (u64 seed = 1; seed <= 12; ++seed) {
        test::Random random(seed);
        TreeModel model;
        std::string const top = "/t" + std::to_string(seed);
        ASSERT_EQ(make_dir(top), kOk);
        context->root = MUST(vfs->resolve(resolver(), test::view(top), {}));
        for (int step = 0; step < 600; ++step) {
            std::string const path = random_path(random);
            std::string const other = random_path(random);
            u64 const action = random.below(8);
            SCOPED_TRACE(std::to_string(seed) + " " + std::to_string(step) + " " +
                         std::to_string(action) + path + " " + other);
            switch (action) {
            case 0:
            case 1: ASSERT_EQ(make_dir(path), model.make(path, true)); break;
            case 2: ASSERT_EQ(make_file(path), model.make(path, false)); break;
            case 3: ASSERT_EQ(unlink(path), model.remove(path, false)); break;
            case 4: ASSERT_EQ(rmdir(path), model.remove(path, true)); break;
            case 5: ASSERT_EQ(link(path, other), model.link(path, other)); break;
            case 6: ASSERT_EQ(rename(path, other), model.rename(path, other)); break;
            default: vfs->drop_cached_names(); break;
            }
            if (step % 50 == 0) compare(*model.root, "/");
        }
        compare(*model.root, "/");
        context->root = vfs->root_path();
    }
}

// Deep trees are made, removed from inside out and dropped without deep recursion.
TEST_F(TreeTest, depth_does_not_matter)
{
    constexpr int kDepth = 20000;
    Path const start = context->working_directory;
    std::vector<Path> chain;
    for (int i = 0; i < kDepth; ++i) {
        ASSERT_EQ(make_dir("d"), kOk);
        context->working_directory = MUST(vfs->resolve(resolver(), "d", {}));
        if (i % 1000 == 0) chain.push_back(context->working_directory);
    }
    chain.clear();
    for (int i = 0; i < kDepth / 2; ++i) {
        // Every other removed directory stays open through the one below it.
        Path const here = context->working_directory;
        context->working_directory = MUST(vfs->resolve(resolver(), "..", {}));
        ASSERT_EQ(rmdir("d"), kOk);
    }
    context->working_directory = start;
}

// A removed chain that only its deepest member keeps alive goes at once.
TEST_F(TreeTest, removed_chains_are_dropped_in_a_loop)
{
    constexpr int kDepth = 3000;
    Path const start = context->working_directory;
    std::vector<Path> chain{start};
    for (int i = 0; i < kDepth; ++i) {
        ASSERT_EQ(make_dir("d"), kOk);
        context->working_directory = MUST(vfs->resolve(resolver(), "d", {}));
        chain.push_back(context->working_directory);
    }
    Path deepest = chain.back();
    for (int i = kDepth; i > 0; --i) {
        chain.pop_back();
        context->working_directory = chain.back();
        ASSERT_EQ(rmdir("d"), kOk);
    }
    chain.clear();
    deepest = Path();
    context->working_directory = start;
}

}  // namespace
}  // namespace drydock
