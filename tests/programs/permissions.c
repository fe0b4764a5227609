// Who may do what to which file: as root, as the owner, as a member of the group, as anybody.
#include "support.h"

#include <grp.h>

static char directory[] = "/tmp/rights.XXXXXX";

static void show(const char* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: ok\n", what);
}

static void show_mode(const char* name)
{
    struct stat about;
    CHECK(lstat(name, &about) == 0);
    printf("%s: %o %d %d\n", name, about.st_mode, about.st_uid, about.st_gid);
}

static void as_user(const char* what, uid_t uid, gid_t gid, gid_t extra, void (*body)(void))
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        gid_t const groups[1] = {extra};
        CHECK(setgroups(extra != 0, groups) == 0 && setgid(gid) == 0 && setuid(uid) == 0);
        printf("-- %s\n", what);
        body();
        fflush(stdout);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    if (status != 0) printf("%s\n", status_text(status));
}

static void make(const char* name, mode_t mode, uid_t uid, gid_t gid)
{
    int const file = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    CHECK(file >= 0);
    CHECK(fchown(file, uid, gid) == 0 && fchmod(file, mode) == 0);
    close(file);
}

static void make_directory(const char* name, mode_t mode, uid_t uid, gid_t gid)
{
    CHECK(mkdir(name, 0700) == 0 && chown(name, uid, gid) == 0 && chmod(name, mode) == 0);
}

static void opens(void)
{
    char const* const names[] = {"m600", "m060", "m006", "m444", "m000", "m777"};
    for (int i = 0; i < 6; ++i) {
        printf("%s:", names[i]);
        int const reads = open(names[i], O_RDONLY);
        int const writes = open(names[i], O_WRONLY);
        int const truncates = open(names[i], O_RDONLY | O_TRUNC);
        printf(" %s %s %s", reads < 0 ? "-" : "r", writes < 0 ? "-" : "w", truncates < 0 ? "-" : "t");
        printf(" access %d%d%d", access(names[i], R_OK) == 0, access(names[i], W_OK) == 0, access(names[i], X_OK) == 0);
        int const path = open(names[i], O_PATH);
        printf(" %s\n", path < 0 ? "-" : "p");
        close(reads);
        close(writes);
        close(truncates);
        close(path);
    }
}

static void changes(void)
{
    show("chmod other's", chmod("m777", 0700));
    show("chown other's", chown("m777", 1000, 1000));
    show("chmod own", chmod("own", 06755));
    show_mode("own");
    show("chown own away", chown("own", 2000, -1));
    show("chgrp to a group of mine", chown("own", -1, 3000));
    show_mode("own");
    show("chgrp to another", chown("own", -1, 4000));
    show("chown to same", chown("own", 1000, -1));
    show("chown nothing", chown("own", -1, -1));
    show("chown nothing, other's", chown("m777", -1, -1));
    show("setgid of a foreign group", chmod("foreign", 02755));
    show_mode("foreign");
    show("sticky on a file", chmod("own", 01644));
    show_mode("own");
    struct timespec when[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    show("touch writable", utimensat(AT_FDCWD, "m777", when, 0));
    show("touch readable", utimensat(AT_FDCWD, "m444", when, 0));
    show("touch null writable", utimensat(AT_FDCWD, "m777", NULL, 0));
    when[0].tv_nsec = 5;
    show("set time of other's", utimensat(AT_FDCWD, "m777", when, 0));
    show("set time of own", utimensat(AT_FDCWD, "own", when, 0));
    when[1].tv_nsec = UTIME_OMIT;
    show("set one of other's", utimensat(AT_FDCWD, "m777", when, 0));
    when[0].tv_nsec = UTIME_OMIT;
    show("omit both of other's", utimensat(AT_FDCWD, "m777", when, 0));
    show("link other's", link("m600", "open/linked"));
    show("mknod device", mknod("open/device", S_IFCHR | 0600, 0x103));
    show("mknod fifo", mknod("open/fifo", S_IFIFO | 0600, 0));
    show("unlink fifo", unlink("open/fifo"));
    show("chroot", chroot("open"));
    show("mount", syscall(SYS_mount, "none", "open", "tmpfs", 0, 0));
    // A write takes the set-uid bit away.
    show("chmod setuid", chmod("own", 06777));
    int const file = open("own", O_WRONLY);
    CHECK(write(file, "x", 1) == 1);
    close(file);
    show_mode("own");
    show("chmod setuid", chmod("own", 06777));
    show("truncate", truncate("own", 0));
    show_mode("own");
    show("chmod setgid only", chmod("own", 02767));
    show("truncate", truncate("own", 5));
    show_mode("own");
}

static void folders(void)
{
    show("create in closed", open("closed/new", O_CREAT | O_RDWR, 0600));
    show("stat below no search", access("nosearch/in", F_OK));
    show("open below no search", open("nosearch/in", O_RDONLY));
    show("list no search", open("nosearch", O_RDONLY));
    show("list search only", open("searchonly", O_RDONLY));
    show("open in search only", open("searchonly/in", O_RDONLY));
    show("unlink in closed", unlink("closed/in"));
    show("unlink in open", unlink("open/in"));
    show("chdir no search", chdir("nosearch"));
    show("unlink sticky other's", unlink("sticky/other"));
    show("rename sticky other's", rename("sticky/other", "sticky/new"));
    show("rename over sticky other's", rename("sticky/own", "sticky/other"));
    show("unlink sticky own", unlink("sticky/own"));
    show("rmdir sticky other's", rmdir("sticky/folder"));
    show("create sticky", close(open("sticky/made", O_CREAT | O_RDWR, 0666)));
    show_mode("sticky/made");
    show("unlink made", unlink("sticky/made"));
    show("create in setgid", close(open("setgid/made", O_CREAT | O_RDWR, 0666)));
    show_mode("setgid/made");
    show("setgid bit", close(open("setgid/bit", O_CREAT | O_RDWR, 02777)));
    show_mode("setgid/bit");
    show("mkdir in setgid", mkdir("setgid/folder", 0777));
    show_mode("setgid/folder");
    unlink("setgid/made");
    unlink("setgid/bit");
    rmdir("setgid/folder");
    umask(077);
    show("umask", close(open("open/masked", O_CREAT | O_RDWR, 0666)));
    show_mode("open/masked");
    show("mkdir", mkdir("open/folder", 01777));
    show_mode("open/folder");
    show("symlink", symlink("x", "open/link"));
    show_mode("open/link");
    umask(0);
    show("no mask", close(open("open/bits", O_CREAT | O_RDWR, 07777)));
    show_mode("open/bits");
    // What cannot be written can be created open.
    int const file = open("open/none", O_CREAT | O_RDWR | O_EXCL, 0);
    show("created", file);
    show("write", write(file, "x", 1));
    close(file);
    show("reopen", open("open/none", O_RDONLY));
    show("move folder of other's", rename("open/others", "open/moved"));
    show("move folder up", rename("open/others", "sticky/others"));
    unlink("open/masked");
    unlink("open/link");
    unlink("open/bits");
    unlink("open/none");
    rmdir("open/folder");
    if (access("open/moved", F_OK) == 0) rename("open/moved", "open/others");
}

static void execs(void)
{
    char* const arguments[] = {"x", NULL};
    char* const none[] = {NULL};
    show("exec 644", execve("m444", arguments, none));
    show("exec 000", execve("m000", arguments, none));
    show("exec directory", execve("open", arguments, none));
    show("exec no search", execve("nosearch/in", arguments, none));
}

static void identities(void)
{
    uid_t real, effective, saved;
    show("setuid root", setuid(0));
    show("seteuid", seteuid(2000));
    show("setresuid same", setresuid(-1, 1000, -1));
    show("setgid", setgid(0));
    show("setgroups", setgroups(0, NULL));
    getresuid(&real, &effective, &saved);
    printf("%d %d %d\n", real, effective, saved);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max = 100;
    show("lower", setrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_max = 101;
    show("raise", setrlimit(RLIMIT_NOFILE, &limit));
    show("hostname", sethostname("x", 1));
    show("kill init", kill(1, 0));
    show("nice", setpriority(PRIO_PROCESS, 0, -5));
}

static void root(void)
{
    opens();
    show("access x of 000", access("m000", X_OK));
    show("access x of 777", access("m777", X_OK));
    show("chown clears", chown("own", 1000, 1000));
    CHECK(chmod("own", 06755) == 0);
    show("chown clears", chown("own", 1000, 3000));
    show_mode("own");
    CHECK(chmod("own", 06745) == 0);
    show("chown clears", chown("own", 1000, 3000));
    show_mode("own");
    CHECK(chmod("open", 06777) == 0);
    show("chown keeps", chown("open", 0, 0));
    show_mode("open");
    CHECK(chmod("open", 0777) == 0);
    // Root with the file-system identity of a user.
    CHECK(seteuid(1000) == 0);
    show("as effective user", open("m600", O_RDONLY));
    show("access as real user", access("m600", R_OK));
    show("eaccess", faccessat(AT_FDCWD, "m600", R_OK, AT_EACCESS));
    CHECK(seteuid(0) == 0);
    show("again root", open("m600", O_RDONLY));
}

int main(void)
{
    umask(022);
    mkdir("/tmp", 01777);
    CHECK(mkdtemp(directory) != NULL && chmod(directory, 0755) == 0 && chdir(directory) == 0);
    make("m600", 0600, 2000, 3000);
    make("m060", 0060, 2000, 3000);
    make("m006", 0006, 2000, 3000);
    make("m444", 0444, 2000, 3000);
    make("m000", 0000, 2000, 3000);
    make("m777", 0777, 2000, 3000);
    make("own", 0644, 1000, 1000);
    make("foreign", 0644, 1000, 4000);
    make_directory("open", 0777, 0, 0);
    make_directory("closed", 0755, 0, 0);
    make_directory("nosearch", 0744, 0, 0);
    make_directory("searchonly", 0711, 0, 0);
    make_directory("sticky", 01777, 0, 0);
    make_directory("setgid", 02777, 0, 5000);
    make_directory("open/others", 0755, 2000, 2000);
    make_directory("sticky/folder", 0777, 2000, 2000);
    make("nosearch/in", 0644, 0, 0);
    make("searchonly/in", 0644, 0, 0);
    make("closed/in", 0666, 1000, 1000);
    make("open/in", 0600, 0, 0);
    make("sticky/other", 0666, 2000, 2000);
    make("sticky/own", 0600, 1000, 1000);
    as_user("root", 0, 0, 0, root);
    as_user("owner", 2000, 2000, 0, opens);
    as_user("group", 1000, 3000, 0, opens);
    as_user("extra group", 1000, 1000, 3000, opens);
    as_user("other", 1000, 1000, 0, opens);
    as_user("changes", 1000, 1000, 3000, changes);
    as_user("folders", 1000, 1000, 0, folders);
    as_user("execs", 1000, 1000, 0, execs);
    as_user("identities", 1000, 1000, 0, identities);
    char const* const files[] = {"m600", "m060", "m006", "m444", "m000", "m777", "own", "foreign", "nosearch/in",
                                 "searchonly/in", "closed/in", "open/in", "open/linked", "sticky/other", "sticky/own", "sticky/new"};
    char const* const folders_left[] = {"open/others", "sticky/folder", "open", "closed", "nosearch", "searchonly", "sticky", "setgid"};
    for (int i = 0; i < 16; ++i) unlink(files[i]);
    for (int i = 0; i < 8; ++i) show(folders_left[i], rmdir(folders_left[i]));
    CHECK(chdir("/") == 0);
    show("removed", rmdir(directory));
    return 0;
}
