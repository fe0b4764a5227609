// The folder that the suite works in: /tmp/suite.N, the first N from the process id on that is
// free.
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { folder_size = 40, name_size = 40, path_count = 6 };

static char folder[folder_size];

bool make_scratch(char const** reason)
{
    uint64_t const first = (uint64_t)getpid();
    for (uint64_t number = first; number < first + 1000; ++number) {
        put_number(put_text(folder, "/tmp/suite."), number);
        if (mkdir(folder, 0700) == 0) return true;
        if (errno != EEXIST) break;
    }
    folder[0] = 0;
    *reason = "no folder can be made in /tmp";
    return false;
}

void remove_scratch(void)
{
    if (folder[0] != 0) rmdir(folder);
}

char const* scratch(char const* name)
{
    static char paths[path_count][folder_size + name_size];
    static unsigned next;
    char* const path = paths[next];
    next = (next + 1) % path_count;
    size_t const length = strlen(name);
    char* const end = put_text(put_text(path, folder), "/");
    memcpy(end, name, (length < name_size ? length : name_size - 1) + 1);
    return path;
}

bool write_scratch(struct run* run, char const* name, char const* content, size_t size)
{
    char const* const path = scratch(name);
    int const file = open_file(run, path, O_WRONLY | O_CREAT | O_TRUNC);
    if (file < 0) return false;
    ssize_t const written = write(file, content, size);
    if (written < 0)
        fail(run, path);
    else if ((size_t)written != size)
        fail_because(run, "/tmp is full");
    close(file);
    return !has_failed(run);
}
