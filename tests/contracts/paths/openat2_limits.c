// openat2(2), RESOLVE_*: lookups that may not leave a folder, follow links or magic links, or cross
// a mount; a folder that is the root of a lookup.
#include "tests/contracts/contract.h"

struct how {
    uint64_t flags, mode, resolve;
};
enum { kOneMount = 1, kNoMagic = 2, kNoLinks = 4, kBeneath = 8, kInRoot = 16 };

static void try_it(char const* what, int folder, char const* path, uint64_t flags, uint64_t resolve)
{
    struct how const how = {flags, 0, resolve};
    long const fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));
    show_ok(what, fd);
    if (fd >= 0) close((int)fd);
}

int main(void)
{
    mkdir("d", 0755);
    mkdir("d/sub", 0755);
    make_file("d/file", "inside");
    make_file("outside", "outside");
    symlink("file", "d/link");
    symlink("../outside", "d/up");
    symlink("/file", "d/absolute");
    int const folder = open("d", O_RDONLY | O_DIRECTORY);
    try_it("beneath", folder, "sub/../file", O_RDONLY, kBeneath);
    try_it("beneath, a link", folder, "link", O_RDONLY, kBeneath);
    try_it("beneath, up", folder, "../outside", O_RDONLY, kBeneath);
    try_it("beneath, the last", folder, "..", O_RDONLY, kBeneath);
    try_it("beneath, a link up", folder, "up", O_RDONLY, kBeneath);
    try_it("beneath, an absolute link", folder, "absolute", O_RDONLY, kBeneath);
    try_it("beneath, absolute", folder, "/file", O_RDONLY, kBeneath);
    try_it("in root", folder, "/file", O_RDONLY, kInRoot);
    try_it("in root, up", folder, "../../sub/../../file", O_RDONLY, kInRoot);
    try_it("in root, a link up", folder, "up", O_RDONLY, kInRoot);
    try_it("in root, an absolute link", folder, "absolute", O_RDONLY, kInRoot);
    try_it("absolute link", folder, "absolute", O_RDONLY, 0);
    try_it("no links", folder, "link", O_RDONLY, kNoLinks);
    try_it("no links, not followed", folder, "link", O_PATH | O_NOFOLLOW, kNoLinks);
    try_it("no links, a file", folder, "file", O_RDONLY, kNoLinks);
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/fd/%d", folder);
    try_it("magic", AT_FDCWD, path, O_RDONLY, 0);
    try_it("no magic", AT_FDCWD, path, O_RDONLY, kNoMagic);
    try_it("no magic, a plain link", folder, "link", O_RDONLY, kNoMagic);
    try_it("one mount", folder, "sub", O_RDONLY, kOneMount);
    try_it("another mount", AT_FDCWD, "/proc/self", O_PATH, kOneMount);
    return 0;
}
