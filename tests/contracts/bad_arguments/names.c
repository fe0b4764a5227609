// Calls that make, move and remove names.
#include "tests/contracts/bad_arguments/sweep.h"

static struct call const calls[] = {
    {"mkdir", SYS_mkdir, {PATH("new"), FLAGS(0755)}, 1},
    {"mkdirat", SYS_mkdirat, {AT, PATH("new"), FLAGS(0755)}, 1},
    {"rmdir", SYS_rmdir, {PATH("folder")}, 1},
    {"unlink", SYS_unlink, {PATH("file")}, 1},
    {"unlinkat", SYS_unlinkat, {AT, PATH("file"), FLAGS(0)}, 1},
    {"unlinkat of a folder", SYS_unlinkat, {AT, PATH("folder"), FLAGS(AT_REMOVEDIR)}, 1},
    {"link", SYS_link, {PATH("file"), PATH("new")}, 1},
    {"linkat", SYS_linkat, {AT, PATH("file"), AT, PATH("new"), FLAGS(0)}, 1},
    {"linkat of the descriptor", SYS_linkat, {FD(kReadOnly), NUM(""), NUM(AT_FDCWD), NUM("new"), NUM(AT_EMPTY_PATH)}, 1},
    {"linkat that follows", SYS_linkat, {NUM(AT_FDCWD), PATH("link"), NUM(AT_FDCWD), NUM("new"), NUM(AT_SYMLINK_FOLLOW)}, 1},
    {"symlink", SYS_symlink, {PATH("anything"), PATH("new")}, 1},
    {"symlinkat", SYS_symlinkat, {NUM("anything"), AT, PATH("new")}, 1},
    {"rename", SYS_rename, {PATH("file"), PATH("new")}, 1},
    {"rename of a folder", SYS_rename, {NUM("folder"), PATH("new")}, 1},
    {"renameat", SYS_renameat, {AT, NUM("file"), AT, NUM("new")}, 1},
    {"renameat2", SYS_renameat2, {AT, PATH("file"), AT, PATH("new"), FLAGS(0)}, 1},
    {"renameat2 without replacing", SYS_renameat2, {NUM(AT_FDCWD), PATH("file"), NUM(AT_FDCWD), PATH("new"), NUM(1)}, 1},
    {"renameat2 exchanging", SYS_renameat2, {NUM(AT_FDCWD), PATH("file"), NUM(AT_FDCWD), PATH("folder"), FLAGS(2)}, 1},
    {"mknod", SYS_mknod, {PATH("new"), FLAGS(S_IFREG | 0600), NUM(0)}, 1},
    {"mknod of a device", SYS_mknod, {NUM("new"), NUM(S_IFCHR | 0600), CODE(0x103, 2)}, 1},
    {"mknodat", SYS_mknodat, {AT, PATH("new"), CODE(S_IFIFO | 0600, 2), NUM(0)}, 1},
    {"truncate", SYS_truncate, {PATH("file"), OFFSET(10)}, 1},
};
SWEEP(calls)
