// readahead(2), posix_fadvise(2), sync_file_range(2), fsync(2): advice changes nothing, and its arguments are checked.
#include "tests/contracts/contract.h"

static long advise(int file, off_t offset, off_t length, int advice)
{
    return syscall(SYS_fadvise64, file, offset, length, advice);
}

static long sync_range(int file, off_t offset, off_t length, unsigned flags)
{
    return syscall(SYS_sync_file_range, file, offset, length, flags);
}

int main(void)
{
    int ends[2];
    make_file("f", "text");
    require(pipe(ends) == 0, "pipe");
    int const file = open("f", O_RDWR), directory = open(".", O_RDONLY);
    int const null = open("/dev/null", O_RDWR), writer = open("f", O_WRONLY);
    int const place = open("f", O_PATH);
    for (int advice = -1; advice <= 6; ++advice) show("advice", advise(file, 0, 0, advice));
    show("negative length", advise(file, 0, -1, 0));
    show("negative offset", advise(file, -1, 1, 0));
    show("of a pipe", advise(ends[0], 0, 0, 0));
    show("of a pipe, unknown", advise(ends[0], 0, 0, 9));
    show("of a directory", advise(directory, 0, 0, 3));
    show("of a device", advise(null, 0, 0, 3));
    show("of a place", advise(place, 0, 0, 3));
    show("of a closed one", advise(77, 0, 0, 3));
    show("readahead", readahead(file, 0, 4096));
    show("of a writer", readahead(writer, 0, 4096));
    show("of a directory", readahead(directory, 0, 4096));
    show("of a pipe", readahead(ends[0], 0, 4096));
    show("of a device", readahead(null, 0, 4096));
    show("of a closed one", readahead(77, 0, 4096));
    show("sync range", sync_range(file, 0, 0, 7));
    show("unknown flags", sync_range(file, 0, 0, 8));
    show("negative offset", sync_range(file, -1, 1, 0));
    show("negative length", sync_range(file, 1, -1, 0));
    show("overflow", sync_range(file, INT64_MAX, 2, 0));
    show("of a pipe", sync_range(ends[1], 0, 0, 0));
    show("of a directory", sync_range(directory, 0, 0, 0));
    show("of a device", sync_range(null, 0, 0, 0));
    show("fsync", fsync(file));
    show("of a directory", fsync(directory));
    show("of a pipe", fsync(ends[1]));
    show("of a device", fsync(null));
    show("of a place", fdatasync(place));
    show("of a reader", fdatasync(open("f", O_RDONLY)));
    show("syncfs", syncfs(file));
    show("of a place", syncfs(place));
    return 0;
}
