// namespaces(7), unshare(2): namespaces, places and tables of descriptors belong to the thread.
// What the others share with it forbids only what changes it for them.
#include "tests/contracts/credentials/thread_support.h"
#include "tests/contracts/namespaces/support.h"

static struct worker worker;

static void show_kinds(char const* what, int tid)
{
    printf("%s:", what);
    char const* const kinds[] = {"ipc", "mnt", "uts", "pid", "pid_for_children"};
    for (int i = 0; i < 5; ++i) {
        char path[64];
        struct stat info;
        snprintf(path, sizeof path, "/proc/self/task/%d/ns/%s", tid, kinds[i]);
        if (stat(path, &info) != 0) {
            printf(" %s %s", kinds[i], error_name(errno));
            continue;
        }
        int const same = info.st_ino == number_in(getpid(), kinds[i]);
        printf(" %s %s", kinds[i], same ? "shared" : "own");
    }
    printf("\n");
    fflush(stdout);
}

static int uts_of_main, mounts_of_main;

static void apart_names(void)
{
    show("  unshare names", unshare(CLONE_NEWUTS | CLONE_NEWIPC));
    set_names("worker", "there");
    show_names("  worker");
}

static void join_names(void)
{
    show("  setns", setns(uts_of_main, CLONE_NEWUTS));
    show_names("  worker");
}

static void show_place(char const* what)
{
    char place[256];
    require(getcwd(place, sizeof place) != NULL, "getcwd");
    printf("%s: %s\n", what, strrchr(place, '/'));
    fflush(stdout);
}

static void move_shared(void)
{
    show("  enter mounts while places are shared", setns(mounts_of_main, CLONE_NEWNS));
    require(chdir("one") == 0, "chdir");
    umask(027);
}

static void move_alone(void)
{
    show("  unshare places", unshare(CLONE_FS));
    require(chdir("two") == 0, "chdir");
    show("  umask", umask(077));
    show_place("  worker");
    show("  enter mounts", setns(mounts_of_main, CLONE_NEWNS));
}

static void mount_alone(void)
{
    show("  unshare mounts", unshare(CLONE_NEWNS));
    require(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private");
    require(mount("none", "/work", "tmpfs", 0, NULL) == 0, "mount");
    show_ok("  file", open("/work/file_of_worker", O_CREAT | O_RDWR | O_CLOEXEC, 0600));
}

static void table_alone(void)
{
    show("  unshare descriptors", unshare(CLONE_FILES));
    int const file = open("/dev/null", O_RDONLY);
    require(dup2(file, 400) == 400, "dup2");
    show("  worker has it", fcntl(400, F_GETFD));
}

static void* nothing(void* unused) { return unused; }

static void pids_for_children(void)
{
    show("  unshare pids", unshare(CLONE_NEWPID));
    show("  once more", unshare(CLONE_NEWPID));
    pthread_t thread;
    printf("  a thread: %s\n", error_name(pthread_create(&thread, NULL, nothing, NULL)));
    pid_t const child = fork_child();
    if (child == 0) {
        printf("  child is %d of %d\n", (int)getpid(), (int)getppid());
        leave(0);
    }
    show_end("  child", child);
    printf("  once its first has ended, fork: %s\n", fork() < 0 ? error_name(errno) : "works");
    fflush(stdout);
}

static void refused(void)
{
    show("  thread", unshare(CLONE_THREAD));
    show("  handlers", unshare(CLONE_SIGHAND));
    show("  memory", unshare(CLONE_VM));
    show("  undo", unshare(CLONE_SYSVSEM));
}

int main(void)
{
    set_names("main", "here");
    uts_of_main = open_own("uts");
    mounts_of_main = open_own("mnt");
    require(mkdir("one", 0777) == 0 && mkdir("one/two", 0777) == 0, "folders");
    start_worker(&worker);
    show_kinds("at first", worker.tid);
    run_in(&worker, refused);
    run_in(&worker, apart_names);
    show_names("main");
    show_kinds("names", worker.tid);
    run_in(&worker, join_names);
    show_kinds("joined", worker.tid);
    run_in(&worker, move_shared);
    show_place("main");
    run_in(&worker, move_alone);
    show_place("main");
    show("main: umask", umask(022));
    run_in(&worker, mount_alone);
    show("main: file", access("/work/file_of_worker", F_OK));
    show_kinds("mounts", worker.tid);
    run_in(&worker, table_alone);
    show("main has it", fcntl(400, F_GETFD));
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/fd/400", worker.tid);
    show("in the worker's folder", access(path, F_OK));
    show("in main's", access("/proc/self/fd/400", F_OK));
    run_in(&worker, pids_for_children);
    show_kinds("pids", worker.tid);
    pid_t const child = fork_child();
    if (child == 0) leave(getpid() == 1);
    show_end("child of main", child);
    return 0;
}
