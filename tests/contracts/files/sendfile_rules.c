// sendfile(2): from a file to anything that can be written, at the offset given or at the position.
#include "tests/contracts/contract.h"
#include <sys/sendfile.h>

int main(void)
{
    char text[64] = {0};
    make_file("source", "0123456789");
    int const source = open("source", O_RDONLY);
    int const target = open("target", O_RDWR | O_CREAT, 0600);
    int ends[2], pair[2];
    require(pipe2(ends, O_NONBLOCK) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "ends");
    off_t offset = 3;
    show("at an offset", sendfile(target, source, &offset, 4));
    show("offset after it", offset);
    show("position", lseek(source, 0, SEEK_CUR));
    show("at the position", sendfile(target, source, NULL, 100));
    show("position", lseek(source, 0, SEEK_CUR));
    show("at the end", sendfile(target, source, NULL, 100));
    show("read", pread(target, text, sizeof text - 1, 0));
    printf("%s\n", text);
    offset = 5;
    show("to a pipe", sendfile(ends[1], source, &offset, 2));
    show("read", read(ends[0], text, sizeof text));
    show("to a socket", sendfile(pair[0], source, &offset, 2));
    show("read", read(pair[1], text, sizeof text));
    show("to a device", sendfile(open("/dev/null", O_WRONLY), source, &offset, 1));
    show("nothing", sendfile(target, source, &offset, 0));
    offset = -1;
    show("negative offset", sendfile(target, source, &offset, 1));
    show("bad place", sendfile(target, source, (off_t*)8, 1));
    show("to a reader", sendfile(source, source, NULL, 1));
    show("from a writer", sendfile(target, open("source", O_WRONLY), NULL, 1));
    show("to append", sendfile(open("target", O_WRONLY | O_APPEND), source, NULL, 1));
    show("from a pipe at an offset", sendfile(target, ends[0], &offset, 1));
    show("from a directory", sendfile(target, open(".", O_RDONLY), NULL, 1));
    show("from a closed one", sendfile(target, 77, NULL, 1));
    char page[4096];
    while (write(ends[1], page, sizeof page) > 0) {
    }
    offset = 0;
    show("to a full pipe", sendfile(ends[1], source, &offset, 4));
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    show("to a broken pipe", sendfile(ends[1], source, &offset, 4));
    show("offset", offset);
    return 0;
}
