// readdir(3), POSIX: what is there all the time is listed once, whatever is added or removed meanwhile; rewinddir(3)
// sees what is there now.
#include "tests/contracts/contract.h"
#include <dirent.h>

static void path_of(char* path, char const* kind, int number) { sprintf(path, "dir/%s%d", kind, number); }

int main(void)
{
    char path[64];
    int seen[100] = {0};
    require(mkdir("dir", 0755) == 0, "dir");
    for (int i = 0; i < 100; ++i) {
        path_of(path, "old", i);
        make_file(path, "");
    }
    DIR* const directory = opendir("dir");
    int steps = 0, gone = 0;
    for (struct dirent* entry; (entry = readdir(directory)) != NULL; ++steps) {
        int number = 0;
        if (sscanf(entry->d_name, "old%d", &number) == 1) ++seen[number];
        // Odd ones go, whether they were listed or not; new ones come.
        if (steps < 50) {
            path_of(path, "old", 2 * steps + 1);
            gone += unlink(path) == 0;
            path_of(path, "new", steps);
            make_file(path, "");
            char target[64];
            path_of(target, "moved", steps);
            if (steps % 2 == 0) require(rename(path, target) == 0, "rename");
        }
        require(steps < 1000, "an end");
    }
    int once = 0, twice = 0;
    for (int i = 0; i < 100; ++i) {
        once += i % 2 == 0 && seen[i] == 1;
        twice += seen[i] > 1;
    }
    show("removed", gone);
    show("of those that stayed, listed once", once);
    show("listed twice", twice);
    rewinddir(directory);
    int count = 0;
    while (readdir(directory) != NULL) ++count;
    show("after rewinddir", count);
    rewinddir(directory);
    for (int i = 0; i < 50; ++i) {
        path_of(path, "old", 2 * i);
        unlink(path);
        path_of(path, i % 2 == 0 ? "moved" : "new", i);
        unlink(path);
    }
    count = 0;
    rewinddir(directory);
    while (readdir(directory) != NULL) ++count;
    show("when all are gone", count);
    show("rmdir", rmdir("dir"));
    rewinddir(directory);
    show("of a removed one", readdir(directory) != NULL);
    return 0;
}
