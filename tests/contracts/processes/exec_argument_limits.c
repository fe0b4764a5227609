// execve(2), "Limits on size of arguments and environment": one string up to 128 KiB with its end,
// all of them a quarter of the stack's limit; without words the program gets an empty one.
#include "tests/contracts/contract.h"

#include <sys/resource.h>

enum { kLongest = 131072 };

static char text[kLongest + 2];

static void run(char const* what, char* const* words, char* const* environment)
{
    pid_t const child = fork_child();
    if (child == 0) {
        syscall(SYS_execve, "/proc/self/exe", words, environment);
        show(what, -1);
        leave(1);
    }
    show_end(what, child);
}

static void run_many(char const* what, int count, size_t size)
{
    char** const words = calloc((size_t)count + 2, sizeof *words);
    require(words != NULL, "calloc");
    memset(text, 'a', size);
    text[size] = 0;
    words[0] = "many";
    for (int i = 0; i < count; ++i) words[1 + i] = text;
    run(what, words, words + count + 1);
    free(words);
}

int main(int count, char** words)
{
    if (count == 1 && words[0][0] == 0) return 17;
    if (count > 1 || strcmp(words[0], "alone") == 0)
        return count == 2 ? (int)strlen(words[1]) & 63 : 2;
    char* const nothing[] = {NULL};
    run("no words", nothing, nothing);
    run("no array", NULL, nothing);
    run("no arrays", NULL, NULL);
    memset(text, 'a', sizeof text - 1);
    text[kLongest - 1] = 0;
    char* const longest[] = {"alone", text, NULL};
    run("longest string", longest, nothing);
    char* const environment[] = {text, NULL};
    run("longest in the environment", longest + 2, environment);
    text[kLongest - 1] = 'a';
    text[kLongest] = 0;
    run("one byte more", longest, nothing);
    run("one byte more in the environment", longest + 2, environment);
    struct rlimit limit = {1 << 20, RLIM_INFINITY};
    require(setrlimit(RLIMIT_STACK, &limit) == 0, "setrlimit");
    // A quarter of the limit, and pointers count.
    run_many("most of a quarter", 2, 120000);
    run_many("more than a quarter", 3, 120000);
    run_many("pointers of many short ones", 20000, 1);
    run_many("pointers of more short ones", 30000, 1);
    // 128 KiB are granted whatever the limit (fs/exec.c, bprm_stack_limits).
    limit.rlim_cur = 65536;
    require(setrlimit(RLIMIT_STACK, &limit) == 0, "setrlimit");
    run_many("little stack, many strings", 10, 12000);
    run_many("little stack, more strings", 11, 12000);
    return 0;
}
