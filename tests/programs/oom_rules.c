// proc(5), oom_score_adj: a user may raise his own, and lower it down to what a privileged process set last; not another user's.
// Privileged is who has CAP_SYS_RESOURCE outside user namespaces, so this is no contract program.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(char const* what, long result) { printf("%s: %s\n", what, result >= 0 ? "taken" : strerror(errno)); }

static void try_write(char const* what, char const* path, char const* text)
{
    int const file = open(path, O_WRONLY | O_CLOEXEC);
    show(what, file < 0 ? -1 : write(file, text, strlen(text)));
    if (file >= 0) close(file);
}

static void show_text(char const* what, char const* path)
{
    char text[64] = "";
    int const file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || read(file, text, sizeof text - 1) < 0) strcpy(text, "unreadable\n");
    close(file);
    printf("%s: %s", what, text);
}

static char const* const kAdj = "/proc/self/oom_score_adj";

int main(void)
{
    char other[64];
    snprintf(other, sizeof other, "/proc/%d/oom_score_adj", getpid());
    try_write("privileged", kAdj, "-500");
    try_write("privileged, back", kAdj, "100");
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        int const file = open(kAdj, O_WRONLY);
        show("another user", setresgid(1, 1, 1) == 0 ? setresuid(1, 1, 1) : -1);
        // An open file asks who writes, not who opened it.
        show("lower, through an open file", write(file, "50", 2));
        show("higher, through an open file", write(file, "200", 3));
        show("back to the least", write(file, "100", 3));
        show("below the least", write(file, "99", 2));
        show_text("now", kAdj);
        try_write("another's", other, "500");
        show_text("another's", other);
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    try_write("never", kAdj, "-1000");
    show_text("score of what is never ended", "/proc/self/oom_score");
    show_text("older scale", "/proc/self/oom_adj");
    try_write("older scale", "/proc/self/oom_adj", "-16");
    show_text("newer scale", kAdj);
    show_text("parent", kAdj);
    return 0;
}
