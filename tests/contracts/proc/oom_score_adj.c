// proc(5), oom_score_adj, oom_adj, oom_score: what is written is kept and inherited; what cannot be set (fs/proc/base.c). Nothing here
// needs privilege outside a user namespace: tests/programs/oom_rules.c has that.
#include "tests/contracts/proc/support.h"

static char const* const kAdj = "/proc/self/oom_score_adj";
static char const* const kOld = "/proc/self/oom_adj";

static void show_all(char const* what)
{
    char adj[32], old[32];
    read_text(kAdj, adj, sizeof adj);
    read_text(kOld, old, sizeof old);
    printf("%s: %d %d\n", what, atoi(adj), atoi(old));
}

int main(void)
{
    static char const* const numbers[] = {"300\n", " 17 \n", "0x10", "010", "+5", "1000", "1001", "-1001", "\n", "x", "1 2", "12x", "-", "99999999"};
    try_write("start", kAdj, "0");
    show_all("start");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
        char what[32];
        snprintf(what, sizeof what, "<%.*s>", (int)strcspn(numbers[i], "\n"), numbers[i]);
        try_write(what, kAdj, numbers[i]);
        show_all("now");
    }
    try_write("from the start", kAdj, "0");
    // Upwards, which everybody may.
    static char const* const older[] = {"0", "1", "8", "14", "15", "16", "-18", "q"};
    for (size_t i = 0; i < sizeof older / sizeof *older; ++i) {
        try_write(older[i], kOld, older[i]);
        show_all("now");
    }
    try_write("set", kAdj, "123");
    fflush(stdout);
    pid_t child = fork_child();
    if (child == 0) {
        show_all("child");
        try_write("child's own", kAdj, "321");
        show_all("child");
        leave(0);
    }
    show_end("child", child);
    show_all("parent");
    // More likely than everybody, and as it is.
    try_write("most", kAdj, "1000");
    char score[32];
    printf("score: %d\n", atoi(read_text("/proc/self/oom_score", score, sizeof score)) >= 1333);
    try_write("nothing", kAdj, "0");
    int const plain = atoi(read_text("/proc/self/oom_score", score, sizeof score));
    printf("score: %d\n", plain >= 666 && plain < 680);
    struct stat found;
    require(stat(kAdj, &found) == 0, "stat");
    printf("mode %o\n", found.st_mode & 07777);
    require(stat(kOld, &found) == 0, "stat");
    printf("mode %o\n", found.st_mode & 07777);
    return 0;
}
