// getcwd(2): names of every length around the powers of two, a buffer that is one byte too short, and a name
// that is longer than a path may be (ENAMETOOLONG).
#include "tests/contracts/contract.h"

enum { room = 8192, name_limit = 200, steps = 24 };

static char buffer[room];

static long name_size(size_t size) { return syscall(SYS_getcwd, buffer, size); }

// One more folder, with a name of so many letters, and into it.
static void enter(size_t letters)
{
    char name[name_limit + 1];
    memset(name, 'a' + (int)(letters % 26), letters);
    name[letters] = 0;
    if (mkdir(name, 0777) != 0 || chdir(name) != 0) printf("no folder: %s\n", error_name(errno));
}

int main(void)
{
    long const start = name_size(room);
    printf("ends with zero %d\n", buffer[start - 1] == 0 && strlen(buffer) + 1 == (size_t)start);
    // Together up to 2 * (2 + ... + 17): past 128 and 256 bytes, by steps of a few.
    for (size_t letters = 1; letters <= 16; ++letters) {
        enter(letters);
        long const size = name_size(room);
        long const last = size - 2;
        printf("%zu: %ld %d", letters, size - start, strlen(buffer) + 1 == (size_t)size);
        printf(" %c%c", buffer[last], buffer[last - (long)letters]);
        printf(" exact %d", name_size((size_t)size) == size);
        long const short_one = name_size((size_t)size - 1);
        printf(" short %s\n", short_one < 0 ? error_name(errno) : "taken");
    }
    show_ok("nowhere", syscall(SYS_getcwd, (char*)8, (size_t)room));
    for (int step = 0; step < steps; ++step) enter(name_limit);
    show_ok("longer than a path may be", name_size(room));
    show_ok("nowhere, and too long", syscall(SYS_getcwd, (char*)8, (size_t)room));
    return 0;
}
