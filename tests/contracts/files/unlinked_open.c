// unlink(2): a file without names lives as long as it is open or mapped; a new file of its name is another.
#include "tests/contracts/contract.h"

int main(void)
{
    char text[16] = {0};
    struct stat status, other;
    make_file("f", "0123456789");
    require(link("f", "g") == 0, "link");
    int const file = open("f", O_RDWR);
    char* const memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    show("unlink one", unlink("f"));
    fstat(file, &status);
    show("links", status.st_nlink);
    show("unlink the other", unlink("g"));
    fstat(file, &status);
    show("links", status.st_nlink);
    show("write", pwrite(file, "AB", 2, 0));
    show("grow", ftruncate(file, 20));
    show("chmod", fchmod(file, 0444));
    show("read", pread(file, text, 4, 0));
    printf("%s %.4s\n", text, memory);
    make_file("f", "new");
    stat("f", &other);
    show("another file", other.st_ino != status.st_ino && other.st_size == 3);
    show("still the old one", pread(file, text, 4, 0));
    printf("%s\n", text);
    snprintf(text, sizeof text, "%s", "");
    char path[64], target[64] = {0};
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    show("readlink", readlink(path, target, sizeof target - 1));
    printf("%s\n", target);
    show("stat through it", stat(path, &status));
    show("size", status.st_size);
    show("link through it", linkat(AT_FDCWD, path, AT_FDCWD, "again", AT_SYMLINK_FOLLOW));
    close(file);
    printf("mapped: %.4s\n", memory);
    show("closed and gone", stat(path, &status));
    show("unlink again", unlink("g"));
    pid_t const child = fork_child();
    if (child == 0) leave(memory[0] == 'A' ? 0 : 1);
    show_end("mapped in a child", child);
    return 0;
}
