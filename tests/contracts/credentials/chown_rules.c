// chown(2): owners change only the group, to one of their own; set-id bits go, for root too, but the set-group bit of
// what its group cannot execute stays; directories keep theirs.
#include "tests/contracts/contract.h"
#include <grp.h>

static void show_state(char const* path)
{
    struct stat status;
    require(lstat(path, &status) == 0, path);
    printf("  %s: %u %u %o\n", path, status.st_uid, status.st_gid, status.st_mode & 07777);
}

static void make(char const* path, int mode)
{
    unlink(path);
    make_file(path, "");
    require(chown(path, 1000, 1000) == 0 && chmod(path, mode) == 0, path);
}

int main(void)
{
    require(chmod(".", 0777) == 0 && mkdir("dir", 0755) == 0 && chmod("dir", 06755) == 0, "dir");
    make("program", 06755);
    show("root", chown("program", 1001, 1001));
    show_state("program");
    make("lock", 06644);
    show("without the x bit", chown("lock", 1001, -1));
    show_state("lock");
    make("program", 06755);
    show("to nobody", chown("program", -1, -1));
    show_state("program");
    show("directory", chown("dir", 1000, 1000));
    show_state("dir");
    make("program", 06755);
    require(symlink("program", "link") == 0, "symlink");
    show("lchown", lchown("link", 1000, 1000));
    show_state("link");
    show_state("program");
    make("lock", 06644);
    gid_t const groups[] = {2000};
    require(setgroups(1, groups) == 0 && setresgid(1000, 1000, 1000) == 0 && setresuid(1000, 1000, 1000) == 0, "ids");
    show("to another owner", chown("program", 1001, -1));
    show("to the same owner", chown("program", 1000, -1));
    show_state("program");
    show("to an own group", chown("program", -1, 2000));
    show_state("program");
    show("to a foreign group", chown("program", -1, 3000));
    show("lock to an own group", chown("lock", -1, 2000));
    show_state("lock");
    show("owner and group", chown("program", 1000, 1000));
    show_state("program");
    show("foreign file", chown(".", -1, 1000));
    show("foreign, nothing to change", chown(".", -1, -1));
    show("nothing", chown("nothing", 1000, 1000));
    return 0;
}
