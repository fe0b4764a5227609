// proc(5), pid_namespaces(7): /proc shows the namespace of who mounted it.
#include "tests/contracts/namespaces/pid_support.h"

#include <dirent.h>

static void list(char const* path)
{
    DIR* const folder = opendir(path);
    require(folder != NULL, path);
    for (struct dirent* entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
            printf("%s %s\n", path, entry->d_name);
    }
    closedir(folder);
    fflush(stdout);
}

static void show_link(char const* path)
{
    char text[64] = "";
    ssize_t const size = readlink(path, text, sizeof text - 1);
    if (size < 0)
        show(path, -1);
    else
        printf("%s: %s\n", path, text);
    fflush(stdout);
}

int main(void)
{
    struct barrier const end = barrier_make();
    struct barrier const ready = barrier_make();
    pid_t const init = clone_init();
    if (init == 0) {
        mount_proc();
        show_link("proc/self");
        show_link("proc/thread-self");
        list("proc");
        pid_t const child = fork_child();
        if (child == 0) {
            setsid();
            barrier_signal(&ready);
            barrier_wait(&end);
            leave(0);
        }
        pid_t const within = clone_child(CLONE_NEWPID);
        if (within == 0) {
            show_link("proc/self");
            printf("pid %d\n", (int)getpid());
            fflush(stdout);
            barrier_signal(&ready);
            barrier_wait(&end);
            leave(0);
        }
        barrier_wait(&ready);
        barrier_wait(&ready);
        list("proc");
        list("proc/2/task");
        show_line("proc/1/status", "Pid:");
        show_line("proc/1/status", "PPid:");
        show_line("proc/1/status", "NSpid:");
        show_line("proc/1/status", "NSsid:");
        show_line("proc/2/status", "PPid:");
        show_line("proc/3/status", "Tgid:");
        show_line("proc/3/status", "NStgid:");
        show_line("proc/3/status", "NSpid:");
        show("another namespace", number_of("proc/3/ns/pid") != number_of("proc/1/ns/pid"));
        show("of its children",
             number_of("proc/1/ns/pid_for_children") == number_of("proc/1/ns/pid"));
        show("nobody", access("proc/4", F_OK));
        barrier_signal(&end);
        barrier_signal(&end);
        show_end("a child", child);
        show_end("within", within);
        list("proc");
        leave(0);
    }
    show_end("init", init);
    return 0;
}
