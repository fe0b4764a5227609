// proc(5) /proc/PID/fd, open(2) O_PATH: opening the link of a descriptor opens the file again, with the
// rights that the file grants now and not those of the descriptor; O_PATH needs none.
#include "tests/contracts/contract.h"

static int reopen(int file, int flags)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return open(path, flags);
}

int main(void)
{
    char text[16] = {0};
    make_file("f", "text");
    int const place = open("f", O_PATH);
    int const again = reopen(place, O_RDWR);
    show_ok("opened through a place", again);
    show("write", write(again, "T", 1));
    int const reader = open("f", O_RDONLY);
    show("reader cannot write", write(reader, "x", 1));
    int const writer = reopen(reader, O_WRONLY);
    show("but its link can be opened so", write(writer, "Te", 2));
    show("with an offset of its own", lseek(reader, 0, SEEK_CUR));
    show("unlink", unlink("f"));
    int const removed = reopen(reader, O_RDWR);
    show_ok("removed file", removed);
    show("read", read(removed, text, sizeof text));
    printf("%s\n", text);
    show("O_NOFOLLOW", reopen(reader, O_RDONLY | O_NOFOLLOW));
    show("O_EXCL", reopen(reader, O_RDONLY | O_CREAT | O_EXCL));
    show("O_DIRECTORY", reopen(reader, O_RDONLY | O_DIRECTORY));
    require(mkdir("dir", 0) == 0, "mkdir");
    require(chown(".", 1000, 1000) == 0, "chown");
    make_file("secret", "s");
    require(chmod("secret", 0) == 0 && chown("secret", 1000, 1000) == 0, "secret");
    int const owned = open("secret", O_RDONLY);
    require(setresuid(1000, 1000, 1000) == 0, "setresuid");
    int const secret = open("secret", O_PATH);
    show_ok("place without any right", secret);
    show("opened through it", reopen(secret, O_RDONLY));
    show("descriptor of root reads", read(owned, text, 1));
    show("its link does not", reopen(owned, O_RDONLY));
    return 0;
}
