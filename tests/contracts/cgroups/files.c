// cgroups(7): the files that every cgroup has, the root fewer; their modes and what they say in an
// empty cgroup.
#include "tests/contracts/cgroups/support.h"

int main(void)
{
    begin_groups();
    char const* const names[] = {"cgroup.controllers",
                                 "cgroup.events",
                                 "cgroup.kill",
                                 "cgroup.max.depth",
                                 "cgroup.max.descendants",
                                 "cgroup.procs",
                                 "cgroup.stat",
                                 "cgroup.subtree_control",
                                 "cgroup.threads",
                                 "cpu.stat",
                                 "cgroup.type",
                                 "pids.max",
                                 "pids.current",
                                 "no.such.file"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; ++i) {
        char root[64];
        snprintf(root, sizeof root, "t/%s", names[i]);
        struct stat own, top;
        int const has_own = stat(in_own(names[i]), &own) == 0;
        int const has_top = stat(root, &top) == 0;
        printf("%s: %o, in the root %o",
               names[i],
               has_own ? own.st_mode : 0,
               has_top ? top.st_mode : 0);
        printf(", links %d, size %ld\n",
               has_own ? (int)own.st_nlink : 0,
               has_own ? (long)own.st_size : 0);
    }
    char const* const empty[] = {"cgroup.events",
                                 "cgroup.max.depth",
                                 "cgroup.max.descendants",
                                 "cgroup.procs",
                                 "cgroup.subtree_control",
                                 "cgroup.threads",
                                 "cgroup.type",
                                 "cgroup.kill"};
    for (unsigned i = 0; i < sizeof empty / sizeof empty[0]; ++i) get(empty[i]);
    // Every folder has them at once.
    require(mkdir(in_own("a"), 0755) == 0, "mkdir");
    get("a/cgroup.type");
    int found = 0;
    DIR* const folder = opendir(in_own("a"));
    require(folder != NULL, "opendir");
    for (struct dirent* entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        for (unsigned i = 0; i < 10; ++i) found += strcmp(entry->d_name, names[i]) == 0;
    }
    closedir(folder);
    show("of them are listed", found);
    return 0;
}
