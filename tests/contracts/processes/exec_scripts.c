// execve(2), "Interpreter scripts": the words that the interpreter gets; spaces around its name; an
// argument is one word whatever is in it; interpreters may be scripts, up to five deep.
#include "tests/contracts/contract.h"

static int tell(int count, char** words)
{
    for (int i = 0; i < count; ++i) printf("  [%s]\n", words[i]);
    return 0;
}

static void script(char const* name, char const* text)
{
    make_file(name, text);
    require(chmod(name, 0755) == 0, name);
}

static void run(char const* name)
{
    printf("%s\n", name);
    pid_t const child = fork_child();
    if (child == 0) {
        execl(name, "zeroth", "one", "two words", NULL);
        show("execve", -1);
        leave(1);
    }
    show_end(name, child);
}

int main(int count, char** words)
{
    // As an interpreter it has other words than the driver gives it.
    if (count > 1) return tell(count, words);
    require(symlink("/proc/self/exe", "unused") == 0, "symlink");
    char self[256];
    ssize_t const size = readlink("/proc/self/exe", self, sizeof self - 1);
    require(size > 0, "readlink");
    self[size] = 0;
    char text[1024];
    snprintf(text, sizeof text, "#!%s\nrest\n", self);
    script("plain", text);
    run("plain");
    run("./plain");
    snprintf(text, sizeof text, "#! \t %s \t -x  y z \t \n", self);
    script("spaces", text);
    run("spaces");
    snprintf(text, sizeof text, "#!%s -no-end-of-line", self);
    script("no_end", text);
    run("no_end");
    snprintf(text, sizeof text, "#!%s \n", self);
    script("no_argument", text);
    run("no_argument");
    script("empty", "#!\n");
    run("empty");
    script("blank", "#!   \n");
    run("blank");
    script("missing", "#!/work/nowhere\n");
    run("missing");
    script("relative", "#!plain\n");
    run("relative");
    script("level2", "#!/work/plain 2\n");
    script("level3", "#!/work/level2 3\n");
    script("level4", "#!/work/level3 4\n");
    script("level5", "#!/work/level4 5\n");
    script("level6", "#!/work/level5 6\n");
    run("level4");
    run("level5");
    run("level6");
    script("itself", "#!/work/itself\n");
    run("itself");
    script("folder", "#!/work\n");
    run("folder");
    make_file("not_executable", "#!/work/plain\n");
    run("not_executable");
    script("interpreter_not_executable", "#!/work/not_executable\n");
    run("interpreter_not_executable");
    return 0;
}
