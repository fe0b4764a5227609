#include "core/syscall/syscall.h"

namespace drydock {

// The handlers, each in the file named above its group.
// file_calls.cpp
Result<i64> sys_read(Call& call);
Result<i64> sys_write(Call& call);
Result<i64> sys_pread64(Call& call);
Result<i64> sys_pwrite64(Call& call);
Result<i64> sys_readv(Call& call);
Result<i64> sys_writev(Call& call);
Result<i64> sys_preadv(Call& call);
Result<i64> sys_pwritev(Call& call);
Result<i64> sys_preadv2(Call& call);
Result<i64> sys_pwritev2(Call& call);
Result<i64> sys_lseek(Call& call);
Result<i64> sys_close(Call& call);
Result<i64> sys_close_range(Call& call);
Result<i64> sys_dup(Call& call);
Result<i64> sys_dup2(Call& call);
Result<i64> sys_dup3(Call& call);
Result<i64> sys_fcntl(Call& call);
Result<i64> sys_flock(Call& call);
Result<i64> sys_ioctl(Call& call);
Result<i64> sys_pipe(Call& call);
Result<i64> sys_pipe2(Call& call);
Result<i64> sys_getdents(Call& call);
Result<i64> sys_getdents64(Call& call);
Result<i64> sys_sendfile(Call& call);
Result<i64> sys_copy_file_range(Call& call);
Result<i64> sys_splice(Call& call);
Result<i64> sys_tee(Call& call);
Result<i64> sys_vmsplice(Call& call);
Result<i64> sys_fadvise64(Call& call);
Result<i64> sys_fallocate(Call& call);
Result<i64> sys_readahead(Call& call);
Result<i64> sys_sync_file_range(Call& call);
Result<i64> sys_socket(Call& call);
Result<i64> sys_socketpair(Call& call);
Result<i64> sys_connect(Call& call);
Result<i64> sys_accept(Call& call);
Result<i64> sys_accept4(Call& call);
Result<i64> sys_bind(Call& call);
Result<i64> sys_listen(Call& call);
Result<i64> sys_sendto(Call& call);
Result<i64> sys_recvfrom(Call& call);
Result<i64> sys_sendmsg(Call& call);
Result<i64> sys_recvmsg(Call& call);
Result<i64> sys_shutdown(Call& call);
Result<i64> sys_getsockname(Call& call);
Result<i64> sys_getpeername(Call& call);
Result<i64> sys_setsockopt(Call& call);
Result<i64> sys_getsockopt(Call& call);
Result<i64> sys_sendmmsg(Call& call);
Result<i64> sys_recvmmsg(Call& call);
// poll_calls.cpp
Result<i64> sys_poll(Call& call);
Result<i64> sys_ppoll(Call& call);
Result<i64> sys_select(Call& call);
Result<i64> sys_pselect6(Call& call);
// path_calls.cpp
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
Result<i64> sys_fchown(Call& call);
Result<i64> sys_lchown(Call& call);
Result<i64> sys_fchownat(Call& call);
Result<i64> sys_truncate(Call& call);
Result<i64> sys_ftruncate(Call& call);
Result<i64> sys_utime(Call& call);
Result<i64> sys_utimes(Call& call);
Result<i64> sys_utimensat(Call& call);
Result<i64> sys_futimesat(Call& call);
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
// memory_calls.cpp
Result<i64> sys_mmap(Call& call);
Result<i64> sys_munmap(Call& call);
Result<i64> sys_mprotect(Call& call);
Result<i64> sys_brk(Call& call);
Result<i64> sys_mremap(Call& call);
Result<i64> sys_madvise(Call& call);
Result<i64> sys_mincore(Call& call);
Result<i64> sys_msync(Call& call);
Result<i64> sys_mlock(Call& call);
Result<i64> sys_munlock(Call& call);
Result<i64> sys_mlockall(Call& call);
Result<i64> sys_munlockall(Call& call);
// process_calls.cpp
Result<i64> sys_clone(Call& call);
Result<i64> sys_clone3(Call& call);
Result<i64> sys_fork(Call& call);
Result<i64> sys_vfork(Call& call);
Result<i64> sys_execve(Call& call);
Result<i64> sys_execveat(Call& call);
Result<i64> sys_exit(Call& call);
Result<i64> sys_exit_group(Call& call);
Result<i64> sys_wait4(Call& call);
Result<i64> sys_waitid(Call& call);
Result<i64> sys_set_tid_address(Call& call);
Result<i64> sys_set_robust_list(Call& call);
Result<i64> sys_get_robust_list(Call& call);
Result<i64> sys_arch_prctl(Call& call);
Result<i64> sys_prctl(Call& call);
Result<i64> sys_sched_yield(Call& call);
Result<i64> sys_sched_setparam(Call& call);
Result<i64> sys_sched_getparam(Call& call);
Result<i64> sys_sched_setscheduler(Call& call);
Result<i64> sys_sched_getscheduler(Call& call);
Result<i64> sys_sched_get_priority_max(Call& call);
Result<i64> sys_sched_get_priority_min(Call& call);
Result<i64> sys_sched_rr_get_interval(Call& call);
Result<i64> sys_sched_setaffinity(Call& call);
Result<i64> sys_sched_getaffinity(Call& call);
Result<i64> sys_getpriority(Call& call);
Result<i64> sys_setpriority(Call& call);
Result<i64> sys_getrlimit(Call& call);
Result<i64> sys_setrlimit(Call& call);
Result<i64> sys_prlimit64(Call& call);
Result<i64> sys_getrusage(Call& call);
Result<i64> sys_times(Call& call);
Result<i64> sys_sysinfo(Call& call);
Result<i64> sys_uname(Call& call);
Result<i64> sys_sethostname(Call& call);
Result<i64> sys_setdomainname(Call& call);
Result<i64> sys_reboot(Call& call);
Result<i64> sys_ptrace(Call& call);
Result<i64> sys_syslog(Call& call);
Result<i64> sys_getcpu(Call& call);
Result<i64> sys_rseq(Call& call);
Result<i64> sys_membarrier(Call& call);
Result<i64> sys_getrandom(Call& call);
Result<i64> sys_personality(Call& call);
// identity_calls.cpp
Result<i64> sys_getpid(Call& call);
Result<i64> sys_getppid(Call& call);
Result<i64> sys_gettid(Call& call);
Result<i64> sys_getuid(Call& call);
Result<i64> sys_geteuid(Call& call);
Result<i64> sys_getgid(Call& call);
Result<i64> sys_getegid(Call& call);
Result<i64> sys_setuid(Call& call);
Result<i64> sys_setgid(Call& call);
Result<i64> sys_setreuid(Call& call);
Result<i64> sys_setregid(Call& call);
Result<i64> sys_setresuid(Call& call);
Result<i64> sys_getresuid(Call& call);
Result<i64> sys_setresgid(Call& call);
Result<i64> sys_getresgid(Call& call);
Result<i64> sys_setfsuid(Call& call);
Result<i64> sys_setfsgid(Call& call);
Result<i64> sys_getgroups(Call& call);
Result<i64> sys_setgroups(Call& call);
Result<i64> sys_setpgid(Call& call);
Result<i64> sys_getpgid(Call& call);
Result<i64> sys_getpgrp(Call& call);
Result<i64> sys_setsid(Call& call);
Result<i64> sys_getsid(Call& call);
Result<i64> sys_capget(Call& call);
Result<i64> sys_capset(Call& call);
// signal_calls.cpp
Result<i64> sys_rt_sigaction(Call& call);
Result<i64> sys_rt_sigprocmask(Call& call);
Result<i64> sys_rt_sigreturn(Call& call);
Result<i64> sys_rt_sigpending(Call& call);
Result<i64> sys_rt_sigsuspend(Call& call);
Result<i64> sys_rt_sigtimedwait(Call& call);
Result<i64> sys_rt_sigqueueinfo(Call& call);
Result<i64> sys_rt_tgsigqueueinfo(Call& call);
Result<i64> sys_sigaltstack(Call& call);
Result<i64> sys_kill(Call& call);
Result<i64> sys_tkill(Call& call);
Result<i64> sys_tgkill(Call& call);
Result<i64> sys_pause(Call& call);
Result<i64> sys_restart_syscall(Call& call);
// time_calls.cpp
Result<i64> sys_nanosleep(Call& call);
Result<i64> sys_clock_nanosleep(Call& call);
Result<i64> sys_clock_gettime(Call& call);
Result<i64> sys_clock_settime(Call& call);
Result<i64> sys_clock_getres(Call& call);
Result<i64> sys_gettimeofday(Call& call);
Result<i64> sys_settimeofday(Call& call);
Result<i64> sys_time(Call& call);
Result<i64> sys_alarm(Call& call);
Result<i64> sys_setitimer(Call& call);
Result<i64> sys_getitimer(Call& call);
Result<i64> sys_adjtimex(Call& call);
Result<i64> sys_clock_adjtime(Call& call);
// futex_calls.cpp
Result<i64> sys_futex(Call& call);

namespace {

struct Entry {
    u16 number = 0;
    Handler handler = nullptr;
};

// Sorted by number (syscall_64.tbl of x86-64 Linux).
constexpr Entry kEntries[] = {
    {0, sys_read},
    {1, sys_write},
    {2, sys_open},
    {3, sys_close},
    {4, sys_stat},
    {5, sys_fstat},
    {6, sys_lstat},
    {7, sys_poll},
    {8, sys_lseek},
    {9, sys_mmap},
    {10, sys_mprotect},
    {11, sys_munmap},
    {12, sys_brk},
    {13, sys_rt_sigaction},
    {14, sys_rt_sigprocmask},
    {15, sys_rt_sigreturn},
    {16, sys_ioctl},
    {17, sys_pread64},
    {18, sys_pwrite64},
    {19, sys_readv},
    {20, sys_writev},
    {21, sys_access},
    {22, sys_pipe},
    {23, sys_select},
    {24, sys_sched_yield},
    {25, sys_mremap},
    {26, sys_msync},
    {27, sys_mincore},
    {28, sys_madvise},
    {32, sys_dup},
    {33, sys_dup2},
    {34, sys_pause},
    {35, sys_nanosleep},
    {36, sys_getitimer},
    {37, sys_alarm},
    {38, sys_setitimer},
    {39, sys_getpid},
    {40, sys_sendfile},
    {41, sys_socket},
    {42, sys_connect},
    {43, sys_accept},
    {44, sys_sendto},
    {45, sys_recvfrom},
    {46, sys_sendmsg},
    {47, sys_recvmsg},
    {48, sys_shutdown},
    {49, sys_bind},
    {50, sys_listen},
    {51, sys_getsockname},
    {52, sys_getpeername},
    {53, sys_socketpair},
    {54, sys_setsockopt},
    {55, sys_getsockopt},
    {56, sys_clone},
    {57, sys_fork},
    {58, sys_vfork},
    {59, sys_execve},
    {60, sys_exit},
    {61, sys_wait4},
    {62, sys_kill},
    {63, sys_uname},
    {72, sys_fcntl},
    {73, sys_flock},
    {74, sys_fsync},
    {75, sys_fdatasync},
    {76, sys_truncate},
    {77, sys_ftruncate},
    {78, sys_getdents},
    {79, sys_getcwd},
    {80, sys_chdir},
    {81, sys_fchdir},
    {82, sys_rename},
    {83, sys_mkdir},
    {84, sys_rmdir},
    {85, sys_creat},
    {86, sys_link},
    {87, sys_unlink},
    {88, sys_symlink},
    {89, sys_readlink},
    {90, sys_chmod},
    {91, sys_fchmod},
    {92, sys_chown},
    {93, sys_fchown},
    {94, sys_lchown},
    {95, sys_umask},
    {96, sys_gettimeofday},
    {97, sys_getrlimit},
    {98, sys_getrusage},
    {99, sys_sysinfo},
    {100, sys_times},
    {101, sys_ptrace},
    {102, sys_getuid},
    {103, sys_syslog},
    {104, sys_getgid},
    {105, sys_setuid},
    {106, sys_setgid},
    {107, sys_geteuid},
    {108, sys_getegid},
    {109, sys_setpgid},
    {110, sys_getppid},
    {111, sys_getpgrp},
    {112, sys_setsid},
    {113, sys_setreuid},
    {114, sys_setregid},
    {115, sys_getgroups},
    {116, sys_setgroups},
    {117, sys_setresuid},
    {118, sys_getresuid},
    {119, sys_setresgid},
    {120, sys_getresgid},
    {121, sys_getpgid},
    {122, sys_setfsuid},
    {123, sys_setfsgid},
    {124, sys_getsid},
    {125, sys_capget},
    {126, sys_capset},
    {127, sys_rt_sigpending},
    {128, sys_rt_sigtimedwait},
    {129, sys_rt_sigqueueinfo},
    {130, sys_rt_sigsuspend},
    {131, sys_sigaltstack},
    {132, sys_utime},
    {133, sys_mknod},
    {135, sys_personality},
    {137, sys_statfs},
    {138, sys_fstatfs},
    {140, sys_getpriority},
    {141, sys_setpriority},
    {142, sys_sched_setparam},
    {143, sys_sched_getparam},
    {144, sys_sched_setscheduler},
    {145, sys_sched_getscheduler},
    {146, sys_sched_get_priority_max},
    {147, sys_sched_get_priority_min},
    {148, sys_sched_rr_get_interval},
    {149, sys_mlock},
    {150, sys_munlock},
    {151, sys_mlockall},
    {152, sys_munlockall},
    {157, sys_prctl},
    {158, sys_arch_prctl},
    {159, sys_adjtimex},
    {160, sys_setrlimit},
    {161, sys_chroot},
    {162, sys_sync},
    {164, sys_settimeofday},
    {165, sys_mount},
    {166, sys_umount2},
    {169, sys_reboot},
    {170, sys_sethostname},
    {171, sys_setdomainname},
    {186, sys_gettid},
    {187, sys_readahead},
    {188, sys_setxattr},
    {189, sys_lsetxattr},
    {190, sys_fsetxattr},
    {191, sys_getxattr},
    {192, sys_lgetxattr},
    {193, sys_fgetxattr},
    {194, sys_listxattr},
    {195, sys_llistxattr},
    {196, sys_flistxattr},
    {197, sys_removexattr},
    {198, sys_lremovexattr},
    {199, sys_fremovexattr},
    {200, sys_tkill},
    {201, sys_time},
    {202, sys_futex},
    {203, sys_sched_setaffinity},
    {204, sys_sched_getaffinity},
    {217, sys_getdents64},
    {218, sys_set_tid_address},
    {219, sys_restart_syscall},
    {221, sys_fadvise64},
    {227, sys_clock_settime},
    {228, sys_clock_gettime},
    {229, sys_clock_getres},
    {230, sys_clock_nanosleep},
    {231, sys_exit_group},
    {234, sys_tgkill},
    {235, sys_utimes},
    {247, sys_waitid},
    {257, sys_openat},
    {258, sys_mkdirat},
    {259, sys_mknodat},
    {260, sys_fchownat},
    {261, sys_futimesat},
    {262, sys_newfstatat},
    {263, sys_unlinkat},
    {264, sys_renameat},
    {265, sys_linkat},
    {266, sys_symlinkat},
    {267, sys_readlinkat},
    {268, sys_fchmodat},
    {269, sys_faccessat},
    {270, sys_pselect6},
    {271, sys_ppoll},
    {273, sys_set_robust_list},
    {274, sys_get_robust_list},
    {275, sys_splice},
    {276, sys_tee},
    {277, sys_sync_file_range},
    {278, sys_vmsplice},
    {280, sys_utimensat},
    {285, sys_fallocate},
    {288, sys_accept4},
    {292, sys_dup3},
    {293, sys_pipe2},
    {295, sys_preadv},
    {296, sys_pwritev},
    {297, sys_rt_tgsigqueueinfo},
    {299, sys_recvmmsg},
    {302, sys_prlimit64},
    {305, sys_clock_adjtime},
    {306, sys_syncfs},
    {307, sys_sendmmsg},
    {309, sys_getcpu},
    {316, sys_renameat2},
    {318, sys_getrandom},
    {322, sys_execveat},
    {324, sys_membarrier},
    {326, sys_copy_file_range},
    {327, sys_preadv2},
    {328, sys_pwritev2},
    {332, sys_statx},
    {334, sys_rseq},
    {435, sys_clone3},
    {436, sys_close_range},
    {439, sys_faccessat2},
};

constexpr bool is_strictly_ascending()
{
    u32 previous = 0;
    for (usize i = 0; i < sizeof(kEntries) / sizeof(kEntries[0]); ++i) {
        if (i > 0 && kEntries[i].number <= previous) return false;
        previous = kEntries[i].number;
    }
    return previous < kSyscallTableSize;
}
static_assert(is_strictly_ascending(), "no number has two handlers");

struct Table {
    Handler handlers[kSyscallTableSize] = {};
};

constexpr Table build_table()
{
    Table table;
    for (Entry const& entry : kEntries) table.handlers[entry.number] = entry.handler;
    return table;
}

constexpr Table kTable = build_table();

}  // namespace

Handler find_handler(u64 number)
{
    return number < kSyscallTableSize ? kTable.handlers[number] : nullptr;
}

}  // namespace drydock
