// bind(2), unix(7): names in the file system and abstract ones, sizes of addresses, autobind; a
// name is used once; what is refused; the node has the umask's mode and outlives the socket.
#include "tests/contracts/sockets/local.h"

static void raw(char const* what, int file, void const* address, socklen_t size)
{
    show(what, bind(file, address, size));
}

int main(void)
{
    struct sockaddr_un address;
    socklen_t size = local_address(&address, "first");
    int const first = local_socket(SOCK_STREAM);
    show("bind", bind_to(first, "first"));
    show("bind again", bind_to(first, "second"));
    show("the name is taken", bind_to(local_socket(SOCK_STREAM), "first"));
    show("also for datagrams", bind_to(local_socket(SOCK_DGRAM), "first"));
    struct stat status;
    require(stat("first", &status) == 0, "stat");
    printf("node: type %o mode %o\n", status.st_mode & S_IFMT, status.st_mode & 0777);
    close(first);
    show("still taken", bind_to(local_socket(SOCK_STREAM), "first"));
    show("connect to it", connect_to(local_socket(SOCK_STREAM), "first"));
    show("open it", open("first", O_RDONLY));
    show("remove it", unlink("first"));
    int const second = local_socket(SOCK_STREAM);
    umask(0177);
    show("bind", bind_to(second, "first"));
    require(stat("first", &status) == 0, "stat");
    printf("node: mode %o\n", status.st_mode & 0777);
    show("no folder", bind_to(local_socket(SOCK_STREAM), "missing/name"));
    make_file("file", "x");
    show("a file is there", bind_to(local_socket(SOCK_STREAM), "file"));
    show("below a file", bind_to(local_socket(SOCK_STREAM), "file/name"));
    require(symlink("nowhere", "link") == 0, "symlink");
    show("a link that leads nowhere", bind_to(local_socket(SOCK_STREAM), "link"));
    int const third = local_socket(SOCK_STREAM);
    raw("size 0", third, &address, 0);
    raw("size 1", third, &address, 1);
    raw("size beyond", third, &address, sizeof address + 1);
    raw("negative size", third, &address, (socklen_t)-1);
    address.sun_family = AF_INET;
    raw("another family", third, &address, size);
    raw("a bad place", third, (void*)16, size);
    raw("no socket", 1, &address, size);
    raw("closed", 99, &address, size);
    // All of sun_path, without a zero at its end.
    memset(address.sun_path, 'n', sizeof address.sun_path);
    address.sun_family = AF_UNIX;
    raw("a name without a zero", third, &address, sizeof address);
    size = sizeof address;
    char told[200];
    require(getsockname(third, (struct sockaddr*)told, &size) == 0, "getsockname");
    show("its size with one", size);
    int const abstract = local_socket(SOCK_DGRAM);
    show("abstract", bind_to(abstract, "@name"));
    show("taken", bind_to(local_socket(SOCK_DGRAM), "@name"));
    show("taken by datagrams only", bind_to(local_socket(SOCK_STREAM), "@name"));
    show("another", bind_to(local_socket(SOCK_DGRAM), "@nam"));
    close(abstract);
    show("free again", bind_to(local_socket(SOCK_DGRAM), "@name"));
    int const automatic = local_socket(SOCK_DGRAM);
    address.sun_family = AF_UNIX;
    raw("automatic", automatic, &address, sizeof address.sun_family);
    size = sizeof address;
    require(getsockname(automatic, (struct sockaddr*)&address, &size) == 0, "getsockname");
    printf("size %u, zero %d, digits %d\n",
           size,
           address.sun_path[0] == 0,
           (int)strspn(address.sun_path + 1, "0123456789abcdef") >= 5);
    raw("automatic again", automatic, &address, sizeof address.sun_family);
    return 0;
}
