// cgroup.max.depth, cgroup.max.descendants: EAGAIN for mkdir(2) beyond them; cgroup.stat counts.
#include "tests/contracts/cgroups/support.h"

static void show_descendants(char const* name)
{
    char const* const text = read_text(in_own(name));
    require(text != NULL, name);
    printf("%s: %.*s\n", name, (int)strcspn(text, "\n"), text);
}

int main(void)
{
    begin_groups();
    char const* const names[] = {"cgroup.max.depth", "cgroup.max.descendants"};
    for (int i = 0; i < 2; ++i) {
        char const* const texts[] = {"3",
                                     "0x10",
                                     "010",
                                     " 7 \n",
                                     "-1",
                                     "x",
                                     "max",
                                     "2147483647",
                                     "2147483648",
                                     "99999999999999999999",
                                     "1 2",
                                     "+4",
                                     "maximum",
                                     "0"};
        for (unsigned k = 0; k < sizeof texts / sizeof texts[0]; ++k) {
            put(names[i], texts[k]);
            get(names[i]);
        }
        show("none", mkdir(in_own("a"), 0755));
        put(names[i], "max");
    }
    show_descendants("cgroup.stat");
    put("cgroup.max.depth", "2");
    show("a", mkdir(in_own("a"), 0755));
    show("a/b", mkdir(in_own("a/b"), 0755));
    show("a/b/c", mkdir(in_own("a/b/c"), 0755));
    show_descendants("cgroup.stat");
    show_descendants("a/cgroup.stat");
    put("cgroup.max.depth", "max");
    put("cgroup.max.descendants", "3");
    show("a/b/c", mkdir(in_own("a/b/c"), 0755));
    show("d", mkdir(in_own("d"), 0755));
    put("cgroup.max.descendants", "1");
    show_descendants("cgroup.stat");
    show("rmdir", rmdir(in_own("a/b/c")));
    show("e", mkdir(in_own("e"), 0755));
    show_descendants("cgroup.stat");
    return 0;
}
