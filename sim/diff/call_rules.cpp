#include "sim/diff/call_rules.h"

#include <cstring>
#include <sys/syscall.h>

namespace drydock::sim {

namespace {

struct Row {
    int number = 0;
    CallRule rule{};
};

constexpr CallTiming kNone = CallTiming::None;
constexpr CallTiming kInput = CallTiming::Input;
constexpr CallTiming kOutput = CallTiming::Output;
constexpr CallTiming kWait = CallTiming::Wait;
constexpr CallTiming kRace = CallTiming::Race;
constexpr CallTiming kTry = CallTiming::Try;
constexpr CallTiming kClock = CallTiming::Clock;

// Section 2 of the manual pages, with arguments as the kernel takes them.
constexpr Row kRows[] = {
    // Files.
    {SYS_read, {"dpn", 'n', kInput}},
    {SYS_write, {"dpn", 'n', kOutput}},
    {SYS_readv, {"dpi", 'n', kInput}},
    {SYS_writev, {"dpi", 'n', kOutput}},
    {SYS_pread64, {"dpnn"}},
    {SYS_pwrite64, {"dpnn"}},
    {SYS_preadv, {"dpin"}},
    {SYS_pwritev, {"dpin"}},
    {SYS_open, {"sii"}},
    {SYS_openat, {"dsii"}},
    {SYS_openat2, {"dspn"}},
    {SYS_creat, {"si"}},
    {SYS_close, {"d", 'n', kNone, 0, 0}},
    {SYS_close_range, {"iii"}},
    {SYS_lseek, {"dni"}},
    {SYS_stat, {"sp"}},
    {SYS_fstat, {"dp"}},
    {SYS_lstat, {"sp"}},
    {SYS_newfstatat, {"dspi"}},
    {SYS_statx, {"dsiip"}},
    {SYS_access, {"si"}},
    {SYS_faccessat, {"dsi"}},
    {SYS_faccessat2, {"dsii"}},
    {SYS_getdents, {"dpi", 'n', kInput}},
    {SYS_getdents64, {"dpi", 'n', kInput}},
    {SYS_dup, {"d"}},
    {SYS_dup2, {"dd", 'n', kNone, 0, 1}},
    {SYS_dup3, {"ddi", 'n', kNone, 0, 1}},
    {SYS_pipe, {"p"}},
    {SYS_pipe2, {"pi"}},
    {SYS_fcntl, {"di", 'n', kTry}},
    {SYS_ioctl, {"di"}},
    {SYS_flock, {"di", 'n', kTry}},
    {SYS_fsync, {"d"}},
    {SYS_fdatasync, {"d"}},
    {SYS_truncate, {"sn"}},
    {SYS_ftruncate, {"dn"}},
    {SYS_fallocate, {"dinn"}},
    {SYS_getcwd, {"pn"}},
    {SYS_chdir, {"s"}},
    {SYS_fchdir, {"d"}},
    {SYS_rename, {"sp"}},
    {SYS_renameat, {"dsdp"}},
    {SYS_renameat2, {"dsdpi"}},
    {SYS_mkdir, {"si"}},
    {SYS_mkdirat, {"dsi"}},
    {SYS_rmdir, {"s"}},
    {SYS_link, {"sp"}},
    {SYS_linkat, {"dsdpi"}},
    {SYS_unlink, {"s"}},
    {SYS_unlinkat, {"dsi"}},
    {SYS_symlink, {"sp"}},
    {SYS_symlinkat, {"sdp"}},
    {SYS_readlink, {"spi"}},
    {SYS_readlinkat, {"dspi"}},
    {SYS_chmod, {"si"}},
    {SYS_fchmod, {"di"}},
    {SYS_fchmodat, {"dsi"}},
    {SYS_chown, {"sii"}},
    {SYS_fchown, {"dii"}},
    {SYS_lchown, {"sii"}},
    {SYS_fchownat, {"dsiii"}},
    {SYS_utimensat, {"dspi"}},
    {SYS_mknod, {"sin"}},
    {SYS_mknodat, {"dsin"}},
    {SYS_statfs, {"sp"}},
    {SYS_fstatfs, {"dp"}},
    {SYS_umask, {"i"}},
    {SYS_chroot, {"s"}},
    {SYS_mount, {"pspnp"}},
    {SYS_umount2, {"si"}},
    {SYS_setxattr, {"sppni"}},
    {SYS_getxattr, {"sppn"}},
    {SYS_listxattr, {"spn"}},
    {SYS_removexattr, {"sp"}},
    {SYS_inotify_add_watch, {"dsi"}},
    {SYS_sendfile, {"ddpn", 'n', kOutput}},
    {SYS_copy_file_range, {"dpdpni", 'n', kOutput, 2}},
    {SYS_splice, {"dpdpni", 'n', kInput}},
    {SYS_tee, {"ddni", 'n', kInput}},
    {SYS_vmsplice, {"dpni", 'n', kOutput}},
    // Memory.
    {SYS_mmap, {"pniidn", 'a'}},
    {SYS_mremap, {"pnni", 'a'}},
    {SYS_mprotect, {"pni"}},
    {SYS_munmap, {"pn"}},
    {SYS_madvise, {"pni"}},
    {SYS_mincore, {"pnp"}},
    {SYS_msync, {"pni"}},
    {SYS_mlock, {"pn"}},
    {SYS_munlock, {"pn"}},
    {SYS_brk, {"-", 'b'}},
    {SYS_memfd_create, {"si"}},
    // Processes and signals.
    {SYS_fork, {"", 't'}},
    {SYS_vfork, {"", 't'}},
    {SYS_clone, {"n", 't'}},
    {SYS_clone3, {"pn", 't'}},
    {SYS_execve, {"spp"}},
    {SYS_execveat, {"dsppi"}},
    {SYS_exit, {"i"}},
    {SYS_exit_group, {"i"}},
    {SYS_wait4, {"tpip", 't', kWait}},
    {SYS_waitid, {"itpip", 'n', kWait}},
    {SYS_getpid, {"", 't'}},
    {SYS_gettid, {"", 't'}},
    {SYS_getppid, {"", 't'}},
    {SYS_getpgrp, {"", 't'}},
    {SYS_getpgid, {"t", 't'}},
    {SYS_getsid, {"t", 't'}},
    {SYS_setsid, {"", 't'}},
    {SYS_setpgid, {"tt"}},
    {SYS_set_tid_address, {"p", 't'}},
    {SYS_set_robust_list, {"pn"}},
    {SYS_kill, {"ti"}},
    {SYS_tkill, {"ti"}},
    {SYS_tgkill, {"tti"}},
    {SYS_rt_sigqueueinfo, {"tip"}},
    {SYS_rt_tgsigqueueinfo, {"ttip"}},
    {SYS_pidfd_open, {"ti"}},
    {SYS_pidfd_send_signal, {"dipi"}},
    {SYS_timer_create, {"ipp"}},
    {SYS_timer_settime, {"iipp"}},
    {SYS_sched_setscheduler, {"tip"}},
    {SYS_sched_getscheduler, {"t"}},
    {SYS_sched_setparam, {"tp"}},
    {SYS_sched_getparam, {"tp"}},
    {SYS_rt_sigaction, {"ippn"}},
    {SYS_rt_sigprocmask, {"ippn", 'n', kRace}},
    {SYS_rt_sigpending, {"pn"}},
    {SYS_rt_sigsuspend, {"pn"}},
    {SYS_rt_sigtimedwait, {"pppn", 'n', kTry}},
    {SYS_rt_sigreturn, {"", 'n', CallTiming::SignalReturn}},
    {SYS_sigaltstack, {"pp"}},
    {SYS_alarm, {"i", 'c'}},
    {SYS_setitimer, {"ipp"}},
    {SYS_getitimer, {"ip"}},
    {SYS_nanosleep, {"pp"}},
    {SYS_clock_nanosleep, {"iipp"}},
    {SYS_prctl, {"i"}},
    {SYS_arch_prctl, {"i"}},
    {SYS_getrlimit, {"ip"}},
    {SYS_setrlimit, {"ip"}},
    {SYS_prlimit64, {"tipp"}},
    {SYS_getrusage, {"ip"}},
    {SYS_getpriority, {"it"}},
    {SYS_setpriority, {"iti"}},
    {SYS_sched_getaffinity, {"tnp", 'c'}},  // As many bytes as this machine has processors.
    {SYS_sched_setaffinity, {"tnp"}},
    {SYS_setuid, {"i"}},
    {SYS_setgid, {"i"}},
    {SYS_setreuid, {"ii"}},
    {SYS_setregid, {"ii"}},
    {SYS_setresuid, {"iii"}},
    {SYS_setresgid, {"iii"}},
    {SYS_setgroups, {"np"}},
    {SYS_getgroups, {"ip"}},
    // Events, sockets.
    {SYS_eventfd, {"i"}},
    {SYS_eventfd2, {"ii"}},
    {SYS_epoll_create, {"i"}},
    {SYS_epoll_create1, {"i"}},
    {SYS_epoll_ctl, {"didp"}},
    {SYS_timerfd_create, {"ii"}},
    {SYS_timerfd_settime, {"dipp"}},
    {SYS_timerfd_gettime, {"dp"}},
    {SYS_signalfd4, {"ipni"}},
    {SYS_socket, {"iii"}},
    {SYS_socketpair, {"iiip"}},
    {SYS_connect, {"dpi", 'n', kTry}},
    {SYS_bind, {"dpi"}},
    {SYS_listen, {"di"}},
    {SYS_accept, {"dpp", 'n', kTry}},
    {SYS_accept4, {"dppi", 'n', kTry}},
    {SYS_shutdown, {"di"}},
    {SYS_getsockname, {"dpp"}},
    {SYS_getpeername, {"dpp"}},
    {SYS_setsockopt, {"diipi"}},
    {SYS_getsockopt, {"diipp"}},
    {SYS_sendto, {"dpnipi", 'n', kOutput}},
    {SYS_recvfrom, {"dpnipp", 'n', kInput}},
    {SYS_sendmsg, {"dpi", 'n', kOutput}},
    {SYS_recvmsg, {"dpi", 'n', kInput}},
    {SYS_poll, {"pii", 'n', kRace}},
    {SYS_ppoll, {"pippn", 'n', kRace}},
    {SYS_select, {"ipppp", 'n', kRace}},
    {SYS_pselect6, {"ippppp", 'n', kRace}},
    {SYS_epoll_wait, {"dpii", 'n', kRace}},
    {SYS_epoll_pwait, {"dpiipn", 'n', kRace}},
    {SYS_epoll_pwait2, {"dpippn", 'n', kRace}},
    {SYS_futex, {"pi", 'n', kRace}},
    {SYS_sched_yield, {"", 'n', kRace}},
    // Clocks and chance.
    {SYS_time, {"p", 'c', kClock}},
    {SYS_gettimeofday, {"pp", 'c', kClock}},
    {SYS_clock_gettime, {"ip", 'c', kClock}},
    {SYS_getcpu, {"pp", 'c', kClock}},
    {SYS_times, {"p", 'c'}},
    {SYS_clock_getres, {"ip"}},
    {SYS_clock_settime, {"ip"}},
    {SYS_getrandom, {"pni"}},
    {SYS_uname, {"p"}},
    {SYS_sysinfo, {"p"}},
};

constexpr usize kMost = 512;

struct Table {
    CallRule rules[kMost] = {};
};

constexpr Table build_table()
{
    Table table;
    for (Row const& row : kRows) table.rules[row.number] = row.rule;
    return table;
}

constexpr Table kTable = build_table();
constexpr CallRule kUnknown{};

}  // namespace

CallRule const& rule_of(u32 number) { return number < kMost ? kTable.rules[number] : kUnknown; }

int path_argument(u64 number)
{
    if (number >= kMost) return -1;
    char const* const letters = kTable.rules[number].arguments;
    char const* const path = std::strchr(letters, 's');
    return path == nullptr ? -1 : static_cast<int>(path - letters);
}

}  // namespace drydock::sim
