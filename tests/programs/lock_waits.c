// Waiting for a lock: whatever takes the lock out of the way lets the waiter go on (fcntl(2),
// flock(2)), and a circle of waiting processes is refused, but nothing that only was one before.
#include "support.h"

#include <sys/file.h>

enum { kPauseMs = 60 };

static char const* const kPath = "/tmp/lock_waits";

static void pause_ms(long ms)
{
    struct timespec const time = {0, ms * 1000000};
    nanosleep(&time, NULL);
}

static int lock_range(int file, short type, off_t start, off_t length, int command)
{
    struct flock request = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return fcntl(file, command, &request);
}

static int open_file(void)
{
    int const file = open(kPath, O_RDWR | O_CREAT, 0600);
    CHECK(file >= 0);
    return file;
}

// The child has the lock and gives it up by `release` after a while; the parent waits for it.
static void waits_until(char const* name, int is_flock, short wanted, void (*release)(int file))
{
    int ready[2], over[2];
    CHECK(pipe(ready) == 0 && pipe(over) == 0);
    fflush(stdout);
    pid_t const holder = fork();
    if (holder == 0) {
        int const file = open_file();
        if (is_flock)
            CHECK(flock(file, LOCK_EX) == 0);
        else
            CHECK(lock_range(file, F_WRLCK, 0, 10, F_SETLK) == 0);
        CHECK(write(ready[1], "", 1) == 1);
        pause_ms(kPauseMs);
        printf("%s: released\n", name);
        fflush(stdout);
        release(file);
        // Not by its end: only what was released may let the other go on.
        char end;
        close(over[1]);
        CHECK(read(over[0], &end, 1) == 0);
        _exit(0);
    }
    close(over[0]);
    char byte;
    CHECK(read(ready[0], &byte, 1) == 1);
    int const file = open_file();
    if (is_flock)
        CHECK(flock(file, wanted | LOCK_NB) == -1 && errno == EWOULDBLOCK);
    else
        CHECK(lock_range(file, wanted, 0, 5, F_SETLK) == -1);
    int const got = is_flock ? flock(file, wanted) : lock_range(file, wanted, 0, 5, F_SETLKW);
    printf("%s: got it, %d\n", name, got);
    fflush(stdout);
    close(file);
    close(ready[0]);
    close(ready[1]);
    close(over[1]);
    CHECK(waitpid(holder, NULL, 0) == holder);
}

static void unlock(int file) { CHECK(lock_range(file, F_UNLCK, 0, 10, F_SETLK) == 0); }
static void unlock_part(int file) { CHECK(lock_range(file, F_UNLCK, 0, 5, F_SETLK) == 0); }
static void make_shared(int file) { CHECK(lock_range(file, F_RDLCK, 0, 10, F_SETLK) == 0); }
static void close_it(int file) { close(file); }
static void close_another(int file)
{
    (void)file;
    close(open_file());
}
static void end(int file)
{
    (void)file;
    _exit(0);
}
static void unlock_flock(int file) { CHECK(flock(file, LOCK_UN) == 0); }
static void share_flock(int file) { CHECK(flock(file, LOCK_SH) == 0); }

// Child: has byte 1, waits for byte 0 of the parent. The parent asks for byte 1: a circle.
static void circles(void)
{
    int to_parent[2], to_child[2];
    CHECK(pipe(to_parent) == 0 && pipe(to_child) == 0);
    int const file = open_file();
    char byte;
    CHECK(lock_range(file, F_WRLCK, 0, 1, F_SETLK) == 0);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        int const own = open_file();
        CHECK(lock_range(own, F_WRLCK, 1, 1, F_SETLK) == 0);
        CHECK(write(to_parent[1], "", 1) == 1);
        printf("child waits: %d\n", lock_range(own, F_WRLCK, 0, 1, F_SETLKW));
        fflush(stdout);
        CHECK(write(to_parent[1], "", 1) == 1);
        // The parent waits for byte 1 now, and nobody waits for the parent.
        pause_ms(2 * kPauseMs);
        printf("child releases\n");
        fflush(stdout);
        _exit(0);
    }
    CHECK(read(to_parent[0], &byte, 1) == 1);
    pause_ms(kPauseMs);
    int const refused = lock_range(file, F_WRLCK, 1, 1, F_SETLKW);
    printf("circle: %d %s\n", refused, error_name(errno));
    fflush(stdout);
    CHECK(lock_range(file, F_UNLCK, 0, 1, F_SETLK) == 0);
    CHECK(read(to_parent[0], &byte, 1) == 1);
    int const later = lock_range(file, F_WRLCK, 1, 1, F_SETLKW);
    printf("no circle any more: %d\n", later);
    CHECK(waitpid(child, NULL, 0) == child);
}

static void on_alarm(int number) { (void)number; }

static void interrupted(void)
{
    int const file = open_file();
    CHECK(flock(file, LOCK_EX) == 0);
    int const other = open_file();
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval const soon = {{0, 0}, {0, 30000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    int const result = flock(other, LOCK_SH);
    printf("interrupted: %d %s\n", result, error_name(errno));
}

int main(void)
{
    unlink(kPath);
    waits_until("unlocked", 0, F_WRLCK, unlock);
    waits_until("unlocked in part", 0, F_WRLCK, unlock_part);
    waits_until("made shared", 0, F_RDLCK, make_shared);
    waits_until("closed", 0, F_WRLCK, close_it);
    waits_until("another descriptor closed", 0, F_WRLCK, close_another);
    waits_until("holder ended", 0, F_WRLCK, end);
    waits_until("flock undone", 1, LOCK_EX, unlock_flock);
    waits_until("flock made shared", 1, LOCK_SH, share_flock);
    waits_until("flock closed", 1, LOCK_EX, close_it);
    circles();
    interrupted();
    unlink(kPath);
    return 0;
}
