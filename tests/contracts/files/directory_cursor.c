// getdents64(2), lseek(2): positions that were told lead back to where they were; records are whole; a buffer that is
// too small is EINVAL.
#include "tests/contracts/contract.h"

struct entry {
    uint64_t inode;
    int64_t next;
    uint16_t size;
    uint8_t type;
    char name[];
};

static char buffer[4096];

static long get(int file, size_t size) { return syscall(SYS_getdents64, file, buffer, size); }

int main(void)
{
    char names[32][16];
    int64_t next[32];
    int count = 0;
    require(mkdir("dir", 0755) == 0, "dir");
    for (int i = 0; i < 12; ++i) {
        char path[32];
        snprintf(path, sizeof path, "dir/name%d", i);
        make_file(path, "");
    }
    require(mkdir("dir/sub", 0755) == 0 && symlink("x", "dir/link") == 0, "more");
    int const directory = open("dir", O_RDONLY);
    show("too small", get(directory, 16));
    show("nothing", get(directory, 0));
    show("bad place", syscall(SYS_getdents64, directory, 8, 4096));
    int kinds[16] = {0};
    for (long size = 0; (size = get(directory, 64)) > 0;) {
        for (long at = 0; at < size;) {
            struct entry const* const entry = (struct entry const*)(buffer + at);
            require(count < 32 && entry->size % 8 == 0 && at + entry->size <= size, "record");
            strcpy(names[count], entry->name);
            next[count++] = entry->next;
            ++kinds[entry->type & 15];
            at += entry->size;
        }
    }
    show("entries", count);
    printf("directories %d files %d links %d\n", kinds[4], kinds[8], kinds[10]);
    show("at the end", get(directory, sizeof buffer));
    int same = 0;
    for (int i = 0; i + 1 < count; ++i) {
        require(lseek(directory, next[i], SEEK_SET) == next[i] && get(directory, 64) > 0, "seek");
        same += strcmp(((struct entry const*)buffer)->name, names[i + 1]) == 0;
    }
    show("positions that lead back", same);
    show("rewind", lseek(directory, 0, SEEK_SET));
    show("some", get(directory, sizeof buffer) > 0);
    printf("%s %s\n", names[0], names[1]);
    show("negative", lseek(directory, -1, SEEK_SET));
    show("bad whence", lseek(directory, 0, 9));
    show("of a file", get(open("dir/name1", O_RDONLY), sizeof buffer));
    show("of a place", get(open("dir", O_PATH), sizeof buffer));
    show("of a closed one", get(77, sizeof buffer));
    show("read", read(directory, buffer, 10));
    show("write", write(directory, buffer, 10));
    show("open for writing", open("dir", O_WRONLY));
    return 0;
}
