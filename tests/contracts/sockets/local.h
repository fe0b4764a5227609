#pragma once

// Local sockets by name (unix(7)).
#include "tests/contracts/contract.h"

#include <stddef.h>
#include <sys/un.h>

// A name in the file system, or with a leading "@" an abstract one. The size that bind and connect
// take.
static socklen_t local_address(struct sockaddr_un* address, char const* name)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    size_t const size = strlen(name);
    require(size < sizeof address->sun_path, "a short name");
    memcpy(address->sun_path, name, size);
    if (name[0] != '@') return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size + 1);
    address->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
}

static int bind_to(int file, char const* name)
{
    struct sockaddr_un address;
    socklen_t const size = local_address(&address, name);
    return bind(file, (struct sockaddr*)&address, size);
}

static int connect_to(int file, char const* name)
{
    struct sockaddr_un address;
    socklen_t const size = local_address(&address, name);
    return connect(file, (struct sockaddr*)&address, size);
}

static int local_socket(int type)
{
    int const file = socket(AF_UNIX, type, 0);
    require(file >= 0, "socket");
    return file;
}

// A name as the kernel tells it: "@" for the zero of an abstract one.
static void show_name(char const* what, struct sockaddr_un const* address, socklen_t size)
{
    size_t const offset = offsetof(struct sockaddr_un, sun_path);
    if (size <= offset) {
        printf("%s: size %u, no name\n", what, (unsigned)size);
    } else {
        int const is_abstract = address->sun_path[0] == 0;
        printf("%s: size %u, %s%.*s\n",
               what,
               (unsigned)size,
               is_abstract ? "@" : "",
               (int)(size - offset - (is_abstract ? 1 : 0)),
               address->sun_path + is_abstract);
    }
    fflush(stdout);
}
