// inode(7), POSIX 4.12 (file times update): which of the three times each operation moves. Times of the file are
// set far back first, and the change time is compared with what it was.
#include "tests/contracts/contract.h"

static struct timespec changed;

static int is_later(struct timespec left, struct timespec right)
{
    return left.tv_sec > right.tv_sec || (left.tv_sec == right.tv_sec && left.tv_nsec > right.tv_nsec);
}

// Until the clock of file times goes on: two changes are told apart.
static void wait_for_tick(void)
{
    struct stat first, now;
    require(mkdir("tick", 0700) == 0 && stat("tick", &first) == 0, "tick");
    do {
        require(chmod("tick", 0700) == 0 && stat("tick", &now) == 0, "tick");
    } while (!is_later(now.st_ctim, first.st_ctim));
    rmdir("tick");
}

static void set_back(char const* path)
{
    struct stat status;
    struct timespec const old[2] = {{1000, 0}, {2000, 0}};
    require(utimensat(AT_FDCWD, path, old, AT_SYMLINK_NOFOLLOW) == 0, path);
    require(lstat(path, &status) == 0, path);
    changed = status.st_ctim;
    wait_for_tick();
}

static void show_moved(char const* what, char const* path)
{
    struct stat status;
    require(lstat(path, &status) == 0, path);
    printf("%s:%s%s%s\n", what, status.st_atim.tv_sec != 1000 ? " access" : "",
           status.st_mtim.tv_sec != 2000 ? " modification" : "", is_later(status.st_ctim, changed) ? " change" : "");
    set_back(path);
}

int main(void)
{
    char text[8];
    make_file("f", "text");
    require(mkdir("dir", 0755) == 0 && symlink("f", "link") == 0, "tree");
    int const file = open("f", O_RDWR);
    set_back("f");
    read(file, text, 0);
    show_moved("read nothing", "f");
    read(file, text, 2);
    show_moved("read", "f");
    write(file, text, 0);
    show_moved("write nothing", "f");
    write(file, "x", 1);
    show_moved("write", "f");
    ftruncate(file, 10);
    show_moved("grow", "f");
    ftruncate(file, 10);
    show_moved("truncate to the same size", "f");
    truncate("f", 10);
    show_moved("truncate path to the same size", "f");
    close(open("f", O_WRONLY | O_TRUNC));
    show_moved("open with O_TRUNC", "f");
    close(open("f", O_WRONLY | O_TRUNC));
    show_moved("again", "f");
    chmod("f", 0600);
    show_moved("chmod", "f");
    chown("f", -1, -1);
    show_moved("chown to nobody", "f");
    link("f", "g");
    show_moved("link", "f");
    unlink("g");
    show_moved("unlink", "f");
    rename("f", "h");
    show_moved("rename", "h");
    stat("h", &(struct stat){0});
    access("h", R_OK);
    show_moved("stat", "h");
    set_back("dir");
    make_file("dir/in", "");
    show_moved("create inside", "dir");
    make_file("dir/in", "x");
    show_moved("write inside", "dir");
    link("dir/in", "dir/on");
    show_moved("link inside", "dir");
    rename("dir/on", "dir/in2");
    show_moved("rename inside", "dir");
    unlink("dir/in2");
    show_moved("unlink inside", "dir");
    close(open("dir", O_RDONLY));
    show_moved("open it", "dir");
    rename("dir", "dir2");
    show_moved("rename it", "dir2");
    set_back("link");
    readlink("link", text, sizeof text);
    show_moved("readlink", "link");
    return 0;
}
