// open(2) O_TMPFILE: a file without a name in a directory's file system; linkat(2) can give it one, unless it was
// opened with O_EXCL.
#include "tests/contracts/contract.h"
#include <dirent.h>

static int count_names(void)
{
    int count = 0;
    DIR* const here = opendir(".");
    while (readdir(here) != NULL) ++count;
    closedir(here);
    return count;
}

static long give_name(int file, char const* name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

int main(void)
{
    struct stat status;
    char text[8] = {0};
    umask(027);
    make_file("file", "");
    int const file = open(".", O_TMPFILE | O_RDWR, 0666);
    show_ok("open", file);
    fstat(file, &status);
    printf("mode %o links %u size %ld\n", status.st_mode, (unsigned)status.st_nlink, (long)status.st_size);
    show("names", count_names());
    show("write", write(file, "text", 4));
    show("flags", (fcntl(file, F_GETFL) & O_TMPFILE) != 0);
    show("give it a name", give_name(file, "name"));
    fstat(file, &status);
    show("links", status.st_nlink);
    show("read", read(open("name", O_RDONLY), text, sizeof text));
    show("another name", give_name(file, "name2"));
    show("a name that is there", give_name(file, "name2"));
    unlink("name");
    unlink("name2");
    show("gone for good", give_name(file, "name"));
    int const closed = open(".", O_TMPFILE | O_WRONLY | O_EXCL, 0600);
    show_ok("O_EXCL", closed);
    show("give it a name", give_name(closed, "name"));
    show("read only", open(".", O_TMPFILE | O_RDONLY, 0600));
    show("with O_CREAT", open(".", O_TMPFILE | O_RDWR | O_CREAT, 0600));
    show("at a file", open("file", O_TMPFILE | O_RDWR, 0600));
    show("nowhere", open("nowhere", O_TMPFILE | O_RDWR, 0600));
    show("without O_DIRECTORY", open(".", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600));
    show("in /proc", open("/proc", O_TMPFILE | O_RDWR, 0600));
    require(mkdir("dir", 0555) == 0 && setresuid(1000, 1000, 1000) == 0, "setresuid");
    show("without the right to write", open("dir", O_TMPFILE | O_RDWR, 0600));
    return 0;
}
