// Reading directories: many entries, entries that go and come meanwhile, positions, /proc/self/fd.
#include "support.h"

#include <dirent.h>

static char directory[] = "/tmp/folders.XXXXXX";
enum { kCount = 3000 };
static unsigned char seen[kCount];

static void show(const char* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %ld\n", what, result);
}

static const char* name_of(int number)
{
    static char name[32];
    snprintf(name, sizeof name, "entry-%d-of-many", number);
    return name;
}

static int count_entries(const char* path, int* dots)
{
    DIR* const folder = opendir(path);
    CHECK(folder != NULL);
    int count = 0;
    *dots = 0;
    for (struct dirent* entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            ++*dots;
            continue;
        }
        ++count;
    }
    closedir(folder);
    return count;
}

static void many(void)
{
    CHECK(mkdir("many", 0755) == 0 && chdir("many") == 0);
    for (int i = 0; i < kCount; ++i) close(open(name_of(i), O_CREAT | O_WRONLY, 0644));
    DIR* const folder = opendir(".");
    CHECK(folder != NULL);
    int strange = 0, count = 0;
    for (struct dirent* entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        int const number = atoi(entry->d_name + 6);
        strange += number < 0 || number >= kCount || seen[number]++ != 0 || entry->d_type != DT_REG;
        ++count;
    }
    printf("many %d, strange %d\n", count, strange);
    // Deleting each as it is read: none is skipped.
    rewinddir(folder);
    int removed = 0;
    for (struct dirent* entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        if (atoi(entry->d_name + 6) % 2 == 0) continue;
        CHECK(unlink(entry->d_name) == 0);
        ++removed;
    }
    closedir(folder);
    int dots;
    int const left = count_entries(".", &dots);
    printf("removed %d, left %d, dots %d\n", removed, left, dots);
    // What is there from start to end is seen exactly once, whatever else comes and goes.
    memset(seen, 0, sizeof seen);
    DIR* const again = opendir(".");
    int step = 0;
    strange = 0;
    for (struct dirent* entry; (entry = readdir(again)) != NULL;) {
        if (entry->d_name[0] == '.' || entry->d_name[0] == 'n') continue;
        ++seen[atoi(entry->d_name + 6)];
        if (++step % 10 == 0 && step < 3000) {
            char name[32];
            snprintf(name, sizeof name, "new-%d", step);
            close(open(name, O_CREAT | O_WRONLY, 0644));
        }
    }
    for (int i = 0; i < kCount; i += 2) strange += seen[i] != 1;
    printf("strange %d\n", strange);
    closedir(again);
    DIR* const last = opendir(".");
    for (struct dirent* entry; (entry = readdir(last)) != NULL;) {
        if (entry->d_name[0] != '.') unlink(entry->d_name);
    }
    closedir(last);
    printf("left %d\n", count_entries(".", &dots));
    CHECK(chdir("..") == 0);
    show("rmdir", rmdir("many"));
}

static void positions(void)
{
    CHECK(mkdir("small", 0755) == 0);
    close(open("small/a", O_CREAT | O_WRONLY, 0644));
    CHECK(mkdir("small/b", 0755) == 0 && symlink("x", "small/c") == 0 && mkfifo("small/d", 0600) == 0);
    DIR* const folder = opendir("small");
    char names[8][300];
    long places[8];
    int count = 0;
    for (struct dirent* entry; (entry = readdir(folder)) != NULL && count < 8; ++count) {
        snprintf(names[count], sizeof names[count], "%s %d", entry->d_name, entry->d_type);
        places[count] = telldir(folder);
    }
    printf("entries %d\n", count);
    int wrong = 0;
    for (int i = count - 2; i >= 0; --i) {
        seekdir(folder, places[i]);
        struct dirent* const entry = readdir(folder);
        char text[300];
        snprintf(text, sizeof text, "%s %d", entry->d_name, entry->d_type);
        wrong += strcmp(text, names[i + 1]) != 0;
    }
    printf("wrong %d\n", wrong);
    for (char letter = 'a'; letter <= 'd'; ++letter) {
        for (int i = 0; i < count; ++i) {
            if (names[i][0] == letter) puts(names[i]);
        }
    }
    closedir(folder);
    int const raw = open("small", O_RDONLY);
    char space[512];
    show("too small", syscall(SYS_getdents64, raw, space, 10));
    show("bad pointer", syscall(SYS_getdents64, raw, 8, 512));
    printf("all %d\n", syscall(SYS_getdents64, raw, space, 512) > 100);
    show("end", syscall(SYS_getdents64, raw, space, 512));
    show("rewind", lseek(raw, 0, SEEK_SET));
    printf("all %d\n", syscall(SYS_getdents64, raw, space, 512) > 100);
    lseek(raw, 0, SEEK_SET);
    show("read", read(raw, space, 10));
    show("write", write(raw, space, 10));
    show("pread", pread(raw, space, 10, 0));
    show("ftruncate", ftruncate(raw, 0));
    show("fsync", fsync(raw));
    int const file = open("small/a", O_RDONLY);
    show("of a file", syscall(SYS_getdents64, file, space, 512));
    int const path = open("small", O_PATH);
    show("of a path", syscall(SYS_getdents64, path, space, 512));
    // Removed while open.
    unlink("small/a");
    rmdir("small/b");
    unlink("small/c");
    unlink("small/d");
    show("rmdir", rmdir("small"));
    lseek(raw, 0, SEEK_SET);
    show("removed", syscall(SYS_getdents64, raw, space, 512));
    close(raw);
    close(file);
    close(path);
}

static void own_files(void)
{
    for (int i = 3; i < 64; ++i) close(i);
    int const file = open("/dev/null", O_RDONLY);
    int const high = dup2(file, 20);
    int ends[2];
    CHECK(pipe(ends) == 0);
    DIR* const folder = opendir("/proc/self/fd");
    CHECK(folder != NULL);
    int open_ones[64] = {0};
    for (struct dirent* entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') open_ones[atoi(entry->d_name) & 63] = 1;
    }
    for (int i = 3; i < 64; ++i) {
        if (open_ones[i]) printf("open %d\n", i);
    }
    char path[64], target[64] = {0};
    snprintf(path, sizeof path, "/proc/self/fd/%d", high);
    ssize_t const size = readlink(path, target, sizeof target - 1);
    printf("%zd %s\n", size, target);
    show("closed one", access("/proc/self/fd/50", F_OK));
    show("not a number", access("/proc/self/fd/x", F_OK));
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[1]);
    int const writer = open(path, O_WRONLY);
    CHECK(write(writer, "via", 3) == 3);
    char text[8] = {0};
    CHECK(read(ends[0], text, 7) == 3);
    puts(text);
    struct stat about;
    CHECK(lstat(path, &about) == 0);
    printf("%o\n", about.st_mode);
    closedir(folder);
}

int main(void)
{
    mkdir("/tmp", 01777);
    CHECK(mkdtemp(directory) != NULL && chdir(directory) == 0);
    many();
    positions();
    own_files();
    CHECK(chdir("/") == 0);
    show("removed", rmdir(directory));
    return 0;
}
