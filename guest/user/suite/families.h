// The benchmarks of each family; what one iteration is stands with each.
#pragma once

#include "suite.h"

// calls.c
void run_getpid(struct run* run);         // getpid
void run_gettid(struct run* run);         // gettid, a real system call
void run_getuid(struct run* run);         // getuid
void run_sched_yield(struct run* run);    // sched_yield
void run_getpriority(struct run* run);    // getpriority
void run_uname(struct run* run);          // uname
void run_clock_gettime(struct run* run);  // CLOCK_MONOTONIC

// devices.c
void run_read_null(struct run* run);    // read 1 B
void run_read_zero(struct run* run);    // read 4096 B
void run_write_null(struct run* run);   // write 1 B
void run_pread(struct run* run);        // pread 1 B
void run_writev(struct run* run);       // writev of one 1 B vector
void run_fstat(struct run* run);        // fstat
void run_fcntl_getfl(struct run* run);  // F_GETFL
void run_poll(struct run* run);         // poll, timeout 0
void run_dup_close(struct run* run);    // dup, close

// files.c
void run_open_close(struct run* run);  // open and close a file
void run_stat(struct run* run);        // stat /tmp
void run_access(struct run* run);      // access /tmp
void run_lseek(struct run* run);       // lseek 0 from the current offset
void run_getcwd(struct run* run);      // getcwd
void run_readlink(struct run* run);    // readlink
void run_getdents64(struct run* run);  // open /tmp, getdents64 of 1024 B, close
void run_file_tree(struct run* run);   // 2 mkdir, 10 files of 1 B, readdir, remove all

// memory.c
void run_mmap_fault(struct run* run);   // first write to each page of a mapping
void run_mmap_munmap(struct run* run);  // map and unmap a page
void run_mprotect(struct run* run);     // read-only and back, a touched page
void run_brk(struct run* run);          // grow by a page, shrink

// pipes.c
void run_pipe(struct run* run);           // write 4096 B, read them back
void run_pipe_pingpong(struct run* run);  // 1 B to a child and 1 B back

// signals.c
void run_sigaction(struct run* run);        // set SIG_IGN
void run_sigprocmask(struct run* run);      // block, unblock
void run_signal_delivery(struct run* run);  // raise with a handler

// processes.c
void run_fork_exit(struct run* run);  // fork, _exit in the child, waitpid
void run_waitid(struct run* run);     // WNOHANG, no child

// events.c
void run_epoll_wait(struct run* run);  // one eventfd, timeout 0
void run_eventfd(struct run* run);     // write 8 B, read 8 B
void run_socketpair(struct run* run);  // a pair, close both

// workloads.c
void run_exec_true(struct run* run);     // fork, exec /bin/true, waitpid
void run_shell_noop(struct run* run);    // sh -c true
void run_pipe_grep(struct run* run);     // grep in 300 lines
void run_sed_pipeline(struct run* run);  // two substitutions in 200 lines
void run_sort_uniq(struct run* run);     // sort | uniq -c | sort -rn, 500 lines of 7 words
void run_tar_extract(struct run* run);   // rm -rf, mkdir, tar xf of 20 files of 15 B
