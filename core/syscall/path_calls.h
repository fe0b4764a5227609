#pragma once

// System calls that take a path, or read or change what stat(2) shows.

#include "core/syscall/syscall.h"

namespace drydock {

Result<i64> sys_open(Call& call);
Result<i64> sys_openat(Call& call);
Result<i64> sys_creat(Call& call);
Result<i64> sys_mkdir(Call& call);
Result<i64> sys_mkdirat(Call& call);
Result<i64> sys_mknod(Call& call);
Result<i64> sys_mknodat(Call& call);
Result<i64> sys_rmdir(Call& call);
Result<i64> sys_unlink(Call& call);
Result<i64> sys_unlinkat(Call& call);
Result<i64> sys_symlink(Call& call);
Result<i64> sys_symlinkat(Call& call);
Result<i64> sys_link(Call& call);
Result<i64> sys_linkat(Call& call);
Result<i64> sys_rename(Call& call);
Result<i64> sys_renameat(Call& call);
Result<i64> sys_renameat2(Call& call);
Result<i64> sys_readlink(Call& call);
Result<i64> sys_readlinkat(Call& call);
Result<i64> sys_stat(Call& call);
Result<i64> sys_lstat(Call& call);
Result<i64> sys_fstat(Call& call);
Result<i64> sys_newfstatat(Call& call);
Result<i64> sys_statx(Call& call);
Result<i64> sys_access(Call& call);
Result<i64> sys_faccessat(Call& call);
Result<i64> sys_faccessat2(Call& call);
Result<i64> sys_chmod(Call& call);
Result<i64> sys_fchmod(Call& call);
Result<i64> sys_fchmodat(Call& call);
Result<i64> sys_chown(Call& call);
Result<i64> sys_lchown(Call& call);
Result<i64> sys_fchown(Call& call);
Result<i64> sys_fchownat(Call& call);
Result<i64> sys_truncate(Call& call);
Result<i64> sys_ftruncate(Call& call);
Result<i64> sys_utime(Call& call);
Result<i64> sys_utimes(Call& call);
Result<i64> sys_futimesat(Call& call);
Result<i64> sys_utimensat(Call& call);
Result<i64> sys_chdir(Call& call);
Result<i64> sys_fchdir(Call& call);
Result<i64> sys_getcwd(Call& call);
Result<i64> sys_chroot(Call& call);
Result<i64> sys_umask(Call& call);
Result<i64> sys_statfs(Call& call);
Result<i64> sys_fstatfs(Call& call);
Result<i64> sys_mount(Call& call);
Result<i64> sys_umount2(Call& call);
Result<i64> sys_sync(Call& call);
Result<i64> sys_fsync(Call& call);
Result<i64> sys_fdatasync(Call& call);
Result<i64> sys_syncfs(Call& call);
Result<i64> sys_setxattr(Call& call);
Result<i64> sys_lsetxattr(Call& call);
Result<i64> sys_fsetxattr(Call& call);
Result<i64> sys_getxattr(Call& call);
Result<i64> sys_lgetxattr(Call& call);
Result<i64> sys_fgetxattr(Call& call);
Result<i64> sys_listxattr(Call& call);
Result<i64> sys_llistxattr(Call& call);
Result<i64> sys_flistxattr(Call& call);
Result<i64> sys_removexattr(Call& call);
Result<i64> sys_lremovexattr(Call& call);
Result<i64> sys_fremovexattr(Call& call);

}  // namespace drydock
