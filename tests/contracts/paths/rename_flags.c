// renameat2(2): RENAME_NOREPLACE, RENAME_EXCHANGE, RENAME_WHITEOUT and what may not stand together.
#include "tests/contracts/contract.h"
#include <sys/sysmacros.h>

enum { NOREPLACE = 1, EXCHANGE = 2, WHITEOUT = 4 };

static long move(char const* from, char const* to, unsigned flags)
{
    return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

static void show_kind(char const* path)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        show(path, -1);
        return;
    }
    printf("%s: %s size %ld links %u device %u:%u mode %o\n", path,
           S_ISDIR(status.st_mode) ? "directory" : S_ISREG(status.st_mode) ? "file" : S_ISCHR(status.st_mode) ? "character device" : "other",
           S_ISDIR(status.st_mode) ? 0L : (long)status.st_size, (unsigned)status.st_nlink, major(status.st_rdev), minor(status.st_rdev),
           status.st_mode & 07777);
}

int main(void)
{
    make_file("a", "one");
    make_file("b", "three");
    require(mkdir("dir", 0755) == 0 && mkdir("dir/inner", 0755) == 0, "dir");
    show("to what is there", move("a", "b", NOREPLACE));
    show("to itself", move("a", "a", NOREPLACE));
    show("to a free name", move("a", "c", NOREPLACE));
    show("nothing", move("a", "d", NOREPLACE));
    show("exchange", move("b", "c", EXCHANGE));
    show_kind("b");
    show_kind("c");
    show("exchange with nothing", move("b", "nothing", EXCHANGE));
    show("exchange nothing", move("nothing", "b", EXCHANGE));
    show("exchange file and directory", move("b", "dir", EXCHANGE));
    show_kind("b");
    show_kind("dir");
    show("exchange with an ancestor", move("b/inner", "b", EXCHANGE));
    show("exchange with a descendant", move("b", "b/inner", EXCHANGE));
    show("exchange across directories", move("c", "b/inner", EXCHANGE));
    show_kind("c");
    show_kind("b");
    show("exchange with itself", move("c", "c", EXCHANGE));
    show("both", move("c", "d", NOREPLACE | EXCHANGE));
    show("unknown", move("c", "d", 8));
    show("unknown of nothing", move("nothing", "d", 8));
    show("whiteout", move("dir", "moved", WHITEOUT));
    show_kind("dir");
    show_kind("moved");
    show("whiteout and replace", move("moved", "dir", WHITEOUT));
    show_kind("moved");
    show_kind("dir");
    show("whiteout and no replace", move("dir", "moved", WHITEOUT | NOREPLACE));
    show("whiteout and exchange", move("dir", "moved", WHITEOUT | EXCHANGE));
    show("whiteout of a directory", move("b", "moved", WHITEOUT));
    show("whiteout of a directory", move("b", "b2", WHITEOUT));
    show_kind("b");
    show("unlink a whiteout", unlink("b"));
    require(chown(".", 1000, 1000) == 0 && setresuid(1000, 1000, 1000) == 0, "setresuid");
    make_file("own", "");
    show("whiteout unprivileged", move("own", "own2", WHITEOUT));
    return 0;
}
