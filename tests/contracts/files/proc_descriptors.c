// proc(5) /proc/PID/fd: a link for each descriptor, with rights that say how it is open; its text for files, pipes, what
// was removed, what has no name.
#include "tests/contracts/contract.h"
#include <dirent.h>

static void show_text(char const* what, int file)
{
    char path[64], text[128] = {0};
    struct stat status;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    long const size = readlink(path, text, sizeof text - 1);
    if (size < 0) {
        show(what, -1);
        return;
    }
    // Inode numbers are nobody's business.
    char* const number = strstr(text, ":[");
    if (number != NULL) strcpy(number, ":[N]");
    require(lstat(path, &status) == 0, "lstat");
    printf("%s: %s mode %o\n", what, text, status.st_mode & 0777);
}

int main(void)
{
    int ends[2], pair[2];
    make_file("file", "");
    require(mkdir("dir", 0755) == 0 && pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "files");
    int const reader = open("file", O_RDONLY), writer = open("file", O_WRONLY), both = open("file", O_RDWR);
    show_text("reader", reader);
    show_text("writer", writer);
    show_text("both", both);
    show_text("directory", open("dir", O_RDONLY));
    show_text("place", open("dir", O_PATH));
    show_text("reading end", ends[0]);
    show_text("writing end", ends[1]);
    show_text("socket", pair[0]);
    show_text("event counter", (int)syscall(SYS_eventfd2, 0, 0));
    show_text("memory file", (int)syscall(SYS_memfd_create, "name", 0));
    show_text("closed", 77);
    rename("file", "dir/moved");
    show_text("moved", reader);
    unlink("dir/moved");
    show_text("removed", reader);
    show("chdir", chdir("/proc/self/fd"));
    DIR* const listing = opendir(".");
    int count = 0, highest = -1;
    for (struct dirent* entry; (entry = readdir(listing)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        ++count;
        if (atoi(entry->d_name) > highest) highest = atoi(entry->d_name);
    }
    show("all are listed", count == highest + 1);
    show("the listing itself", highest == dirfd(listing));
    show("create", open("99", O_RDWR | O_CREAT, 0600));
    show("unlink", unlink("0"));
    show("name that is no number", open("x", O_RDONLY));
    show("leading zero", open("00", O_PATH));
    return 0;
}
