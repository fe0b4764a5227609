// setuid and its family, from root and from others; supplementary groups.
#include "support.h"

#include <grp.h>
#include <sys/fsuid.h>

static void ids(const char* what, long result)
{
    uid_t r, e, s;
    gid_t gr, ge, gs;
    syscall(SYS_getresuid, &r, &e, &s);
    syscall(SYS_getresgid, &gr, &ge, &gs);
    int const error = errno;
    printf("%s: %s  %d %d %d  %d %d %d\n", what, result < 0 ? error_name(error) : "ok", (int)r, (int)e, (int)s, (int)gr, (int)ge, (int)gs);
}

static uid_t const starts[][3] = {{0, 0, 0}, {1000, 1000, 1000}, {1000, 0, 0}, {0, 1000, 1000}, {1000, 1001, 1002}, {1000, 1000, 0}};
static int const wanted[] = {-1, 0, 1000, 1001, 1002, 7};
enum { kWanted = sizeof wanted / sizeof wanted[0] };

static int as_child(const uid_t* start, int gids, long number, int a, int b, int c)
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        if (gids) syscall(SYS_setresgid, start[0], start[1], start[2]);
        syscall(SYS_setresuid, start[0], start[1], start[2]);
        char text[100];
        snprintf(text, sizeof text, "%ld(%d,%d,%d)", number, a, b, c);
        ids(text, syscall(number, a, b, c));
        fflush(stdout);
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    return 0;
}

int main(void)
{
    for (unsigned s = 0; s < sizeof starts / sizeof starts[0]; ++s) {
        printf("-- %d %d %d\n", (int)starts[s][0], (int)starts[s][1], (int)starts[s][2]);
        for (int i = 0; i < kWanted; ++i) {
            as_child(starts[s], 0, SYS_setuid, wanted[i], 0, 0);
            as_child(starts[s], 1, SYS_setgid, wanted[i], 0, 0);
            as_child(starts[s], 0, SYS_setfsuid, wanted[i], 0, 0);
        }
        for (int i = 0; i < kWanted; ++i) {
            for (int j = 0; j < kWanted; ++j) {
                as_child(starts[s], 0, SYS_setreuid, wanted[i], wanted[j], 0);
                if (i < 3) as_child(starts[s], 1, SYS_setregid, wanted[i], wanted[j], 0);
            }
        }
        as_child(starts[s], 0, SYS_setresuid, -1, -1, -1);
        as_child(starts[s], 0, SYS_setresuid, 1000, -1, 0);
        as_child(starts[s], 0, SYS_setresuid, -1, 1002, -1);
        as_child(starts[s], 0, SYS_setresuid, 1002, 1001, 1000);
        as_child(starts[s], 0, SYS_setresuid, 7, 8, 9);
        as_child(starts[s], 1, SYS_setresgid, 7, 8, 9);
        as_child(starts[s], 1, SYS_setresgid, 1002, 1001, 1000);
    }
    gid_t groups[40];
    gid_t const some[] = {5, 3, 9};
    CHECK(setgroups(3, some) == 0);
    printf("groups: %d", getgroups(0, NULL));
    int const count = getgroups(40, groups);
    for (int i = 0; i < count; ++i) printf(" %d", (int)groups[i]);
    printf("\nroom for 2: %d %s\n", getgroups(2, groups), error_name(errno));
    printf("negative: %d %s\n", getgroups(-1, groups), error_name(errno));
    printf("too many: %ld %s\n", syscall(SYS_setgroups, 65537, groups), error_name(errno));
    printf("bad address: %ld %s\n", syscall(SYS_setgroups, 3, (void*)16), error_name(errno));
    int first = setfsuid(5), second = setfsuid(6), third = setfsuid(-1);
    printf("fsuid: %d %d %d\n", first, second, third);
    CHECK(setfsuid(0) == 6);
    CHECK(seteuid(1000) == 0);
    printf("as user: setgroups %ld %s\n", syscall(SYS_setgroups, 0, NULL), error_name(errno));
    first = setfsuid(5);
    second = setfsuid(0);
    third = setfsuid(-1);
    printf("fsuid: %d %d %d\n", first, second, third);
    return 0;
}
