#pragma once

// Every system call that the kernel has, by the file that defines it. Arguments, results and errors
// are those of the call's page in section 2 of the Linux manual.

#include "core/syscall/syscall.h"

namespace drydock {

// read_write.cpp
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

// descriptor_calls.cpp
Result<i64> sys_close(Call& call);
Result<i64> sys_close_range(Call& call);
Result<i64> sys_dup(Call& call);
Result<i64> sys_dup2(Call& call);
Result<i64> sys_dup3(Call& call);
Result<i64> sys_ioctl(Call& call);
Result<i64> sys_pipe(Call& call);
Result<i64> sys_pipe2(Call& call);

// fcntl_calls.cpp
Result<i64> sys_fcntl(Call& call);

// file_locks.cpp
Result<i64> sys_flock(Call& call);

// directory_calls.cpp
Result<i64> sys_getdents(Call& call);
Result<i64> sys_getdents64(Call& call);

// copy_calls.cpp
Result<i64> sys_sendfile(Call& call);
Result<i64> sys_copy_file_range(Call& call);
Result<i64> sys_fadvise64(Call& call);
Result<i64> sys_fallocate(Call& call);
Result<i64> sys_readahead(Call& call);
Result<i64> sys_sync_file_range(Call& call);

// socket_calls.cpp
Result<i64> sys_socket(Call& call);
Result<i64> sys_socketpair(Call& call);
Result<i64> sys_connect(Call& call);
Result<i64> sys_accept(Call& call);
Result<i64> sys_accept4(Call& call);
Result<i64> sys_bind(Call& call);
Result<i64> sys_listen(Call& call);
Result<i64> sys_shutdown(Call& call);
Result<i64> sys_getsockname(Call& call);
Result<i64> sys_getpeername(Call& call);

// message_calls.cpp
Result<i64> sys_sendto(Call& call);
Result<i64> sys_recvfrom(Call& call);
Result<i64> sys_sendmsg(Call& call);
Result<i64> sys_recvmsg(Call& call);
Result<i64> sys_sendmmsg(Call& call);
Result<i64> sys_recvmmsg(Call& call);

// socket_options.cpp
Result<i64> sys_setsockopt(Call& call);
Result<i64> sys_getsockopt(Call& call);

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

// path_stat_calls.cpp
Result<i64> sys_stat(Call& call);
Result<i64> sys_lstat(Call& call);
Result<i64> sys_fstat(Call& call);
Result<i64> sys_newfstatat(Call& call);
Result<i64> sys_statx(Call& call);
Result<i64> sys_access(Call& call);
Result<i64> sys_faccessat(Call& call);
Result<i64> sys_faccessat2(Call& call);
Result<i64> sys_statfs(Call& call);
Result<i64> sys_fstatfs(Call& call);

// path_attribute_calls.cpp
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

// path_context_calls.cpp
Result<i64> sys_chdir(Call& call);
Result<i64> sys_fchdir(Call& call);
Result<i64> sys_getcwd(Call& call);
Result<i64> sys_chroot(Call& call);
Result<i64> sys_umask(Call& call);
Result<i64> sys_mount(Call& call);
Result<i64> sys_umount2(Call& call);
Result<i64> sys_pivot_root(Call& call);
Result<i64> sys_unshare(Call& call);
Result<i64> sys_setns(Call& call);
Result<i64> sys_sync(Call& call);
Result<i64> sys_fsync(Call& call);
Result<i64> sys_fdatasync(Call& call);
Result<i64> sys_syncfs(Call& call);

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
Result<i64> sys_mlock2(Call& call);
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
Result<i64> sys_getpid(Call& call);
Result<i64> sys_getppid(Call& call);
Result<i64> sys_gettid(Call& call);
Result<i64> sys_setpgid(Call& call);
Result<i64> sys_getpgid(Call& call);
Result<i64> sys_getpgrp(Call& call);
Result<i64> sys_setsid(Call& call);
Result<i64> sys_getsid(Call& call);

// wait_calls.cpp
Result<i64> sys_wait4(Call& call);
Result<i64> sys_waitid(Call& call);
Result<i64> sys_getrusage(Call& call);
Result<i64> sys_times(Call& call);

// resource_calls.cpp
Result<i64> sys_set_tid_address(Call& call);
Result<i64> sys_set_robust_list(Call& call);
Result<i64> sys_get_robust_list(Call& call);
Result<i64> sys_arch_prctl(Call& call);
Result<i64> sys_sched_yield(Call& call);
Result<i64> sys_getpriority(Call& call);
Result<i64> sys_setpriority(Call& call);
Result<i64> sys_getrlimit(Call& call);
Result<i64> sys_setrlimit(Call& call);
Result<i64> sys_prlimit64(Call& call);
Result<i64> sys_ptrace(Call& call);
Result<i64> sys_personality(Call& call);

// prctl_calls.cpp
Result<i64> sys_prctl(Call& call);

// policy_calls.cpp
Result<i64> sys_sched_setparam(Call& call);
Result<i64> sys_sched_getparam(Call& call);
Result<i64> sys_sched_setscheduler(Call& call);
Result<i64> sys_sched_getscheduler(Call& call);
Result<i64> sys_sched_get_priority_max(Call& call);
Result<i64> sys_sched_get_priority_min(Call& call);
Result<i64> sys_sched_rr_get_interval(Call& call);
Result<i64> sys_sched_setaffinity(Call& call);
Result<i64> sys_sched_getaffinity(Call& call);

// machine_calls.cpp
Result<i64> sys_sysinfo(Call& call);
Result<i64> sys_uname(Call& call);
Result<i64> sys_sethostname(Call& call);
Result<i64> sys_setdomainname(Call& call);
Result<i64> sys_reboot(Call& call);
Result<i64> sys_syslog(Call& call);
Result<i64> sys_getcpu(Call& call);
Result<i64> sys_rseq(Call& call);
Result<i64> sys_membarrier(Call& call);
Result<i64> sys_getrandom(Call& call);

// identity_calls.cpp
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

// time_calls.cpp
Result<i64> sys_restart_syscall(Call& call);
Result<i64> sys_nanosleep(Call& call);
Result<i64> sys_clock_nanosleep(Call& call);
Result<i64> sys_clock_gettime(Call& call);
Result<i64> sys_clock_settime(Call& call);
Result<i64> sys_clock_getres(Call& call);
Result<i64> sys_gettimeofday(Call& call);
Result<i64> sys_settimeofday(Call& call);
Result<i64> sys_time(Call& call);
Result<i64> sys_adjtimex(Call& call);
Result<i64> sys_clock_adjtime(Call& call);

// timer_calls.cpp
Result<i64> sys_alarm(Call& call);
Result<i64> sys_setitimer(Call& call);
Result<i64> sys_getitimer(Call& call);

// event_calls.cpp
Result<i64> sys_eventfd(Call& call);
Result<i64> sys_eventfd2(Call& call);
Result<i64> sys_epoll_create(Call& call);
Result<i64> sys_epoll_create1(Call& call);
Result<i64> sys_epoll_ctl(Call& call);
Result<i64> sys_epoll_wait(Call& call);
Result<i64> sys_epoll_pwait(Call& call);
Result<i64> sys_epoll_pwait2(Call& call);

// timer_file_calls.cpp
Result<i64> sys_timerfd_create(Call& call);
Result<i64> sys_timerfd_settime(Call& call);
Result<i64> sys_timerfd_gettime(Call& call);

// signal_file_calls.cpp
Result<i64> sys_signalfd(Call& call);
Result<i64> sys_signalfd4(Call& call);

// memory_file_calls.cpp
Result<i64> sys_memfd_create(Call& call);

// process_file_calls.cpp
Result<i64> sys_pidfd_send_signal(Call& call);
Result<i64> sys_pidfd_open(Call& call);
Result<i64> sys_pidfd_getfd(Call& call);

// posix_timer_calls.cpp
Result<i64> sys_timer_create(Call& call);
Result<i64> sys_timer_settime(Call& call);
Result<i64> sys_timer_gettime(Call& call);
Result<i64> sys_timer_getoverrun(Call& call);
Result<i64> sys_timer_delete(Call& call);

// splice_calls.cpp
Result<i64> sys_splice(Call& call);
Result<i64> sys_tee(Call& call);
Result<i64> sys_vmsplice(Call& call);

// inotify_calls.cpp
Result<i64> sys_inotify_init(Call& call);
Result<i64> sys_inotify_add_watch(Call& call);
Result<i64> sys_inotify_rm_watch(Call& call);
Result<i64> sys_inotify_init1(Call& call);

// process_memory_calls.cpp
Result<i64> sys_process_vm_readv(Call& call);
Result<i64> sys_process_vm_writev(Call& call);
Result<i64> sys_kcmp(Call& call);

// open_how_calls.cpp
Result<i64> sys_openat2(Call& call);

// scheduling_calls.cpp
Result<i64> sys_ioprio_set(Call& call);
Result<i64> sys_ioprio_get(Call& call);
Result<i64> sys_sched_setattr(Call& call);
Result<i64> sys_sched_getattr(Call& call);

// futex_calls.cpp
Result<i64> sys_futex(Call& call);

}  // namespace drydock
