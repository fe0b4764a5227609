// credentials(7): ids, groups and capabilities belong to the thread. The raw calls change the
// caller's alone; a thread begins with those of the one that made it; /proc/PID/status shows the
// main thread's.
#include "tests/contracts/credentials/thread_support.h"

static struct worker worker, second;

static void take_ids(void)
{
    gid_t const groups[] = {70, 60};
    show("  setgroups", syscall(SYS_setgroups, 2, groups));
    show("  setresgid", syscall(SYS_setresgid, 30, 31, 32));
    show("  setresuid", syscall(SYS_setresuid, 10, 11, 12));
    show("  getuid", syscall(SYS_getuid));
    show("  geteuid", syscall(SYS_geteuid));
    show("  getegid", syscall(SYS_getegid));
}

static void make_thread(void)
{
    start_worker(&second);
    show_thread("  made by the worker", second.tid);
    end_worker(&second);
}

static void make_child(void)
{
    pid_t const child = fork_child();
    if (child == 0) {
        show_status_of("  forked by the worker", "/proc/self/status");
        leave(0);
    }
    show_end("  child", child);
}

static void make_files(void)
{
    int const file = open("made", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    show_ok("  in the folder of root", file);
    struct stat info;
    show_ok("  in the open one", open("open/made", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    require(stat("open/made", &info) == 0, "stat");
    printf("  owner %u %u\n", info.st_uid, info.st_gid);
    show_ok("  of root", open("secret", O_RDONLY));
    show_ok("  of a group", open("of_group", O_RDONLY | O_CLOEXEC));
    show("  access by real ids", access("of_group", R_OK));
}

static void go_back(void) { show("  back", syscall(SYS_setresuid, 0, 0, 0)); }

int main(void)
{
    require(syscall(SYS_setgroups, 1, (gid_t[]){5}) == 0, "groups");
    require(mkdir("open", 0777) == 0 && chmod("open", 0777) == 0, "folder");
    make_file("secret", "s");
    require(chmod("secret", 0600) == 0, "mode");
    make_file("of_group", "g");
    require(chown("of_group", 0, 60) == 0 && chmod("of_group", 0040) == 0, "group");
    start_worker(&worker);
    show_thread("worker", worker.tid);
    run_in(&worker, take_ids);
    show_thread("worker", worker.tid);
    show_thread("main", own_tid());
    show_status_of("process", "/proc/self/status");
    show("main: getuid", getuid());
    show("main: getgid", getgid());
    gid_t groups[4];
    show("main: groups", getgroups(4, groups));
    run_in(&worker, make_thread);
    run_in(&worker, make_child);
    run_in(&worker, make_files);
    run_in(&worker, go_back);
    show_thread("worker", worker.tid);
    show_ok("main: of root", open("secret", O_RDONLY | O_CLOEXEC));
    end_worker(&worker);
    return 0;
}
