// statfs(2): the kinds of file systems, sizes that fit together, and the same by path and descriptor.
#include "tests/contracts/contract.h"
#include <sys/statfs.h>

static void show_system(char const* path)
{
    struct statfs by_path, by_descriptor;
    int const file = open(path, O_RDONLY);
    if (statfs(path, &by_path) != 0) {
        show(path, -1);
        return;
    }
    require(fstatfs(file, &by_descriptor) == 0, "fstatfs");
    printf("%s: type %lx block %ld name %ld", path, (long)by_path.f_type, (long)by_path.f_bsize, (long)by_path.f_namelen);
    printf(" fits %d same %d\n", by_path.f_bfree <= by_path.f_blocks && by_path.f_bavail <= by_path.f_bfree && by_path.f_ffree <= by_path.f_files,
           by_path.f_type == by_descriptor.f_type && by_path.f_blocks == by_descriptor.f_blocks);
    close(file);
}

int main(void)
{
    struct statfs before, after;
    int ends[2];
    make_file("f", "");
    require(pipe(ends) == 0, "pipe");
    show_system(".");
    show_system("f");
    show_system("/proc");
    show_system("/proc/self/status");
    show_system("nothing");
    show_system("f/x");
    show("fstatfs of a pipe", fstatfs(ends[0], &after));
    printf("type %lx\n", (long)after.f_type);
    show("of a place", fstatfs(open("f", O_PATH), &after));
    show("of a closed one", fstatfs(77, &after));
    show("bad place", fstatfs(ends[0], (void*)8));
    int const file = open("f", O_RDWR);
    statfs(".", &before);
    show("take a megabyte", fallocate(file, 0, 0, 1 << 20));
    statfs(".", &after);
    show("blocks gone", before.f_bfree - after.f_bfree);
    show("back", ftruncate(file, 0));
    statfs(".", &after);
    show("blocks gone", before.f_bfree - after.f_bfree);
    struct stat status;
    fstat(file, &status);
    show("block size of a file", status.st_blksize);
    return 0;
}
