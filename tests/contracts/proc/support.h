// Reading files of /proc as text.
#include "tests/contracts/contract.h"

// The whole file, or "" after saying what is wrong.
static char const* read_text(char const* path, char* text, size_t room)
{
    text[0] = 0;
    int const file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        printf("%s: %s\n", path, error_name(errno));
        return text;
    }
    size_t used = 0;
    ssize_t got = 0;
    while (used + 1 < room && (got = read(file, text + used, room - 1 - used)) > 0)
        used += (size_t)got;
    text[used] = 0;
    close(file);
    return text;
}

// The value of a line "NAME: N kB" below the line that begins with the address; -1 if there is
// none.
static long smaps_value(char const* text, void const* address, char const* name)
{
    char start[40];
    snprintf(start, sizeof start, "%08lx-", (unsigned long)address);
    char const* line = strstr(text, start);
    size_t const size = strlen(name);
    for (line = line ? strchr(line, '\n') : NULL; line; line = strchr(line, '\n')) {
        ++line;
        if (strncmp(line, name, size) == 0 && line[size] == ':') return atol(line + size + 1);
        // The next region begins with its address.
        if (*line >= '0' && *line <= '9') return -1;
        if (*line >= 'a' && *line <= 'f') return -1;
    }
    return -1;
}

// Writes a word to a file: 0 or the name of the error.
static void try_write(char const* what, char const* path, char const* text)
{
    int const file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) {
        printf("%s: open: %s\n", what, error_name(errno));
        return;
    }
    ssize_t const put = write(file, text, strlen(text));
    printf("%s: %s\n",
           what,
           put < 0                        ? error_name(errno)
           : put == (ssize_t)strlen(text) ? "taken"
                                          : "in part");
    close(file);
}

static void show_text(char const* what, char const* path)
{
    char text[256];
    read_text(path, text, sizeof text);
    printf("%s: %s", what, text);
}
