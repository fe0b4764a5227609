// setgroups(2), NGROUPS_MAX: 65536 groups, handed out in order, searched for each access, shown in
// /proc/PID/status, inherited and limited.
#include "tests/contracts/contract.h"

enum { MOST = 65536 };
static gid_t given[MOST + 1], got[MOST + 1];

static void show_order(char const* what, int count)
{
    int sorted = 1;
    unsigned sum = 0;
    for (int i = 0; i < count; ++i) {
        if (i > 0 && got[i - 1] > got[i]) sorted = 0;
        sum = sum * 31 + got[i];
    }
    printf("%s: sorted %d sum %u\n", what, sorted, sum);
}

static void try_group(gid_t group)
{
    char what[64];
    require(chown("file", 0, group) == 0 && chmod("file", 0040) == 0, "group");
    pid_t const child = fork_child();
    if (child == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        snprintf(what, sizeof what, "file of group %u", group);
        show_ok(what, open("file", O_RDONLY));
        leave(0);
    }
    show_end("child", child);
}

static void show_line(void)
{
    FILE* const file = fopen("/proc/self/status", "r");
    require(file != NULL, "status");
    static char line[1 << 20];
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "Groups:", 7) != 0) continue;
        int words = 0;
        for (char* word = strtok(line + 7, " \t\n"); word != NULL; word = strtok(NULL, " \t\n"))
            ++words;
        printf("status names %d\n", words);
    }
    fclose(file);
}

int main(void)
{
    make_file("file", "x");
    unsigned value = 12345;
    for (int i = 0; i < MOST; ++i) {
        value = value * 1103515245 + 12345;
        given[i] = (value >> 4) | 1;
    }
    given[100] = 4000;
    given[65535] = 4294967294u;
    given[0] = 2;
    show("most", syscall(SYS_setgroups, MOST, given));
    show("how many", syscall(SYS_getgroups, 0, NULL));
    show("get", syscall(SYS_getgroups, MOST, got));
    show_order("order", MOST);
    show("one too few", syscall(SYS_getgroups, MOST - 1, got));
    show("more room", syscall(SYS_getgroups, MOST + 1, got));
    show("bad place", syscall(SYS_getgroups, MOST, 8));
    show_line();
    try_group(4000);
    try_group(4294967294u);
    try_group(2);
    try_group(4002);
    try_group(3);
    show("one more", syscall(SYS_setgroups, MOST + 1, given));
    given[70] = (gid_t)-1;
    show("-1 among them", syscall(SYS_setgroups, MOST, given));
    show("bad list", syscall(SYS_setgroups, MOST, 8));
    show("still", syscall(SYS_getgroups, 0, NULL));
    // Ascending and descending, and all the same.
    for (int i = 0; i < MOST; ++i) given[i] = (gid_t)i;
    show("ascending", syscall(SYS_setgroups, MOST, given));
    show("get", syscall(SYS_getgroups, MOST, got));
    show_order("ascending", MOST);
    for (int i = 0; i < MOST; ++i) given[i] = (gid_t)(MOST - i);
    show("descending", syscall(SYS_setgroups, MOST, given));
    show("get", syscall(SYS_getgroups, MOST, got));
    show_order("descending", MOST);
    for (int i = 0; i < 1000; ++i) given[i] = 7;
    show("the same", syscall(SYS_setgroups, 1000, given));
    show("get", syscall(SYS_getgroups, MOST, got));
    show_order("the same", 1000);
    show("one", syscall(SYS_setgroups, 1, given));
    show("how many", syscall(SYS_getgroups, 0, NULL));
    return 0;
}
