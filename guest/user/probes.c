// Work of many kinds, each timed alone: what the cost table image-icount is calibrated on. None of
// it is what a benchmark of the suite does. Prints `PROBE <name> <rounds> <total_ns>`; names its
// process around the timed part (prctl), the mark by which a trace is read.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { page = 4096 };

static char buffer[16 * page];
static int zero, null, file, folder, ends[2], counter, set;
static volatile int signals_seen;

static void must(bool is_done, char const* what)
{
    if (is_done) return;
    perror(what);
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void on_signal(int number)
{
    (void)number;
    ++signals_seen;
}

static void spawn(char* const* arguments)
{
    pid_t const child = fork();
    if (child == 0) {
        execv("/bin/busybox", arguments);
        _exit(127);
    }
    int status = 0;
    must(child > 0 && waitpid(child, &status, 0) == child && status == 0, arguments[0]);
}

// --- calls ---------------------------------------------------------------------------------------

static void get_parent(void) { syscall(SYS_getppid); }
static void get_group(void) { syscall(SYS_getegid); }
static void read_64(void) { must(read(zero, buffer, 64) == 64, "read"); }
static void write_64(void) { must(write(null, buffer, 64) == 64, "write"); }
static void read_16k(void) { must(read(zero, buffer, 4 * page) == 4 * page, "read"); }
static void file_write(void) { must(pwrite(file, buffer, 200, 100) == 200, "pwrite"); }
static void file_read(void) { must(pread(file, buffer, 200, 100) == 200, "pread"); }
static void file_seek(void) { must(lseek(file, 10, SEEK_SET) == 10, "lseek"); }
static void file_vector(void)
{
    struct iovec const parts[2] = {{buffer, 10}, {buffer, 20}};
    must(writev(null, parts, 2) == 30, "writev");
}
static void file_status(void)
{
    struct stat status;
    must(fstat(file, &status) == 0, "fstat");
}
static void path_status(void)
{
    struct stat status;
    must(stat("/etc/passwd", &status) == 0, "stat");
}
static void path_access(void) { must(access("/usr/bin/env", R_OK) == 0, "access"); }
static void path_link(void) { must(readlink("/bin/ls", buffer, 100) > 0, "readlink"); }
static void path_open(void) { close(open("/etc/passwd", O_RDONLY)); }
static void path_make(void)
{
    must(mkdir("/tmp/probe-folder", 0700) == 0, "mkdir");
    must(rmdir("/tmp/probe-folder") == 0, "rmdir");
}
static void path_create(void)
{
    int const made = open("/tmp/probe-made", O_CREAT | O_WRONLY, 0600);
    must(write(made, buffer, 100) == 100, "write");
    close(made);
    must(unlink("/tmp/probe-made") == 0, "unlink");
}
static void path_attributes(void)
{
    must(chmod("/tmp/probe-file", 0640) == 0 && chown("/tmp/probe-file", 0, 0) == 0, "chmod");
    must(utimensat(AT_FDCWD, "/tmp/probe-file", NULL, 0) == 0, "utimensat");
}
static void file_copy(void)
{
    off_t from = 0;
    must(lseek(file, 3 * page, SEEK_SET) > 0 && sendfile(file, file, &from, 300) == 300, "sendfile");
}
static void path_names(void)
{
    must(lseek(folder, 0, SEEK_SET) == 0, "lseek");
    must(syscall(SYS_getdents64, folder, buffer, 2048) > 0, "getdents64");
}
static void path_current(void) { must(getcwd(buffer, 64) != NULL, "getcwd"); }
static void fd_copy(void)
{
    int const copy = dup(zero);
    close(copy);
}
static void fd_flags(void) { must(fcntl(zero, F_GETFD) >= 0, "fcntl"); }
static void name_of_system(void)
{
    struct utsname name;
    must(uname(&name) == 0, "uname");
}
static void yield(void) { sched_yield(); }
static void priority(void) { getpriority(PRIO_USER, 0); }
static void no_child(void) { waitid(P_ALL, 0, NULL, WEXITED | WNOHANG | WCONTINUED); }
static void change_action(void)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    must(sigaction(SIGUSR2, &action, NULL) == 0, "sigaction");
}
static void change_mask(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGWINCH);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
}
static void send_signal(void) { must(kill(getpid(), SIGALRM) == 0, "kill"); }
static void look_at_two(void)
{
    struct pollfd files[2] = {{zero, POLLIN, 0}, {null, POLLOUT, 0}};
    must(poll(files, 2, 0) == 2, "poll");
}
static void count_up(void)
{
    uint64_t value = 3;
    must(write(counter, &value, 8) == 8 && read(counter, &value, 8) == 8, "eventfd");
}
static void ask_set(void)
{
    struct epoll_event events[4];
    must(epoll_wait(set, events, 4, 0) >= 0, "epoll_wait");
}
static void pipe_512(void)
{
    must(write(ends[1], buffer, 512) == 512 && read(ends[0], buffer, 512) == 512, "pipe");
}
static void pipe_12k(void)
{
    must(write(ends[1], buffer, 3 * page) == 3 * page, "pipe");
    must(read(ends[0], buffer, 3 * page) == 3 * page, "pipe");
}

// --- memory --------------------------------------------------------------------------------------

static char* area;

static void map_four(void)
{
    char* const four = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(four != MAP_FAILED, "mmap");
    munmap(four, 4 * page);
}
static void touch_eight(void)
{
    char* const eight = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(eight != MAP_FAILED, "mmap");
    for (int i = 0; i < 8; ++i) ((char volatile*)eight)[i * page] = 1;
    munmap(eight, 8 * page);
}
static void map_file(void)
{
    char const volatile* const pages = mmap(NULL, 4 * page, PROT_READ, MAP_PRIVATE, file, 0);
    must(pages != MAP_FAILED, "mmap");
    for (int i = 0; i < 4; ++i) (void)pages[i * page];
    munmap((void*)pages, 4 * page);
}
static void write_mapped_file(void)
{
    char volatile* const pages = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    must(pages != MAP_FAILED, "mmap");
    for (int i = 0; i < 4; ++i) pages[i * page] = 1;
    munmap((void*)pages, 4 * page);
}
static void protect_three(void)
{
    mprotect(area, 3 * page, PROT_READ);
    mprotect(area, 3 * page, PROT_READ | PROT_WRITE);
    ((char volatile*)area)[page] = 1;
}
static void grow_heap(void)
{
    char* const end = (char*)syscall(SYS_brk, 0);
    syscall(SYS_brk, end + 2 * page);
    syscall(SYS_brk, end);
}

// --- processes -----------------------------------------------------------------------------------

static void fork_touching(void)
{
    pid_t const child = fork();
    if (child == 0) {
        for (int i = 0; i < 8; ++i) ((char volatile*)area)[i * page] = 2;
        _exit(0);
    }
    int status = 0;
    must(waitpid(child, &status, 0) == child && status == 0, "fork");
}
static void fork_twice(void)
{
    pid_t const first = fork();
    if (first == 0) _exit(0);
    pid_t const second = fork();
    if (second == 0) _exit(0);
    must(waitpid(first, NULL, 0) == first && waitpid(second, NULL, 0) == second, "fork");
}
static void talk(void)
{
    int to[2], from[2];
    must(pipe(to) == 0 && pipe(from) == 0, "pipe");
    pid_t const child = fork();
    if (child == 0) {
        for (int i = 0; i < 20; ++i) {
            if (read(to[0], buffer, 64) != 64 || write(from[1], buffer, 64) != 64) _exit(1);
        }
        _exit(0);
    }
    for (int i = 0; i < 20; ++i) {
        must(write(to[1], buffer, 64) == 64 && read(from[0], buffer, 64) == 64, "talk");
    }
    int status = 0;
    must(waitpid(child, &status, 0) == child && status == 0, "talk");
    close(to[0]), close(to[1]), close(from[0]), close(from[1]);
}
static void run_false(void)
{
    char* const arguments[] = {"echo", "-n", NULL};
    spawn(arguments);
}
static char const* script;
static void run_script(void)
{
    char* const arguments[] = {"sh", "-c", (char*)script, NULL};
    spawn(arguments);
}

struct probe {
    char const* name;
    unsigned rounds;
    void (*run)(void);
    char const* script;
};

static struct probe const probes[] = {
    {"get_parent", 2000, get_parent, NULL},
    {"get_group", 2000, get_group, NULL},
    {"read_64", 1000, read_64, NULL},
    {"write_64", 1000, write_64, NULL},
    {"read_16k", 300, read_16k, NULL},
    {"file_write", 500, file_write, NULL},
    {"file_read", 500, file_read, NULL},
    {"file_seek", 1000, file_seek, NULL},
    {"file_vector", 1000, file_vector, NULL},
    {"file_status", 1000, file_status, NULL},
    {"path_status", 500, path_status, NULL},
    {"path_access", 500, path_access, NULL},
    {"path_link", 500, path_link, NULL},
    {"path_open", 500, path_open, NULL},
    {"path_make", 100, path_make, NULL},
    {"path_create", 100, path_create, NULL},
    {"path_attributes", 300, path_attributes, NULL},
    {"file_copy", 100, file_copy, NULL},
    {"path_names", 100, path_names, NULL},
    {"path_current", 500, path_current, NULL},
    {"fd_copy", 500, fd_copy, NULL},
    {"fd_flags", 1000, fd_flags, NULL},
    {"name_of_system", 500, name_of_system, NULL},
    {"yield", 500, yield, NULL},
    {"priority", 500, priority, NULL},
    {"no_child", 500, no_child, NULL},
    {"change_action", 500, change_action, NULL},
    {"change_mask", 500, change_mask, NULL},
    {"send_signal", 300, send_signal, NULL},
    {"look_at_two", 500, look_at_two, NULL},
    {"count_up", 500, count_up, NULL},
    {"ask_set", 500, ask_set, NULL},
    {"pipe_512", 500, pipe_512, NULL},
    {"pipe_12k", 200, pipe_12k, NULL},
    {"map_four", 300, map_four, NULL},
    {"touch_eight", 100, touch_eight, NULL},
    {"map_file", 100, map_file, NULL},
    {"write_mapped_file", 100, write_mapped_file, NULL},
    {"protect_three", 200, protect_three, NULL},
    {"grow_heap", 200, grow_heap, NULL},
    {"fork_touching", 30, fork_touching, NULL},
    {"fork_twice", 30, fork_twice, NULL},
    {"talk", 20, talk, NULL},
    {"run_false", 30, run_false, NULL},
    {"loop", 5, run_script, "i=0; while [ $i -lt 200 ]; do i=$((i+1)); done"},
    {"subshells", 5, run_script, "for i in 1 2 3 4 5 6; do (x=$i); done"},
    {"seq_wc", 5, run_script, "seq 2000 | wc -l > /dev/null"},
    {"cut_tr", 5, run_script, "seq 500 | tr 0-4 a-e | cut -c2 > /dev/null"},
    {"head_tail", 5, run_script, "seq 3000 | tail -n 40 | head -n 3 > /dev/null"},
    {"awk", 3, run_script, "awk 'BEGIN { for (i = 0; i < 2000; ++i) s += i; print s }' > /dev/null"},
    {"md5", 5, run_script, "md5sum /bin/busybox > /dev/null"},
    {"find", 3, run_script, "find /bin /etc > /dev/null"},
    {"copy", 5, run_script, "cp /bin/busybox /tmp/copied; rm /tmp/copied"},
    {"folders", 5, run_script, "cd /tmp; for i in 1 2 3; do mkdir d$i; echo $i > d$i/f; done; ls -lR . > /dev/null; rm -r d1 d2 d3"},
    {"compress", 3, run_script, "seq 2000 | gzip | gunzip > /dev/null"},
    {"archive", 3, run_script, "tar cf /tmp/archive -C /etc . ; rm /tmp/archive"},
    {"kill_child", 5, run_script, "cat < /dev/zero > /dev/null & kill $!; wait $! || true"},
    {"expr", 5, run_script, "for i in 1 2 3; do expr $i + 1 > /dev/null; env > /dev/null; done"},
};

static void prepare(void)
{
    zero = open("/dev/zero", O_RDONLY);
    null = open("/dev/null", O_WRONLY);
    folder = open("/usr/bin", O_RDONLY | O_DIRECTORY);
    file = open("/tmp/probe-file", O_CREAT | O_RDWR, 0600);
    must(zero >= 0 && null >= 0 && folder >= 0 && file >= 0, "open");
    must(write(file, buffer, 4 * page) == 4 * page && pipe(ends) == 0, "prepare");
    counter = eventfd(0, 0);
    set = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    must(counter >= 0 && set >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, counter, &event) == 0, "epoll");
    area = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(area != MAP_FAILED, "mmap");
    memset(area, 1, 8 * page);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGALRM, &action, NULL);
}

int main(void)
{
    prepare();
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; ++i) {
        struct probe const* const probe = &probes[i];
        script = probe->script;
        // Caches and templates are as they will stay.
        for (int warm = 0; warm < 3; ++warm) probe->run();
        now_ns();
        prctl(PR_SET_NAME, probe->name, 0, 0, 0);
        uint64_t const began = now_ns();
        for (unsigned round = 0; round < probe->rounds; ++round) probe->run();
        uint64_t const ended = now_ns();
        char name[16];
        prctl(PR_GET_NAME, name, 0, 0, 0);
        printf("PROBE %s %u %llu\n", probe->name, probe->rounds, (unsigned long long)(ended - began));
        fflush(stdout);
    }
    return 0;
}
