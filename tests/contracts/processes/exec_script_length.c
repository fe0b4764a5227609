// execve(2), NOTES: the first line of a script counts up to 255 characters; an interpreter's name
// that does not end within them is refused, an argument is cut there (since Linux 5.1).
#include "tests/contracts/contract.h"

static int tell(int count, char** words)
{
    for (int i = 1; i < count; ++i) printf("  word of %zu\n", strlen(words[i]));
    return 0;
}

static void run(char const* what, char const* line, size_t size)
{
    int const file = open("script", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    require(file >= 0 && write(file, line, size) == (ssize_t)size, "script");
    close(file);
    printf("%s\n", what);
    pid_t const child = fork_child();
    if (child == 0) {
        execl("script", "script", NULL);
        show("execve", -1);
        leave(1);
    }
    show_end("end", child);
}

int main(int count, char** words)
{
    if (count > 1) return tell(count, words);
    char self[256];
    ssize_t const own = readlink("/proc/self/exe", self, sizeof self - 1);
    require(own > 0, "readlink");
    char line[600];
    memset(line, 'a', sizeof line);
    line[0] = '#';
    line[1] = '!';
    memcpy(line + 2, self, (size_t)own);
    line[2 + own] = ' ';
    line[254] = '\n';
    run("argument ends at 254", line, 255);
    line[254] = 'a';
    line[255] = '\n';
    run("argument ends at 255", line, 256);
    line[255] = 'a';
    line[256] = '\n';
    run("argument ends at 256", line, 257);
    run("argument without end", line, sizeof line);
    // A name of slashes that leads to this program.
    memset(line + 2, '/', 254 - (size_t)own);
    memcpy(line + 256 - (size_t)own, self, (size_t)own);
    line[256] = '\n';
    run("name ends at 256", line, 257);
    memmove(line + 2, line + 3, 254);
    line[255] = '\n';
    run("name ends at 255", line, 256);
    line[255] = ' ';
    run("name and a space", line, 256);
    run("name and the end of the file", line, 255);
    line[3] = 0;
    run("a zero in the name", line, 256);
    return 0;
}
