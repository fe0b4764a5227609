// open(2): O_DIRECTORY, O_NOFOLLOW, O_EXCL, O_CREAT, O_TRUNC and access modes, on each kind of file.
#include "tests/contracts/contract.h"

static void try(char const* path, char const* name, int flags)
{
    int const file = open(path, flags, 0600);
    char what[64];
    snprintf(what, sizeof what, "%s of %s", name, path);
    show_ok(what, file);
    if (file >= 0) close(file);
}

#define TRY(path, flags) try(path, #flags, flags)

int main(void)
{
    make_file("file", "text");
    require(mkdir("dir", 0755) == 0 && symlink("file", "link") == 0, "tree");
    require(symlink("dir", "dir_link") == 0 && symlink("nothing", "dangling") == 0, "links");
    require(mkfifo("fifo", 0600) == 0, "fifo");
    char const* const paths[] = {"file", "dir", "link", "dir_link", "dangling", "missing"};
    for (int i = 0; i < 6; ++i) {
        TRY(paths[i], O_RDONLY | O_DIRECTORY);
        TRY(paths[i], O_RDONLY | O_NOFOLLOW);
        TRY(paths[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        TRY(paths[i], O_RDWR);
        TRY(paths[i], O_RDONLY | O_TRUNC);
        TRY(paths[i], O_RDWR | O_CREAT | O_EXCL);
        unlink("missing");
        TRY(paths[i], O_RDWR | O_CREAT | O_NOFOLLOW);
        TRY(paths[i], O_RDONLY | O_CREAT | O_DIRECTORY);
        unlink("missing");
    }
    TRY("fifo", O_RDWR | O_TRUNC);
    TRY("fifo", O_RDONLY | O_DIRECTORY);
    TRY("dangling", O_WRONLY | O_CREAT);
    show("made by the link", access("nothing", F_OK));
    TRY("file", O_RDONLY | O_EXCL);
    TRY("missing/", O_RDWR | O_CREAT);
    TRY("dir/", O_RDONLY | O_CREAT);
    TRY("dir/.", O_RDONLY | O_CREAT);
    TRY("dir/..", O_RDONLY | O_CREAT | O_EXCL);
    TRY("file/", O_RDONLY);
    TRY("dir_link/", O_RDONLY | O_NOFOLLOW);
    TRY("", O_RDONLY);
    struct stat status;
    stat("file", &status);
    show("cut by O_RDONLY | O_TRUNC", status.st_size);
    return 0;
}
