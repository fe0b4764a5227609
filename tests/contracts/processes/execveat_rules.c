// execveat(2): relative to a folder, the file itself with AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, and
// what is refused. A script needs a descriptor that is still open when its interpreter runs.
#include "tests/contracts/contract.h"

#define AT_EMPTY 0x1000

static int tell(int count, char** words)
{
    for (int i = 0; i < count; ++i) {
        // The number of a descriptor says nothing.
        int const is_file = strncmp(words[i], "/dev/fd/", 8) == 0;
        char const* const rest = is_file ? strchr(words[i] + 8, '/') : NULL;
        if (is_file)
            printf("  [/dev/fd/N%s]\n", rest != NULL ? rest : "");
        else
            printf("  [%s]\n", words[i]);
    }
    return 0;
}

static void run(char const* what, int folder, char const* path, int flags)
{
    char* const words[] = {"zeroth", "one", NULL};
    printf("%s\n", what);
    pid_t const child = fork_child();
    if (child == 0) {
        syscall(SYS_execveat, folder, path, words, words + 2, flags);
        show("execveat", -1);
        leave(1);
    }
    show_end("end", child);
}

int main(int count, char** words)
{
    if (count > 1) return tell(count, words);
    char self[256];
    ssize_t const size = readlink("/proc/self/exe", self, sizeof self - 1);
    require(size > 0, "readlink");
    self[size] = 0;
    require(mkdir("folder", 0755) == 0 && symlink(self, "folder/link") == 0, "link");
    char text[300];
    snprintf(text, sizeof text, "#!%s -x\n", self);
    make_file("folder/script", text);
    require(chmod("folder/script", 0755) == 0, "chmod");
    int const folder = open("folder", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const file = open(self, O_RDONLY | O_CLOEXEC);
    int const place = open(self, O_PATH | O_CLOEXEC);
    int const script = open("folder/script", O_RDONLY);
    int const closing = open("folder/script", O_RDONLY | O_CLOEXEC);
    int const link = open("folder/link", O_PATH | O_NOFOLLOW | O_CLOEXEC);
    run("absolute, folder unused", -1, self, 0);
    run("in a folder", folder, "link", 0);
    run("in the working folder", AT_FDCWD, "folder/link", 0);
    run("link not followed", folder, "link", AT_SYMLINK_NOFOLLOW);
    run("no link, not followed", AT_FDCWD, self, AT_SYMLINK_NOFOLLOW);
    run("the file itself", file, "", AT_EMPTY);
    run("the file by its place", place, "", AT_EMPTY);
    run("the link itself", link, "", AT_EMPTY | AT_SYMLINK_NOFOLLOW);
    run("no name without the flag", file, "", 0);
    run("the folder itself", folder, "", AT_EMPTY);
    run("the working folder itself", AT_FDCWD, "", AT_EMPTY);
    run("below a file", file, "x", 0);
    run("missing", folder, "missing", 0);
    run("closed folder", 99, "link", 0);
    run("unknown flag", folder, "link", 0x200);
    run("script in a folder that stays open", AT_FDCWD, "folder/script", 0);
    run("script itself", script, "", AT_EMPTY);
    run("script that is closed by exec", closing, "", AT_EMPTY);
    run("script below a folder that is closed", folder, "script", 0);
    return 0;
}
