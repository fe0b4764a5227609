// Files: how they open, grow, shrink, are found, renamed and removed.
#include "support.h"

#include <dirent.h>
#include <limits.h>
#include <sys/uio.h>

static char directory[] = "/tmp/files.XXXXXX";

static long show(const char* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %ld\n", what, result);
    return result;
}

static void say(const char* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: ok\n", what);
}

static int opened(const char* what, int descriptor)
{
    say(what, descriptor);
    if (descriptor >= 0) close(descriptor);
    return descriptor;
}

static int make(const char* name, const char* text)
{
    int const file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
    CHECK(file >= 0);
    CHECK(write(file, text, strlen(text)) == (ssize_t)strlen(text));
    return file;
}

static void opening(void)
{
    umask(022);
    close(make("f", "hello"));
    CHECK(mkdir("d", 0755) == 0);
    CHECK(symlink("f", "to_f") == 0 && symlink("nowhere", "dangling") == 0 && symlink("d", "to_d") == 0);
    CHECK(symlink("loop", "loop") == 0);
    opened("missing", open("missing", O_RDONLY));
    opened("excl", open("f", O_CREAT | O_EXCL | O_RDWR, 0600));
    opened("excl dangling", open("dangling", O_CREAT | O_EXCL | O_RDWR, 0600));
    opened("nofollow", open("to_f", O_RDONLY | O_NOFOLLOW));
    opened("nofollow path", open("to_f", O_PATH | O_NOFOLLOW));
    opened("nofollow in the middle", open("to_d/../f", O_RDONLY | O_NOFOLLOW));
    opened("directory of file", open("f", O_RDONLY | O_DIRECTORY));
    opened("directory of link", open("to_d", O_RDONLY | O_DIRECTORY));
    opened("directory, nofollow", open("to_d", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    opened("write directory", open("d", O_WRONLY));
    opened("rdwr directory", open("d", O_RDWR));
    opened("creat directory", open("d", O_RDONLY | O_CREAT, 0600));
    opened("creat new with slash", open("new/", O_RDONLY | O_CREAT, 0600));
    opened("creat file with slash", open("f/", O_RDONLY | O_CREAT, 0600));
    opened("creat directory flag", open("new", O_RDONLY | O_CREAT | O_DIRECTORY, 0600));
    opened("trunc directory", open("d", O_RDONLY | O_TRUNC));
    opened("slash behind file", open("f/", O_RDONLY));
    opened("below file", open("f/x", O_RDONLY));
    opened("dot behind file", open("f/.", O_RDONLY));
    opened("empty", open("", O_RDONLY));
    opened("loop", open("loop", O_RDONLY));
    opened("loop nofollow", open("loop", O_RDONLY | O_NOFOLLOW));
    opened("accmode 3", open("f", 3));
    opened("tmpfile of file", open("f", O_TMPFILE | O_RDWR, 0600));
    opened("tmpfile read only", open("d", O_TMPFILE | O_RDONLY, 0600));
    opened("through dangling", open("dangling", O_CREAT | O_RDWR, 0600));
    opened("now there", open("nowhere", O_RDONLY));
    CHECK(unlink("nowhere") == 0);
    opened("bad pointer", open((char*)8, O_RDONLY));
    char longest[300];
    memset(longest, 'x', sizeof longest);
    longest[255] = 0;
    opened("255", open(longest, O_CREAT | O_RDWR, 0600));
    say("unlink 255", unlink(longest));
    longest[255] = 'x';
    longest[256] = 0;
    opened("256", open(longest, O_CREAT | O_RDWR, 0600));
    static char path[5000];
    for (int i = 0; i < 4094; i += 2) memcpy(path + i, "./", 2);
    strcpy(path + 4094, "f");
    opened("4095", open(path, O_RDONLY));
    strcpy(path + 4094, "ff");
    opened("4096", open(path, O_RDONLY));
    // The flags that stay.
    int const file = open("f", O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK | O_TRUNC | O_CLOEXEC, 0600);
    printf("flags %o, fd %d\n", fcntl(file, F_GETFL) & ~0100000, fcntl(file, F_GETFD));
    show("setfl", fcntl(file, F_SETFL, O_WRONLY | O_CREAT));
    printf("flags %o\n", fcntl(file, F_GETFL) & ~0100000);
    close(file);
    int const path_only = open("f", O_PATH);
    char byte;
    show("path read", read(path_only, &byte, 1));
    show("path fchmod", fchmod(path_only, 0600));
    show("path ftruncate", ftruncate(path_only, 0));
    show("path lseek", lseek(path_only, 0, SEEK_SET));
    show("path dup", dup(path_only) >= 0 ? 0 : -1);
    struct stat about;
    show("path fstat", fstat(path_only, &about));
    printf("path flags %o\n", fcntl(path_only, F_GETFL));
    close(path_only);
    // Chains of links: 40 are followed.
    char name[16], target[16];
    CHECK(symlink("d", "l0") == 0);
    for (int i = 1; i <= 41; ++i) {
        snprintf(name, sizeof name, "l%d", i);
        snprintf(target, sizeof target, "l%d", i - 1);
        CHECK(symlink(target, name) == 0);
    }
    opened("chain of 40", open("l39", O_RDONLY));
    opened("chain of 41", open("l40", O_RDONLY));
    opened("chain of 42", open("l41", O_RDONLY));
    for (int i = 0; i <= 41; ++i) {
        snprintf(name, sizeof name, "l%d", i);
        unlink(name);
    }
    show("readlink", readlink("to_f", target, 16));
    show("readlink short", readlink("dangling", target, 3));
    show("readlink 0", readlink("to_f", target, 0));
    show("readlink file", readlink("f", target, 16));
    show("symlink empty", symlink("", "e"));
    show("symlink exists", symlink("x", "f"));
    memset(path, 'y', 4999);
    show("symlink long", symlink(path, "e"));
    unlink("loop");
}

static void contents(void)
{
    int const file = make("c", "0123456789");
    char text[64];
    show("append seek", lseek(file, 3, SEEK_SET));
    int const appender = open("c", O_WRONLY | O_APPEND);
    show("append", write(appender, "AB", 2));
    show("append at", lseek(appender, 0, SEEK_CUR));
    show("pwrite append", pwrite(appender, "CD", 2, 0));
    show("position", lseek(appender, 0, SEEK_CUR));
    memset(text, 0, sizeof text);
    show("all", pread(file, text, 63, 0));
    puts(text);
    show("read", read(file, text, 4));
    show("seek back", lseek(file, -100, SEEK_CUR));
    show("seek end", lseek(file, -2, SEEK_END));
    show("seek far", lseek(file, 1000, SEEK_END));
    show("read beyond", read(file, text, 4));
    show("seek bad", lseek(file, 0, 9));
    show("seek overflow", lseek(file, INT64_MAX, SEEK_END));
    show("data", lseek(file, 0, SEEK_DATA));
    show("hole", lseek(file, 0, SEEK_HOLE));
    show("data beyond", lseek(file, 100, SEEK_DATA));
    show("hole beyond", lseek(file, 100, SEEK_HOLE));
    show("data negative", lseek(file, -1, SEEK_DATA));
    show("pread negative", pread(file, text, 1, -1));
    show("pwrite negative", pwrite(file, text, 1, -1));
    show("read 0", read(file, text, 0));
    show("read 0 bad pointer", read(file, (void*)8, 0));
    show("write 0 bad pointer", write(file, (void*)8, 0));
    show("ftruncate negative", ftruncate(file, -1));
    show("truncate missing", truncate("missing", 0));
    show("truncate directory", truncate("d", 0));
    int const reader = open("c", O_RDONLY);
    show("ftruncate reader", ftruncate(reader, 0));
    show("write reader", write(reader, "x", 1));
    show("write reader 0", write(reader, "x", 0));
    show("read appender", read(appender, text, 1));
    show("pread bad pointer", pread(file, (void*)8, 4, 0));
    show("pwrite bad pointer", pwrite(file, (void*)8, 4, 0));
    show("read kernel pointer", pread(file, (void*)0xffff800000000000, 4, 0));
    // Cut and grown again: zeros.
    show("shrink", ftruncate(file, 5));
    show("grow", ftruncate(file, 9000));
    memset(text, 'x', sizeof text);
    show("tail", pread(file, text, 12, 0));
    for (int i = 0; i < 12; ++i) printf("%02x", (unsigned char)text[i]);
    puts("");
    struct stat about;
    CHECK(fstat(file, &about) == 0);
    printf("size %ld\n", (long)about.st_size);
    // Far away: sparse.
    int const sparse = open("s", O_RDWR | O_CREAT | O_TRUNC, 0600);
    show("far", pwrite(sparse, "end", 3, (off_t)1 << 33));
    show("before", pread(sparse, text, 8, ((off_t)1 << 33) - 4));
    for (int i = 0; i < 7; ++i) printf("%02x", (unsigned char)text[i]);
    puts("");
    show("sparse data", lseek(sparse, 0, SEEK_DATA));
    show("sparse hole", lseek(sparse, (off_t)1 << 33, SEEK_HOLE));
    show("first hole", lseek(sparse, 0, SEEK_HOLE));
    show("cut", ftruncate(sparse, 10));
    show("none left", lseek(sparse, 0, SEEK_DATA));
    // Vectors.
    struct iovec parts[3] = {{"abc", 3}, {NULL, 0}, {"defg", 4}};
    show("writev", pwritev(sparse, parts, 3, 2));
    show("writev none", writev(sparse, parts, 0));
    show("writev -1", writev(sparse, parts, -1));
    show("writev 1025", writev(sparse, parts, 1025));
    parts[1].iov_len = (size_t)-1;
    show("writev huge", writev(sparse, parts, 3));
    parts[1] = (struct iovec){(void*)8, 4};
    show("writev bad middle", pwritev(sparse, parts, 3, 0));
    char left[4] = {0}, right[8] = {0};
    struct iovec into[2] = {{left, 3}, {right, 7}};
    show("readv", preadv(sparse, into, 2, 2));
    printf("%s\n", left);
    struct rlimit const limit = {1000, 1000};
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit old;
    getrlimit(RLIMIT_FSIZE, &old);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_FSIZE, &limit);
        static char many[2000];
        show("limited", pwrite(sparse, many, 2000, 0));
        show("limited more", pwrite(sparse, many, 1, 1000));
        show("limited truncate", ftruncate(sparse, 1001));
        show("limited to", ftruncate(sparse, 1000));
        fflush(stdout);
        signal(SIGXFSZ, SIG_DFL);
        pwrite(sparse, many, 1, 1000);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    puts(status_text(status));
    close(sparse);
    close(file);
    close(reader);
    close(appender);
    unlink("s");
}

static void names(void)
{
    struct stat about;
    int const file = make("a", "aaa");
    CHECK(link("a", "b") == 0);
    CHECK(fstat(file, &about) == 0);
    printf("links %ld\n", (long)about.st_nlink);
    show("link exists", link("a", "b"));
    show("link directory", link("d", "e"));
    show("link missing", link("missing", "e"));
    show("link to dangling", link("a", "dangling"));
    show("link slash", link("a", "e/"));
    show("rename same file", rename("a", "b"));
    show("both there", access("a", F_OK) + access("b", F_OK));
    show("unlink", unlink("a"));
    CHECK(fstat(file, &about) == 0);
    printf("links %ld\n", (long)about.st_nlink);
    show("unlink b", unlink("b"));
    CHECK(fstat(file, &about) == 0);
    printf("links %ld size %ld\n", (long)about.st_nlink, (long)about.st_size);
    show("write on", pwrite(file, "more", 4, 3));
    char text[8] = {0};
    show("read on", pread(file, text, 7, 0));
    puts(text);
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", file);
    int const again = open(self, O_RDONLY);
    say("reopened", again);
    close(again);
    show("link back", linkat(AT_FDCWD, self, AT_FDCWD, "back", AT_SYMLINK_FOLLOW));
    close(file);
    close(make("x", "x"));
    int const over = make("y", "yyy");
    show("rename over open", rename("x", "y"));
    CHECK(fstat(over, &about) == 0);
    printf("old links %ld size %ld\n", (long)about.st_nlink, (long)about.st_size);
    close(over);
    CHECK(mkdir("d/sub", 0755) == 0 && mkdir("e", 0755) == 0);
    show("file over directory", rename("y", "d"));
    show("directory over file", rename("e", "y"));
    show("over full", rename("e", "d"));
    show("into itself", rename("d", "d/sub/x"));
    show("over parent", rename("d/sub", "d"));
    show("over empty", rename("d", "e"));
    show("moved", access("e/sub", F_OK));
    show("back", rename("e", "d"));
    show("dot", rename("d/.", "z"));
    show("to dot", rename("d", "."));
    show("dotdot", rename("d/..", "z"));
    show("missing", rename("missing", "z"));
    show("to missing", rename("y", "missing/z"));
    show("file slash", rename("y/", "z"));
    show("file to slash", rename("y", "z/"));
    show("directory to slash", rename("d", "z/"));
    show("and back", rename("z/", "d"));
    show("link slash", rename("to_d/", "z"));
    show("link itself", rename("to_d", "z"));
    show("is link", readlink("z", text, 8));
    show("to_d back", rename("z", "to_d"));
    long const noreplace = syscall(SYS_renameat2, AT_FDCWD, "y", AT_FDCWD, "f", 1);
    show("noreplace", noreplace);
    long const exchange = syscall(SYS_renameat2, AT_FDCWD, "y", AT_FDCWD, "d", 2);
    show("exchange", exchange);
    show("now directory", access("y/sub", F_OK));
    show("exchange back", syscall(SYS_renameat2, AT_FDCWD, "y", AT_FDCWD, "d", 2));
    show("exchange missing", syscall(SYS_renameat2, AT_FDCWD, "y", AT_FDCWD, "missing", 2));
    show("both flags", syscall(SYS_renameat2, AT_FDCWD, "y", AT_FDCWD, "d", 3));
    show("bad flags", syscall(SYS_renameat2, AT_FDCWD, "y", AT_FDCWD, "d", 64));
    show("unlink directory", unlink("d"));
    show("rmdir file", rmdir("y"));
    show("rmdir full", rmdir("d"));
    show("rmdir dot", rmdir("d/sub/."));
    show("rmdir dotdot", rmdir("d/sub/.."));
    show("rmdir link", rmdir("to_d"));
    show("rmdir link slash", rmdir("to_d/"));
    show("unlink slash", unlink("y/"));
    show("unlink link slash", unlink("to_d/"));
    show("unlink dot", unlink("."));
    show("rmdir root", rmdir("/"));
    show("unlinkat bad", unlinkat(AT_FDCWD, "y", 1));
    show("mkdir exists", mkdir("d", 0755));
    show("mkdir file", mkdir("y", 0755));
    show("mkdir dangling", mkdir("dangling", 0755));
    show("mkdir slash", mkdir("w/", 0755));
    show("mkdir dot", mkdir("d/.", 0755));
    show("mkdir below", mkdir("d/n/m", 0755));
    show("mkdir root", mkdir("/", 0755));
    CHECK(stat("d", &about) == 0);
    printf("links of d %ld\n", (long)about.st_nlink);
    // The current directory is removed.
    CHECK(chdir("w") == 0);
    CHECK(rmdir("../w") == 0);
    show("create in nothing", open("q", O_CREAT | O_RDWR, 0600));
    show("mkdir in nothing", mkdir("q", 0700));
    show("dot in nothing", access(".", F_OK));
    show("dotdot of nothing", access("..", F_OK));
    char where[PATH_MAX];
    printf("getcwd: %s\n", getcwd(where, sizeof where) == NULL ? error_name(errno) : where);
    CHECK(stat(".", &about) == 0);
    printf("links %ld\n", (long)about.st_nlink);
    CHECK(chdir(directory) == 0);
    show("mknod file", mknod("n", S_IFREG | 0600, 0));
    show("mknod exists", mknod("n", S_IFREG | 0600, 0));
    show("mknod directory", mknod("nd", S_IFDIR | 0600, 0));
    show("mknod bad", mknod("nd", 0170000, 0));
    unlink("n");
}

static void shared_offsets(void)
{
    int const file = make("o", "abcdefghij");
    lseek(file, 0, SEEK_SET);
    int const twin = dup(file), own = open("o", O_RDONLY);
    char text[8] = {0};
    CHECK(read(file, text, 2) == 2);
    show("twin", lseek(twin, 0, SEEK_CUR));
    show("own", lseek(own, 0, SEEK_CUR));
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        CHECK(read(file, text, 3) == 3);
        fcntl(file, F_SETFL, O_APPEND);
        fcntl(file, F_SETFD, FD_CLOEXEC);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    show("after the child", lseek(file, 0, SEEK_CUR));
    printf("append %d, cloexec %d\n", (fcntl(twin, F_GETFL) & O_APPEND) != 0, fcntl(file, F_GETFD));
    show("dup3 same", dup3(file, file, 0));
    show("dup2 same", dup2(file, file) - file);
    show("dup2 same closed", dup2(60, 60));
    show("dup3 flags", dup3(file, 61, O_APPEND));
    int const third = dup3(file, 62, O_CLOEXEC);
    show("dup3", third);
    printf("cloexec %d\n", fcntl(62, F_GETFD));
    show("dupfd cloexec", fcntl(file, F_DUPFD_CLOEXEC, 70));
    printf("cloexec %d\n", fcntl(70, F_GETFD));
    show("bad command", fcntl(file, 9999));
    close(70);
    close(62);
    // Two appenders never lose a line.
    close(make("log", ""));
    fflush(stdout);
    for (int i = 0; i < 2; ++i) {
        if (fork() != 0) continue;
        int const log = open("log", O_WRONLY | O_APPEND);
        for (int k = 0; k < 200; ++k) CHECK(write(log, i == 0 ? "one\n" : "two\n", 4) == 4);
        _exit(0);
    }
    while (wait(NULL) > 0) {}
    struct stat about;
    CHECK(stat("log", &about) == 0);
    printf("log %ld\n", (long)about.st_size);
    unlink("log");
    close(file);
    close(twin);
    close(own);
}

static void at_calls(void)
{
    int const here = open(".", O_RDONLY | O_DIRECTORY), file = open("f", O_RDONLY), path = open("d", O_PATH);
    struct stat about;
    show("fstatat", fstatat(here, "f", &about, 0));
    show("below a file", fstatat(file, "f", &about, 0));
    show("absolute below a file", fstatat(file, "/", &about, 0));
    show("absolute, bad", fstatat(99, "/", &about, 0));
    show("bad", fstatat(99, "f", &about, 0));
    show("empty", fstatat(here, "", &about, 0));
    show("empty allowed", fstatat(file, "", &about, AT_EMPTY_PATH));
    show("bad flag", fstatat(here, "f", &about, 0x40000));
    show("path", fstatat(path, "sub", &about, 0));
    opened("openat path", openat(path, "sub", O_RDONLY));
    show("fchdir path", fchdir(path));
    show("fchdir", fchdir(here));
    show("fchdir file", fchdir(file));
    show("faccessat", faccessat(here, "f", X_OK, 0));
    show("faccessat bad", faccessat(here, "f", 8, 0));
    show("mkdirat", mkdirat(path, "made", 0700));
    show("unlinkat", unlinkat(path, "made", AT_REMOVEDIR));
    show("symlinkat", symlinkat("x", path, "sl"));
    show("fstatat link", fstatat(path, "sl", &about, AT_SYMLINK_NOFOLLOW));
    printf("%d size %ld\n", S_ISLNK(about.st_mode), (long)about.st_size);
    show("fchmodat link", fchmodat(path, "sl", 0600, AT_SYMLINK_NOFOLLOW));
    show("unlinkat link", unlinkat(path, "sl", 0));
    close(here);
    close(file);
    close(path);
}

static void times(void)
{
    struct timespec when[2] = {{1000, 5}, {2000, 6}};
    struct stat about;
    show("set", utimensat(AT_FDCWD, "f", when, 0));
    CHECK(stat("f", &about) == 0);
    printf("%ld.%ld %ld.%ld\n", (long)about.st_atim.tv_sec, about.st_atim.tv_nsec, (long)about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
    when[0].tv_nsec = UTIME_OMIT;
    when[1] = (struct timespec){3000, 7};
    show("omit", utimensat(AT_FDCWD, "f", when, 0));
    CHECK(stat("f", &about) == 0);
    printf("%ld.%ld %ld.%ld\n", (long)about.st_atim.tv_sec, about.st_atim.tv_nsec, (long)about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
    when[1].tv_nsec = UTIME_NOW;
    show("now", utimensat(AT_FDCWD, "f", when, 0));
    CHECK(stat("f", &about) == 0);
    printf("%ld %d\n", (long)about.st_atim.tv_sec, about.st_mtim.tv_sec > 100000);
    when[1].tv_nsec = 1000000000;
    show("bad", utimensat(AT_FDCWD, "f", when, 0));
    when[0].tv_nsec = when[1].tv_nsec = UTIME_OMIT;
    show("omit both, missing", utimensat(AT_FDCWD, "missing", when, 0));
    show("null path", syscall(SYS_utimensat, AT_FDCWD, NULL, NULL, 0));
    when[0] = when[1] = (struct timespec){-5, 3};
    show("before 1970", utimensat(AT_FDCWD, "f", when, 0));
    CHECK(stat("f", &about) == 0);
    printf("%ld.%ld\n", (long)about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
    int const file = open("f", O_RDONLY);
    when[0] = when[1] = (struct timespec){77, 0};
    show("futimens", futimens(file, when));
    close(file);
    show("of a link", utimensat(AT_FDCWD, "to_f", when, AT_SYMLINK_NOFOLLOW));
    CHECK(lstat("to_f", &about) == 0);
    printf("%ld\n", (long)about.st_mtim.tv_sec);
}

int main(void)
{
    mkdir("/tmp", 01777);
    CHECK(mkdtemp(directory) != NULL && chdir(directory) == 0);
    opening();
    contents();
    names();
    shared_offsets();
    at_calls();
    times();
    rmdir("d/sub");
    rmdir("d");
    char const* const left[] = {"f", "to_f", "dangling", "to_d", "c", "y", "o", "back"};
    for (int i = 0; i < 8; ++i) unlink(left[i]);
    CHECK(chdir("/") == 0);
    show("removed", rmdir(directory));
    return 0;
}
