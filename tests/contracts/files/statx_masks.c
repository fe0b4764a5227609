// statx(2): what is asked for and what is told, kinds of synchronisation, flags and masks that are refused.
#include "tests/contracts/contract.h"

struct times {
    int64_t seconds;
    uint32_t nanoseconds;
    int32_t reserved;
};

struct result {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, uid, gid;
    uint16_t mode, spare;
    uint64_t inode, size, blocks, attributes_mask;
    struct times accessed, born, changed, modified;
    uint32_t numbers[4];
    uint64_t more[14];
};

static struct result result;

static long ask(int directory, char const* path, int flags, unsigned mask)
{
    memset(&result, 0, sizeof result);
    return syscall(SYS_statx, directory, path, flags, mask, &result);
}

int main(void)
{
    make_file("f", "text");
    require(symlink("f", "link") == 0 && mkfifo("fifo", 0640) == 0 && mkdir("dir", 0700) == 0, "tree");
    require(chown("f", 12, 34) == 0, "chown");
    unsigned const basic = 0x7ff;
    show("basic", ask(AT_FDCWD, "f", 0, basic));
    printf("basic %x mode %o size %lu links %u ids %u %u\n", result.mask & basic, result.mode, (unsigned long)result.size, result.links, result.uid, result.gid);
    show("born is asked for", ask(AT_FDCWD, "f", 0, 0xfff));
    show("told", (result.mask & 0x800) != 0 && result.born.seconds > 0);
    show("nothing", ask(AT_FDCWD, "f", 0, 0));
    // Linux 6.13 leaves out the times of changes, if nobody asks for them.
    printf("basic %x size %lu\n", result.mask & basic & ~0xc0u, (unsigned long)result.size);
    show("link", ask(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, basic));
    printf("mode %o\n", result.mode);
    show("fifo", ask(AT_FDCWD, "fifo", 0, basic));
    printf("mode %o\n", result.mode);
    int const file = open("f", O_PATH);
    show("empty path", ask(file, "", AT_EMPTY_PATH, basic));
    printf("size %lu\n", (unsigned long)result.size);
    show("no path", syscall(SYS_statx, file, NULL, 0, basic, &result));
    show("force", ask(AT_FDCWD, "f", 0x2000, basic));
    show("do not sync", ask(AT_FDCWD, "f", 0x4000, basic));
    show("both", ask(AT_FDCWD, "f", 0x6000, basic));
    show("unknown flag", ask(AT_FDCWD, "f", 1, basic));
    show("reserved mask", ask(AT_FDCWD, "f", 0, 0x80000000));
    show("reserved mask of nothing", ask(AT_FDCWD, "nothing", 0, 0x80000000));
    show("nothing there", ask(AT_FDCWD, "nothing", 0, basic));
    show("closed", ask(77, "", AT_EMPTY_PATH, basic));
    show("root of a mount", ask(AT_FDCWD, "/", 0, basic));
    show("told", (result.attributes & 0x2000) != 0);
    show("not of a file", ask(AT_FDCWD, "f", 0, basic) == 0 && (result.attributes & 0x2000) == 0);
    return 0;
}
