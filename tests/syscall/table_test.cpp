#include "core/syscall/syscall.h"

#include <gtest/gtest.h>
#include <string>
#include <sys/syscall.h>

namespace drydock {

Result<i64> sys_read(Call& call);
Result<i64> sys_write(Call& call);
Result<i64> sys_open(Call& call);
Result<i64> sys_close(Call& call);
Result<i64> sys_stat(Call& call);
Result<i64> sys_fstat(Call& call);
Result<i64> sys_lstat(Call& call);
Result<i64> sys_poll(Call& call);
Result<i64> sys_lseek(Call& call);
Result<i64> sys_mmap(Call& call);
Result<i64> sys_mprotect(Call& call);
Result<i64> sys_munmap(Call& call);
Result<i64> sys_brk(Call& call);
Result<i64> sys_rt_sigaction(Call& call);
Result<i64> sys_rt_sigprocmask(Call& call);
Result<i64> sys_rt_sigreturn(Call& call);
Result<i64> sys_ioctl(Call& call);
Result<i64> sys_pread64(Call& call);
Result<i64> sys_pwrite64(Call& call);
Result<i64> sys_readv(Call& call);
Result<i64> sys_writev(Call& call);
Result<i64> sys_access(Call& call);
Result<i64> sys_pipe(Call& call);
Result<i64> sys_select(Call& call);
Result<i64> sys_sched_yield(Call& call);
Result<i64> sys_mremap(Call& call);
Result<i64> sys_msync(Call& call);
Result<i64> sys_mincore(Call& call);
Result<i64> sys_madvise(Call& call);
Result<i64> sys_dup(Call& call);
Result<i64> sys_dup2(Call& call);
Result<i64> sys_pause(Call& call);
Result<i64> sys_nanosleep(Call& call);
Result<i64> sys_getitimer(Call& call);
Result<i64> sys_alarm(Call& call);
Result<i64> sys_setitimer(Call& call);
Result<i64> sys_getpid(Call& call);
Result<i64> sys_sendfile(Call& call);
Result<i64> sys_socket(Call& call);
Result<i64> sys_connect(Call& call);
Result<i64> sys_accept(Call& call);
Result<i64> sys_sendto(Call& call);
Result<i64> sys_recvfrom(Call& call);
Result<i64> sys_sendmsg(Call& call);
Result<i64> sys_recvmsg(Call& call);
Result<i64> sys_shutdown(Call& call);
Result<i64> sys_bind(Call& call);
Result<i64> sys_listen(Call& call);
Result<i64> sys_getsockname(Call& call);
Result<i64> sys_getpeername(Call& call);
Result<i64> sys_socketpair(Call& call);
Result<i64> sys_setsockopt(Call& call);
Result<i64> sys_getsockopt(Call& call);
Result<i64> sys_clone(Call& call);
Result<i64> sys_fork(Call& call);
Result<i64> sys_vfork(Call& call);
Result<i64> sys_execve(Call& call);
Result<i64> sys_exit(Call& call);
Result<i64> sys_wait4(Call& call);
Result<i64> sys_kill(Call& call);
Result<i64> sys_uname(Call& call);
Result<i64> sys_fcntl(Call& call);
Result<i64> sys_flock(Call& call);
Result<i64> sys_fsync(Call& call);
Result<i64> sys_fdatasync(Call& call);
Result<i64> sys_truncate(Call& call);
Result<i64> sys_ftruncate(Call& call);
Result<i64> sys_getdents(Call& call);
Result<i64> sys_getcwd(Call& call);
Result<i64> sys_chdir(Call& call);
Result<i64> sys_fchdir(Call& call);
Result<i64> sys_rename(Call& call);
Result<i64> sys_mkdir(Call& call);
Result<i64> sys_rmdir(Call& call);
Result<i64> sys_creat(Call& call);
Result<i64> sys_link(Call& call);
Result<i64> sys_unlink(Call& call);
Result<i64> sys_symlink(Call& call);
Result<i64> sys_readlink(Call& call);
Result<i64> sys_chmod(Call& call);
Result<i64> sys_fchmod(Call& call);
Result<i64> sys_chown(Call& call);
Result<i64> sys_fchown(Call& call);
Result<i64> sys_lchown(Call& call);
Result<i64> sys_umask(Call& call);
Result<i64> sys_gettimeofday(Call& call);
Result<i64> sys_getrlimit(Call& call);
Result<i64> sys_getrusage(Call& call);
Result<i64> sys_sysinfo(Call& call);
Result<i64> sys_times(Call& call);
Result<i64> sys_ptrace(Call& call);
Result<i64> sys_getuid(Call& call);
Result<i64> sys_syslog(Call& call);
Result<i64> sys_getgid(Call& call);
Result<i64> sys_setuid(Call& call);
Result<i64> sys_setgid(Call& call);
Result<i64> sys_geteuid(Call& call);
Result<i64> sys_getegid(Call& call);
Result<i64> sys_setpgid(Call& call);
Result<i64> sys_getppid(Call& call);
Result<i64> sys_getpgrp(Call& call);
Result<i64> sys_setsid(Call& call);
Result<i64> sys_setreuid(Call& call);
Result<i64> sys_setregid(Call& call);
Result<i64> sys_getgroups(Call& call);
Result<i64> sys_setgroups(Call& call);
Result<i64> sys_setresuid(Call& call);
Result<i64> sys_getresuid(Call& call);
Result<i64> sys_setresgid(Call& call);
Result<i64> sys_getresgid(Call& call);
Result<i64> sys_getpgid(Call& call);
Result<i64> sys_setfsuid(Call& call);
Result<i64> sys_setfsgid(Call& call);
Result<i64> sys_getsid(Call& call);
Result<i64> sys_capget(Call& call);
Result<i64> sys_capset(Call& call);
Result<i64> sys_rt_sigpending(Call& call);
Result<i64> sys_rt_sigtimedwait(Call& call);
Result<i64> sys_rt_sigqueueinfo(Call& call);
Result<i64> sys_rt_sigsuspend(Call& call);
Result<i64> sys_sigaltstack(Call& call);
Result<i64> sys_utime(Call& call);
Result<i64> sys_mknod(Call& call);
Result<i64> sys_personality(Call& call);
Result<i64> sys_statfs(Call& call);
Result<i64> sys_fstatfs(Call& call);
Result<i64> sys_getpriority(Call& call);
Result<i64> sys_setpriority(Call& call);
Result<i64> sys_sched_setparam(Call& call);
Result<i64> sys_sched_getparam(Call& call);
Result<i64> sys_sched_setscheduler(Call& call);
Result<i64> sys_sched_getscheduler(Call& call);
Result<i64> sys_sched_get_priority_max(Call& call);
Result<i64> sys_sched_get_priority_min(Call& call);
Result<i64> sys_sched_rr_get_interval(Call& call);
Result<i64> sys_mlock(Call& call);
Result<i64> sys_munlock(Call& call);
Result<i64> sys_mlockall(Call& call);
Result<i64> sys_munlockall(Call& call);
Result<i64> sys_prctl(Call& call);
Result<i64> sys_arch_prctl(Call& call);
Result<i64> sys_adjtimex(Call& call);
Result<i64> sys_setrlimit(Call& call);
Result<i64> sys_chroot(Call& call);
Result<i64> sys_sync(Call& call);
Result<i64> sys_settimeofday(Call& call);
Result<i64> sys_mount(Call& call);
Result<i64> sys_umount2(Call& call);
Result<i64> sys_reboot(Call& call);
Result<i64> sys_sethostname(Call& call);
Result<i64> sys_setdomainname(Call& call);
Result<i64> sys_gettid(Call& call);
Result<i64> sys_readahead(Call& call);
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
Result<i64> sys_tkill(Call& call);
Result<i64> sys_time(Call& call);
Result<i64> sys_futex(Call& call);
Result<i64> sys_sched_setaffinity(Call& call);
Result<i64> sys_sched_getaffinity(Call& call);
Result<i64> sys_getdents64(Call& call);
Result<i64> sys_set_tid_address(Call& call);
Result<i64> sys_restart_syscall(Call& call);
Result<i64> sys_fadvise64(Call& call);
Result<i64> sys_clock_settime(Call& call);
Result<i64> sys_clock_gettime(Call& call);
Result<i64> sys_clock_getres(Call& call);
Result<i64> sys_clock_nanosleep(Call& call);
Result<i64> sys_exit_group(Call& call);
Result<i64> sys_tgkill(Call& call);
Result<i64> sys_utimes(Call& call);
Result<i64> sys_waitid(Call& call);
Result<i64> sys_openat(Call& call);
Result<i64> sys_mkdirat(Call& call);
Result<i64> sys_mknodat(Call& call);
Result<i64> sys_fchownat(Call& call);
Result<i64> sys_futimesat(Call& call);
Result<i64> sys_newfstatat(Call& call);
Result<i64> sys_unlinkat(Call& call);
Result<i64> sys_renameat(Call& call);
Result<i64> sys_linkat(Call& call);
Result<i64> sys_symlinkat(Call& call);
Result<i64> sys_readlinkat(Call& call);
Result<i64> sys_fchmodat(Call& call);
Result<i64> sys_faccessat(Call& call);
Result<i64> sys_pselect6(Call& call);
Result<i64> sys_ppoll(Call& call);
Result<i64> sys_set_robust_list(Call& call);
Result<i64> sys_get_robust_list(Call& call);
Result<i64> sys_splice(Call& call);
Result<i64> sys_tee(Call& call);
Result<i64> sys_sync_file_range(Call& call);
Result<i64> sys_vmsplice(Call& call);
Result<i64> sys_utimensat(Call& call);
Result<i64> sys_fallocate(Call& call);
Result<i64> sys_accept4(Call& call);
Result<i64> sys_dup3(Call& call);
Result<i64> sys_pipe2(Call& call);
Result<i64> sys_preadv(Call& call);
Result<i64> sys_pwritev(Call& call);
Result<i64> sys_rt_tgsigqueueinfo(Call& call);
Result<i64> sys_recvmmsg(Call& call);
Result<i64> sys_prlimit64(Call& call);
Result<i64> sys_clock_adjtime(Call& call);
Result<i64> sys_syncfs(Call& call);
Result<i64> sys_sendmmsg(Call& call);
Result<i64> sys_getcpu(Call& call);
Result<i64> sys_renameat2(Call& call);
Result<i64> sys_getrandom(Call& call);
Result<i64> sys_execveat(Call& call);
Result<i64> sys_membarrier(Call& call);
Result<i64> sys_copy_file_range(Call& call);
Result<i64> sys_preadv2(Call& call);
Result<i64> sys_pwritev2(Call& call);
Result<i64> sys_statx(Call& call);
Result<i64> sys_rseq(Call& call);
Result<i64> sys_clone3(Call& call);
Result<i64> sys_close_range(Call& call);
Result<i64> sys_faccessat2(Call& call);

namespace {

struct Expectation {
    long number;
    char const* name;
    Handler handler;
};

// The host's own numbers are the oracle.
Expectation const kExpectations[] = {
    {SYS_read, "read", sys_read},
    {SYS_write, "write", sys_write},
    {SYS_open, "open", sys_open},
    {SYS_close, "close", sys_close},
    {SYS_stat, "stat", sys_stat},
    {SYS_fstat, "fstat", sys_fstat},
    {SYS_lstat, "lstat", sys_lstat},
    {SYS_poll, "poll", sys_poll},
    {SYS_lseek, "lseek", sys_lseek},
    {SYS_mmap, "mmap", sys_mmap},
    {SYS_mprotect, "mprotect", sys_mprotect},
    {SYS_munmap, "munmap", sys_munmap},
    {SYS_brk, "brk", sys_brk},
    {SYS_rt_sigaction, "rt_sigaction", sys_rt_sigaction},
    {SYS_rt_sigprocmask, "rt_sigprocmask", sys_rt_sigprocmask},
    {SYS_rt_sigreturn, "rt_sigreturn", sys_rt_sigreturn},
    {SYS_ioctl, "ioctl", sys_ioctl},
    {SYS_pread64, "pread64", sys_pread64},
    {SYS_pwrite64, "pwrite64", sys_pwrite64},
    {SYS_readv, "readv", sys_readv},
    {SYS_writev, "writev", sys_writev},
    {SYS_access, "access", sys_access},
    {SYS_pipe, "pipe", sys_pipe},
    {SYS_select, "select", sys_select},
    {SYS_sched_yield, "sched_yield", sys_sched_yield},
    {SYS_mremap, "mremap", sys_mremap},
    {SYS_msync, "msync", sys_msync},
    {SYS_mincore, "mincore", sys_mincore},
    {SYS_madvise, "madvise", sys_madvise},
    {SYS_dup, "dup", sys_dup},
    {SYS_dup2, "dup2", sys_dup2},
    {SYS_pause, "pause", sys_pause},
    {SYS_nanosleep, "nanosleep", sys_nanosleep},
    {SYS_getitimer, "getitimer", sys_getitimer},
    {SYS_alarm, "alarm", sys_alarm},
    {SYS_setitimer, "setitimer", sys_setitimer},
    {SYS_getpid, "getpid", sys_getpid},
    {SYS_sendfile, "sendfile", sys_sendfile},
    {SYS_socket, "socket", sys_socket},
    {SYS_connect, "connect", sys_connect},
    {SYS_accept, "accept", sys_accept},
    {SYS_sendto, "sendto", sys_sendto},
    {SYS_recvfrom, "recvfrom", sys_recvfrom},
    {SYS_sendmsg, "sendmsg", sys_sendmsg},
    {SYS_recvmsg, "recvmsg", sys_recvmsg},
    {SYS_shutdown, "shutdown", sys_shutdown},
    {SYS_bind, "bind", sys_bind},
    {SYS_listen, "listen", sys_listen},
    {SYS_getsockname, "getsockname", sys_getsockname},
    {SYS_getpeername, "getpeername", sys_getpeername},
    {SYS_socketpair, "socketpair", sys_socketpair},
    {SYS_setsockopt, "setsockopt", sys_setsockopt},
    {SYS_getsockopt, "getsockopt", sys_getsockopt},
    {SYS_clone, "clone", sys_clone},
    {SYS_fork, "fork", sys_fork},
    {SYS_vfork, "vfork", sys_vfork},
    {SYS_execve, "execve", sys_execve},
    {SYS_exit, "exit", sys_exit},
    {SYS_wait4, "wait4", sys_wait4},
    {SYS_kill, "kill", sys_kill},
    {SYS_uname, "uname", sys_uname},
    {SYS_fcntl, "fcntl", sys_fcntl},
    {SYS_flock, "flock", sys_flock},
    {SYS_fsync, "fsync", sys_fsync},
    {SYS_fdatasync, "fdatasync", sys_fdatasync},
    {SYS_truncate, "truncate", sys_truncate},
    {SYS_ftruncate, "ftruncate", sys_ftruncate},
    {SYS_getdents, "getdents", sys_getdents},
    {SYS_getcwd, "getcwd", sys_getcwd},
    {SYS_chdir, "chdir", sys_chdir},
    {SYS_fchdir, "fchdir", sys_fchdir},
    {SYS_rename, "rename", sys_rename},
    {SYS_mkdir, "mkdir", sys_mkdir},
    {SYS_rmdir, "rmdir", sys_rmdir},
    {SYS_creat, "creat", sys_creat},
    {SYS_link, "link", sys_link},
    {SYS_unlink, "unlink", sys_unlink},
    {SYS_symlink, "symlink", sys_symlink},
    {SYS_readlink, "readlink", sys_readlink},
    {SYS_chmod, "chmod", sys_chmod},
    {SYS_fchmod, "fchmod", sys_fchmod},
    {SYS_chown, "chown", sys_chown},
    {SYS_fchown, "fchown", sys_fchown},
    {SYS_lchown, "lchown", sys_lchown},
    {SYS_umask, "umask", sys_umask},
    {SYS_gettimeofday, "gettimeofday", sys_gettimeofday},
    {SYS_getrlimit, "getrlimit", sys_getrlimit},
    {SYS_getrusage, "getrusage", sys_getrusage},
    {SYS_sysinfo, "sysinfo", sys_sysinfo},
    {SYS_times, "times", sys_times},
    {SYS_ptrace, "ptrace", sys_ptrace},
    {SYS_getuid, "getuid", sys_getuid},
    {SYS_syslog, "syslog", sys_syslog},
    {SYS_getgid, "getgid", sys_getgid},
    {SYS_setuid, "setuid", sys_setuid},
    {SYS_setgid, "setgid", sys_setgid},
    {SYS_geteuid, "geteuid", sys_geteuid},
    {SYS_getegid, "getegid", sys_getegid},
    {SYS_setpgid, "setpgid", sys_setpgid},
    {SYS_getppid, "getppid", sys_getppid},
    {SYS_getpgrp, "getpgrp", sys_getpgrp},
    {SYS_setsid, "setsid", sys_setsid},
    {SYS_setreuid, "setreuid", sys_setreuid},
    {SYS_setregid, "setregid", sys_setregid},
    {SYS_getgroups, "getgroups", sys_getgroups},
    {SYS_setgroups, "setgroups", sys_setgroups},
    {SYS_setresuid, "setresuid", sys_setresuid},
    {SYS_getresuid, "getresuid", sys_getresuid},
    {SYS_setresgid, "setresgid", sys_setresgid},
    {SYS_getresgid, "getresgid", sys_getresgid},
    {SYS_getpgid, "getpgid", sys_getpgid},
    {SYS_setfsuid, "setfsuid", sys_setfsuid},
    {SYS_setfsgid, "setfsgid", sys_setfsgid},
    {SYS_getsid, "getsid", sys_getsid},
    {SYS_capget, "capget", sys_capget},
    {SYS_capset, "capset", sys_capset},
    {SYS_rt_sigpending, "rt_sigpending", sys_rt_sigpending},
    {SYS_rt_sigtimedwait, "rt_sigtimedwait", sys_rt_sigtimedwait},
    {SYS_rt_sigqueueinfo, "rt_sigqueueinfo", sys_rt_sigqueueinfo},
    {SYS_rt_sigsuspend, "rt_sigsuspend", sys_rt_sigsuspend},
    {SYS_sigaltstack, "sigaltstack", sys_sigaltstack},
    {SYS_utime, "utime", sys_utime},
    {SYS_mknod, "mknod", sys_mknod},
    {SYS_personality, "personality", sys_personality},
    {SYS_statfs, "statfs", sys_statfs},
    {SYS_fstatfs, "fstatfs", sys_fstatfs},
    {SYS_getpriority, "getpriority", sys_getpriority},
    {SYS_setpriority, "setpriority", sys_setpriority},
    {SYS_sched_setparam, "sched_setparam", sys_sched_setparam},
    {SYS_sched_getparam, "sched_getparam", sys_sched_getparam},
    {SYS_sched_setscheduler, "sched_setscheduler", sys_sched_setscheduler},
    {SYS_sched_getscheduler, "sched_getscheduler", sys_sched_getscheduler},
    {SYS_sched_get_priority_max, "sched_get_priority_max", sys_sched_get_priority_max},
    {SYS_sched_get_priority_min, "sched_get_priority_min", sys_sched_get_priority_min},
    {SYS_sched_rr_get_interval, "sched_rr_get_interval", sys_sched_rr_get_interval},
    {SYS_mlock, "mlock", sys_mlock},
    {SYS_munlock, "munlock", sys_munlock},
    {SYS_mlockall, "mlockall", sys_mlockall},
    {SYS_munlockall, "munlockall", sys_munlockall},
    {SYS_prctl, "prctl", sys_prctl},
    {SYS_arch_prctl, "arch_prctl", sys_arch_prctl},
    {SYS_adjtimex, "adjtimex", sys_adjtimex},
    {SYS_setrlimit, "setrlimit", sys_setrlimit},
    {SYS_chroot, "chroot", sys_chroot},
    {SYS_sync, "sync", sys_sync},
    {SYS_settimeofday, "settimeofday", sys_settimeofday},
    {SYS_mount, "mount", sys_mount},
    {SYS_umount2, "umount2", sys_umount2},
    {SYS_reboot, "reboot", sys_reboot},
    {SYS_sethostname, "sethostname", sys_sethostname},
    {SYS_setdomainname, "setdomainname", sys_setdomainname},
    {SYS_gettid, "gettid", sys_gettid},
    {SYS_readahead, "readahead", sys_readahead},
    {SYS_setxattr, "setxattr", sys_setxattr},
    {SYS_lsetxattr, "lsetxattr", sys_lsetxattr},
    {SYS_fsetxattr, "fsetxattr", sys_fsetxattr},
    {SYS_getxattr, "getxattr", sys_getxattr},
    {SYS_lgetxattr, "lgetxattr", sys_lgetxattr},
    {SYS_fgetxattr, "fgetxattr", sys_fgetxattr},
    {SYS_listxattr, "listxattr", sys_listxattr},
    {SYS_llistxattr, "llistxattr", sys_llistxattr},
    {SYS_flistxattr, "flistxattr", sys_flistxattr},
    {SYS_removexattr, "removexattr", sys_removexattr},
    {SYS_lremovexattr, "lremovexattr", sys_lremovexattr},
    {SYS_fremovexattr, "fremovexattr", sys_fremovexattr},
    {SYS_tkill, "tkill", sys_tkill},
    {SYS_time, "time", sys_time},
    {SYS_futex, "futex", sys_futex},
    {SYS_sched_setaffinity, "sched_setaffinity", sys_sched_setaffinity},
    {SYS_sched_getaffinity, "sched_getaffinity", sys_sched_getaffinity},
    {SYS_getdents64, "getdents64", sys_getdents64},
    {SYS_set_tid_address, "set_tid_address", sys_set_tid_address},
    {SYS_restart_syscall, "restart_syscall", sys_restart_syscall},
    {SYS_fadvise64, "fadvise64", sys_fadvise64},
    {SYS_clock_settime, "clock_settime", sys_clock_settime},
    {SYS_clock_gettime, "clock_gettime", sys_clock_gettime},
    {SYS_clock_getres, "clock_getres", sys_clock_getres},
    {SYS_clock_nanosleep, "clock_nanosleep", sys_clock_nanosleep},
    {SYS_exit_group, "exit_group", sys_exit_group},
    {SYS_tgkill, "tgkill", sys_tgkill},
    {SYS_utimes, "utimes", sys_utimes},
    {SYS_waitid, "waitid", sys_waitid},
    {SYS_openat, "openat", sys_openat},
    {SYS_mkdirat, "mkdirat", sys_mkdirat},
    {SYS_mknodat, "mknodat", sys_mknodat},
    {SYS_fchownat, "fchownat", sys_fchownat},
    {SYS_futimesat, "futimesat", sys_futimesat},
    {SYS_newfstatat, "newfstatat", sys_newfstatat},
    {SYS_unlinkat, "unlinkat", sys_unlinkat},
    {SYS_renameat, "renameat", sys_renameat},
    {SYS_linkat, "linkat", sys_linkat},
    {SYS_symlinkat, "symlinkat", sys_symlinkat},
    {SYS_readlinkat, "readlinkat", sys_readlinkat},
    {SYS_fchmodat, "fchmodat", sys_fchmodat},
    {SYS_faccessat, "faccessat", sys_faccessat},
    {SYS_pselect6, "pselect6", sys_pselect6},
    {SYS_ppoll, "ppoll", sys_ppoll},
    {SYS_set_robust_list, "set_robust_list", sys_set_robust_list},
    {SYS_get_robust_list, "get_robust_list", sys_get_robust_list},
    {SYS_splice, "splice", sys_splice},
    {SYS_tee, "tee", sys_tee},
    {SYS_sync_file_range, "sync_file_range", sys_sync_file_range},
    {SYS_vmsplice, "vmsplice", sys_vmsplice},
    {SYS_utimensat, "utimensat", sys_utimensat},
    {SYS_fallocate, "fallocate", sys_fallocate},
    {SYS_accept4, "accept4", sys_accept4},
    {SYS_dup3, "dup3", sys_dup3},
    {SYS_pipe2, "pipe2", sys_pipe2},
    {SYS_preadv, "preadv", sys_preadv},
    {SYS_pwritev, "pwritev", sys_pwritev},
    {SYS_rt_tgsigqueueinfo, "rt_tgsigqueueinfo", sys_rt_tgsigqueueinfo},
    {SYS_recvmmsg, "recvmmsg", sys_recvmmsg},
    {SYS_prlimit64, "prlimit64", sys_prlimit64},
    {SYS_clock_adjtime, "clock_adjtime", sys_clock_adjtime},
    {SYS_syncfs, "syncfs", sys_syncfs},
    {SYS_sendmmsg, "sendmmsg", sys_sendmmsg},
    {SYS_getcpu, "getcpu", sys_getcpu},
    {SYS_renameat2, "renameat2", sys_renameat2},
    {SYS_getrandom, "getrandom", sys_getrandom},
    {SYS_execveat, "execveat", sys_execveat},
    {SYS_membarrier, "membarrier", sys_membarrier},
    {SYS_copy_file_range, "copy_file_range", sys_copy_file_range},
    {SYS_preadv2, "preadv2", sys_preadv2},
    {SYS_pwritev2, "pwritev2", sys_pwritev2},
    {SYS_statx, "statx", sys_statx},
    {SYS_rseq, "rseq", sys_rseq},
    {SYS_clone3, "clone3", sys_clone3},
    {SYS_close_range, "close_range", sys_close_range},
    {SYS_faccessat2, "faccessat2", sys_faccessat2},
};

TEST(syscall_table, every_number_has_its_own_handler)
{
    for (Expectation const& expected : kExpectations) {
        EXPECT_EQ(find_handler(static_cast<u64>(expected.number)), expected.handler)
            << expected.name;
    }
}

TEST(syscall_table, every_handler_is_expected)
{
    usize count = 0;
    for (u64 number = 0; number < 2 * kSyscallTableSize; ++number) {
        if (find_handler(number) != nullptr) ++count;
    }
    EXPECT_EQ(count, sizeof(kExpectations) / sizeof(kExpectations[0]));
    EXPECT_EQ(find_handler(~u64{0}), nullptr);
}

TEST(syscall_table, names_are_those_of_the_host)
{
    for (Expectation const& expected : kExpectations) {
        char const* const name = syscall_name(static_cast<u64>(expected.number));
        ASSERT_NE(name, nullptr) << expected.name;
        EXPECT_EQ(std::string(name), expected.name);
    }
    EXPECT_EQ(syscall_name(335), nullptr);
    EXPECT_EQ(syscall_name(423), nullptr);
    EXPECT_EQ(std::string(syscall_name(424)), "pidfd_send_signal");
    EXPECT_EQ(std::string(syscall_name(450)), "set_mempolicy_home_node");
    EXPECT_EQ(syscall_name(451), nullptr);
    EXPECT_EQ(syscall_name(~u64{0}), nullptr);
}

}  // namespace
}  // namespace drydock
