// inode(7), sticky bit: in such a directory only the owner of the file, the owner of the directory and the privileged
// remove or rename.
#include "tests/contracts/contract.h"

static void as(uid_t user)
{
    require(setresuid(user, user, 0) == 0, "setresuid");
}

static void back(void)
{
    require(setresuid(0, 0, 0) == 0, "back");
}

int main(void)
{
    require(mkdir("open", 0777) == 0 && chown("open", 1000, 1000) == 0 && chmod("open", 01777) == 0, "open");
    require(mkdir("open/dir", 0777) == 0 && chown("open/dir", 1001, 1001) == 0, "dir");
    make_file("open/first", "");
    make_file("open/second", "");
    make_file("open/root", "");
    require(chown("open/first", 1001, 1001) == 0 && chown("open/second", 1002, 1002) == 0, "chown");
    as(1001);
    show("own file moved", rename("open/first", "open/one"));
    show("foreign file", unlink("open/second"));
    show("foreign file moved", rename("open/second", "open/x"));
    show("own over a foreign one", rename("open/one", "open/second"));
    show("exchange with a foreign one", syscall(SYS_renameat2, AT_FDCWD, "open/one", AT_FDCWD, "open/second", 2));
    show("own directory", rmdir("open/dir"));
    show("another name for a foreign one", link("open/second", "open/y") == 0 || errno == EPERM);
    back();
    as(1002);
    show("foreign file", unlink("open/one"));
    show("own file", unlink("open/second"));
    back();
    as(1000);
    show("owner of the directory", unlink("open/one"));
    show("even of root", unlink("open/root"));
    show("without the sticky bit", chmod("open", 0777));
    back();
    make_file("open/root", "");
    as(1001);
    show("anybody", unlink("open/root"));
    back();
    make_file("open/last", "");
    require(chown("open/last", 1001, 1001) == 0 && chmod("open", 0755) == 0, "last");
    as(1001);
    show("the owner of the file alone", unlink("open/last"));
    return 0;
}
