// Who gets the signal of a file: a process, a thread, all of a group; those whom the one who named
// the owner may signal (fs/fcntl.c, sigio_perm). SIGIO's default action ends a process.
#include "tests/contracts/signals/io_support.h"

#include <pthread.h>

static int ends[2];
static int volatile tid;
static struct barrier told, done;

static void* wait_here(void* unused)
{
    tid = (int)syscall(SYS_gettid);
    barrier_signal(&done);
    barrier_wait(&told);
    show_signals("thread");
    barrier_signal(&done);
    barrier_wait(&told);
    show_signals("thread, once more");
    barrier_signal(&done);
    return unused;
}

static void tell(void) { require(write(ends[1], "a", 1) == 1, "write"); }

static pid_t make_child(int group, uid_t user, char const* name, struct barrier const* go)
{
    struct barrier const ready = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        if (group >= 0) setpgid(0, group);
        if (user != 0) require(setresuid(user, user, user) == 0, "setresuid");
        barrier_signal(&ready);
        barrier_wait(go);
        show_signals(name);
        leave(0);
    }
    barrier_wait(&ready);
    return child;
}

int main(void)
{
    block_all();
    told = barrier_make();
    done = barrier_make();
    require(pipe(ends) == 0, "pipe");
    ask(ends[0], QUEUED);
    pthread_t thread;
    require(pthread_create(&thread, NULL, wait_here, NULL) == 0, "thread");
    barrier_wait(&done);
    struct owner owner = {0, tid};
    require(fcntl(ends[0], NAME_OWNER_EX, &owner) == 0, "F_OWNER_TID");
    tell();
    show_signals("main");
    barrier_signal(&told);
    barrier_wait(&done);
    // The number of a thread, as a process: its process.
    require(fcntl(ends[0], F_SETOWN, tid) == 0, "F_SETOWN");
    show("F_GETOWN of a thread's number", fcntl(ends[0], F_GETOWN));
    tell();
    show_signals("main");
    barrier_signal(&told);
    barrier_wait(&done);
    pthread_join(thread, NULL);
    tell();
    show_signals("of a thread that has gone");
    // A group of two, one of whom is somebody else's.
    struct barrier const go_first = barrier_make(), go_second = barrier_make();
    pid_t const first = make_child(0, 0, "first of the group", &go_first);
    pid_t const second = make_child(first, 2000, "second of the group", &go_second);
    require(fcntl(ends[0], F_SETOWN, -first) == 0, "group");
    tell();
    show_signals("main is not in it");
    barrier_signal(&go_first);
    show_end("first", first);
    barrier_signal(&go_second);
    show_end("second", second);
    // Named by somebody else: only his own hear of it.
    struct barrier const go_root = barrier_make(), go_user = barrier_make();
    pid_t const of_root = make_child(-1, 0, "root's", &go_root);
    pid_t const of_user = make_child(-1, 1000, "the user's", &go_user);
    pid_t const namer = fork_child();
    if (namer == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        show("a user names root's process", fcntl(ends[0], F_SETOWN, of_root));
        leave(0);
    }
    show_end("namer", namer);
    tell();
    barrier_signal(&go_root);
    show_end("root's", of_root);
    pid_t const second_namer = fork_child();
    if (second_namer == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        show("a user names his own", fcntl(ends[0], F_SETOWN, of_user));
        leave(0);
    }
    show_end("namer", second_namer);
    tell();
    barrier_signal(&go_user);
    show_end("the user's", of_user);
    pid_t const victim = fork_child();
    if (victim == 0) {
        signal(SIGIO, SIG_DFL);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        pause();
        leave(0);
    }
    wait_for_state(victim, 'S');
    require(fcntl(ends[0], NAME_SIGNAL, 0) == 0 && fcntl(ends[0], F_SETOWN, victim) == 0, "victim");
    tell();
    show_end("SIGIO by default", victim);
    return 0;
}
