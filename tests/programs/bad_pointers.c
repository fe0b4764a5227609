// Every system call with each argument bad in turn: an unmapped page, a kernel address, all ones. What
// matters is the errno and that the kernel goes on. Each call runs in a child of its own, as it may
// change or end the caller.
#include "support.h"

enum { kArguments = 6 };

struct Probe {
    int number;
    const char* name;
    // Per argument: 0 not used, 1 pointer, 2 descriptor (a regular file), 3 small number, 4 length,
    // 5 path of nothing, P path of a file, 6 zero, 7 a pointer that may be null, 8 eight, 9 one, D a
    // directory, A minus one, E this program
    const char* arguments;
};

static const struct Probe kProbes[] = {
    {SYS_read, "read", "214"}, {SYS_write, "write", "214"}, {SYS_open, "open", "566"},
    {SYS_stat, "stat", "P1"}, {SYS_fstat, "fstat", "21"}, {SYS_lstat, "lstat", "P1"},
    {SYS_poll, "poll", "136"}, {SYS_rt_sigaction, "rt_sigaction", "3118"},
    {SYS_rt_sigprocmask, "rt_sigprocmask", "6118"}, {SYS_pread64, "pread64", "2146"},
    {SYS_pwrite64, "pwrite64", "2146"}, {SYS_readv, "readv", "213"}, {SYS_writev, "writev", "213"},
    {SYS_access, "access", "56"}, {SYS_pipe, "pipe", "1"}, {SYS_select, "select", "91116"},
    {SYS_mincore, "mincore", "141"}, {SYS_nanosleep, "nanosleep", "16"},
    {SYS_getitimer, "getitimer", "61"}, {SYS_setitimer, "setitimer", "611"},
    {SYS_sendfile, "sendfile", "2214"}, {SYS_uname, "uname", "1"}, {SYS_getcwd, "getcwd", "14"},
    {SYS_chdir, "chdir", "5"}, {SYS_rename, "rename", "55"}, {SYS_mkdir, "mkdir", "56"},
    {SYS_rmdir, "rmdir", "5"}, {SYS_link, "link", "55"}, {SYS_unlink, "unlink", "5"},
    {SYS_symlink, "symlink", "55"}, {SYS_readlink, "readlink", "514"}, {SYS_chmod, "chmod", "56"},
    {SYS_chown, "chown", "566"}, {SYS_gettimeofday, "gettimeofday", "11"},
    {SYS_getrlimit, "getrlimit", "61"}, {SYS_getrusage, "getrusage", "61"},
    {SYS_sysinfo, "sysinfo", "1"}, {SYS_times, "times", "1"}, {SYS_getgroups, "getgroups", "41"},
    {SYS_getresuid, "getresuid", "111"}, {SYS_getresgid, "getresgid", "111"},
    {SYS_rt_sigpending, "rt_sigpending", "18"}, {SYS_rt_sigtimedwait, "rt_sigtimedwait", "1118"},
    {SYS_rt_sigsuspend, "rt_sigsuspend", "18"}, {SYS_sigaltstack, "sigaltstack", "11"},
    {SYS_mknod, "mknod", "566"}, {SYS_statfs, "statfs", "P1"}, {SYS_fstatfs, "fstatfs", "21"},
    {SYS_sched_getparam, "sched_getparam", "61"}, {SYS_arch_prctl, "arch_prctl", "71"},
    {SYS_time, "time", "1"}, {SYS_clock_gettime, "clock_gettime", "61"},
    {SYS_clock_getres, "clock_getres", "61"}, {SYS_clock_nanosleep, "clock_nanosleep", "661"},
    {SYS_getdents64, "getdents64", "D14"}, {SYS_wait4, "wait4", "A166"},
    {SYS_execve, "execve", "E11"}, {SYS_openat, "openat", "256"}, {SYS_mkdirat, "mkdirat", "256"},
    {SYS_newfstatat, "newfstatat", "2P16"}, {SYS_unlinkat, "unlinkat", "256"},
    {SYS_readlinkat, "readlinkat", "2514"}, {SYS_faccessat, "faccessat", "256"},
    {SYS_utimensat, "utimensat", "2516"}, {SYS_pipe2, "pipe2", "16"},
    {SYS_prlimit64, "prlimit64", "6611"}, {SYS_getrandom, "getrandom", "146"},
    {SYS_set_robust_list, "set_robust_list", "18"}, {SYS_ppoll, "ppoll", "1311"},
    {SYS_truncate, "truncate", "56"}, {SYS_creat, "creat", "56"}, {SYS_utimes, "utimes", "51"},
    {SYS_sched_getaffinity, "sched_getaffinity", "641"}, {SYS_sethostname, "sethostname", "14"},
    {SYS_setgroups, "setgroups", "31"}, {SYS_chroot, "chroot", "5"},
};

static const uint64_t kBad[] = {0x10, 0xffff800000000000, ~UINT64_C(0), 0x7ffffffff000};
static const char* const kBadNames[] = {"unmapped", "kernel", "all ones", "end of user space"};

static char good_buffer[8192];

static uint64_t good_value(char kind, int file, int directory)
{
    switch (kind) {
    case '1': case '7': return (uint64_t)good_buffer;
    case '2': return (uint64_t)file;
    case 'D': return (uint64_t)directory;
    case '3': return 1;
    case '4': return 64;
    case '5': return (uint64_t) "/tmp/bad_pointers.none/x";
    case 'P': return (uint64_t) "/tmp/bad_pointers.file";
    case 'E': return (uint64_t) "/proc/self/exe";
    case '8': return 8;
    case '9': return 1;
    case 'A': return (uint64_t)-1;
    default: return 0;
    }
}

static int is_pointer(char kind) { return kind == '1' || kind == '5' || kind == '7' || kind == 'P' || kind == 'E'; }

static void run_probe(const struct Probe* probe, int argument, int bad, int file, int directory)
{
    fflush(stdout);
    pid_t const child = fork();
    if (child < 0) die("fork");
    if (child == 0) {
        alarm(2);
        uint64_t values[kArguments] = {0};
        for (int i = 0; probe->arguments[i] != 0; ++i) {
            values[i] = good_value(probe->arguments[i], file, directory);
        }
        values[argument] = kBad[bad];
        long const result = syscall(probe->number, values[0], values[1], values[2], values[3], values[4], values[5]);
        int const error = result < 0 ? errno : 0;
        printf("%s argument %d %s: %s\n", probe->name, argument, kBadNames[bad], error_name(error));
        fflush(stdout);
        _exit(0);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child) die("waitpid");
    if (!WIFEXITED(status)) {
        printf("%s argument %d %s: %s\n", probe->name, argument, kBadNames[bad], status_text(status));
    }
}

int main(void)
{
    int const file = open("/tmp/bad_pointers.file", O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(file >= 0);
    CHECK(write(file, good_buffer, sizeof good_buffer) == (ssize_t)sizeof good_buffer);
    CHECK(lseek(file, 0, SEEK_SET) == 0);
    int const directory = open("/tmp", O_RDONLY | O_DIRECTORY);
    CHECK(directory >= 0);
    for (size_t p = 0; p < sizeof kProbes / sizeof kProbes[0]; ++p) {
        for (int i = 0; kProbes[p].arguments[i] != 0; ++i) {
            if (!is_pointer(kProbes[p].arguments[i])) continue;
            for (int bad = 0; bad < 4; ++bad) run_probe(&kProbes[p], i, bad, file, directory);
        }
    }
    unlink("/tmp/bad_pointers.file");
    return 0;
}
