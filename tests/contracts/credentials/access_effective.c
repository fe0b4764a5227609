// access(2), faccessat2(2): by the real ids, or by the effective ones with AT_EACCESS; what the arguments may be.
#include "tests/contracts/contract.h"

static long check(char const* path, int mode, int flags)
{
    return syscall(SYS_faccessat2, AT_FDCWD, path, mode, flags);
}

int main(void)
{
    make_file("root", "");
    make_file("user", "");
    require(chmod("root", 0600) == 0 && chmod("user", 0400) == 0 && chown("user", 1000, 1000) == 0, "files");
    require(symlink("root", "link") == 0 && mkdir("dir", 0755) == 0, "tree");
    show("root", access("user", R_OK | W_OK));
    show("root, execute", access("user", X_OK));
    show("directory, execute", access("dir", X_OK));
    show("exists", access("root", F_OK));
    show("nothing", access("nothing", F_OK));
    show("bad mode", access("root", 8));
    show("bad mode of nothing", access("nothing", -1));
    show("setresuid", setresuid(1000, 0, 0));
    show("by real ids", access("root", R_OK));
    show("by effective ids", check("root", R_OK, AT_EACCESS));
    show("own", access("user", R_OK));
    show("own, write", access("user", W_OK));
    show("the link itself", check("link", R_OK, AT_SYMLINK_NOFOLLOW));
    show("bad flags", check("root", R_OK, 0x800));
    show("old call ignores flags", syscall(SYS_faccessat, AT_FDCWD, "link", F_OK, 0xffff));
    show("effective is untouched", geteuid());
    show_ok("so it opens", open("root", O_RDWR));
    show("setresuid", setresuid(0, 1000, 0));
    show("by real ids", access("root", R_OK | W_OK));
    show("by effective ids", check("root", R_OK, AT_EACCESS));
    show("it does not open", open("root", O_RDONLY));
    return 0;
}
