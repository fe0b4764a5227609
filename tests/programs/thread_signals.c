// Signals and threads that wait: who is interrupted, who is woken, who stops (signal(7), tgkill(2),
// sigwaitinfo(2)); and what an ended process still has (proc(5)).
#include "support.h"

#include <pthread.h>

static int pipe_ends[2];

static void pause_ms(long ms)
{
    struct timespec const time = {0, ms * 1000000};
    nanosleep(&time, NULL);
}

static void on_signal(int number) { (void)number; }

static void* reads(void* argument)
{
    (void)argument;
    char byte;
    errno = 0;
    long const result = read(pipe_ends[0], &byte, 1);
    printf("read: %ld %s\n", result, error_name(errno));
    return NULL;
}

static void* waits_for_one(void* argument)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    siginfo_t info;
    printf("%s: %d\n", (char const*)argument, sigwaitinfo(&set, &info) == SIGUSR1);
    return NULL;
}

static void* sleeps(void* argument)
{
    (void)argument;
    for (int i = 0; i < 1000; ++i) pause();
    return NULL;
}

static pthread_t start(void* (*work)(void*), void* argument)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, argument) == 0);
    pause_ms(40);
    return thread;
}

static void signals_to_threads(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGUSR2, &action, NULL);
    pthread_t thread = start(reads, NULL);
    pthread_kill(thread, SIGUSR2);
    pthread_join(thread, NULL);

    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    thread = start(waits_for_one, "to the thread");
    pthread_kill(thread, SIGUSR1);
    pthread_join(thread, NULL);
    thread = start(waits_for_one, "to the process");
    kill(getpid(), SIGUSR1);
    pthread_join(thread, NULL);
}

// A process of two threads that wait, told to stop and to go on, then killed by `end`.
static void stops_as_a_whole(char const* name, void (*end)(pid_t child))
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        start(sleeps, NULL);
        char byte;
        CHECK(read(pipe_ends[0], &byte, 1) == 1);
        _exit(0);
    }
    pause_ms(120);
    int status = 0;
    kill(child, SIGSTOP);
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    printf("%s: %s", name, status_text(status));
    kill(child, SIGCONT);
    CHECK(waitpid(child, &status, WCONTINUED) == child);
    printf(", %s", status_text(status));
    kill(child, SIGSTOP);
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    printf(", %s", status_text(status));
    end(child);
    CHECK(waitpid(child, &status, 0) == child);
    printf(", %s\n", status_text(status));
}

static void kill_process(pid_t child) { kill(child, SIGKILL); }
static void kill_thread(pid_t child) { syscall(SYS_tgkill, child, child, SIGKILL); }
static void terminate(pid_t child)
{
    kill(child, SIGTERM);
    kill(child, SIGCONT);
}

static void kills_a_waiting_thread(void)
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0)
        for (;;) pause();
    pause_ms(40);
    CHECK(syscall(SYS_tgkill, child, child, SIGKILL) == 0);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("by tgkill: %s\n", status_text(status));
}

static long read_of(pid_t process, char const* name, char* text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    int const file = open(path, O_RDONLY);
    CHECK(file >= 0);
    long const length = read(file, text, size - 1);
    close(file);
    text[length > 0 ? length : 0] = '\0';
    return length;
}

static void what_an_ended_process_has(void)
{
    char text[256], path[64];
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) _exit(3);
    siginfo_t info;
    CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
    printf("maps of a zombie: %ld bytes\n", read_of(child, "maps", text, sizeof text));
    read_of(child, "statm", text, sizeof text);
    printf("its pages: %s", text);
    for (int i = 0; i < 3; ++i) {
        char const* const names[] = {"cwd", "root", "exe"};
        snprintf(path, sizeof path, "/proc/%d/%s", child, names[i]);
        long const length = readlink(path, text, sizeof text);
        printf("its %s: %s\n", names[i], length < 0 ? error_name(errno) : "there");
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("it was %s\n", status_text(status));
}

int main(void)
{
    CHECK(pipe(pipe_ends) == 0);
    signals_to_threads();
    stops_as_a_whole("killed", kill_process);
    stops_as_a_whole("killed by a thread's signal", kill_thread);
    stops_as_a_whole("terminated", terminate);
    kills_a_waiting_thread();
    what_an_ended_process_has();
    return 0;
}
