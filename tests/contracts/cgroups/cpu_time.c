// cpu.stat: CPU time stays where it was used, and counts in all cgroups around.
#include "tests/contracts/cgroups/support.h"

static long value_of(char const* name, char const* key)
{
    char const* const text = read_text(in_own(name));
    require(text != NULL, name);
    char const* const found = strstr(text, key);
    require(found != NULL && found[strlen(key)] == ' ', key);
    return strtol(found + strlen(key), NULL, 10);
}

static void burn_until(char const* name, long usec)
{
    while (value_of(name, "usage_usec") < usec) {
        for (int volatile i = 0; i < 100000; ++i) {
        }
    }
}

static void show_state(char const* name)
{
    long const usage = value_of(name, "usage_usec");
    long const parts = value_of(name, "user_usec") + value_of(name, "system_usec");
    printf("%s: used %d, sum of its parts %d\n", name, usage > 0, labs(parts - usage) <= 2);
}

int main(void)
{
    begin_groups();
    require(mkdir(in_own("a"), 0755) == 0 && mkdir(in_own("b"), 0755) == 0, "mkdir");
    require(mkdir(in_own("a/c"), 0755) == 0, "mkdir");
    show_state("a/cpu.stat");
    pid_t const child = fork_child();
    if (child == 0) {
        put("a/c/cgroup.procs", "0");
        burn_until("a/c/cpu.stat", 20000);
        put("b/cgroup.procs", "0");
        leave(0);
    }
    show_end("child", child);
    show_state("a/cpu.stat");
    show_state("a/c/cpu.stat");
    printf("all of it above: %d\n",
           value_of("a/cpu.stat", "usage_usec") >= value_of("a/c/cpu.stat", "usage_usec"));
    printf("at least: %d\n", value_of("a/c/cpu.stat", "usage_usec") >= 20000);
    printf("little in b: %d\n", value_of("b/cpu.stat", "usage_usec") < 20000);
    put("a/cpu.stat", "1");
    return 0;
}
