// prctl(2) PR_SET_NO_NEW_PRIVS: once set it stays, through fork and exec; set-id bits and file capabilities then give
// nothing.
#include "tests/contracts/credentials/capabilities.h"
#include <sys/auxv.h>

int main(int count, char** words)
{
    if (count > 1) {
        uid_t ids[3];
        gid_t groups[3];
        getresuid(&ids[0], &ids[1], &ids[2]);
        getresgid(&groups[0], &groups[1], &groups[2]);
        printf("%s: %u %u %u, %u %u %u, bit %d secure %lu\n", words[1], ids[0], ids[1], ids[2], groups[0], groups[1], groups[2],
               prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), getauxval(AT_SECURE));
        show_sets("  sets");
        return 0;
    }
    static char bytes[1 << 20];
    int const self = open("/proc/self/exe", O_RDONLY), copy = open("program", O_WRONLY | O_CREAT, 0755);
    ssize_t const size = read(self, bytes, sizeof bytes);
    require(size > 0 && write(copy, bytes, (size_t)size) == size && fchmod(copy, 06755) == 0, "copy");
    close(copy);
    show("at first", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    show("bad value", prctl(PR_SET_NO_NEW_PRIVS, 2, 0, 0, 0));
    show("zero", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    show("more arguments", prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
    show("asked with arguments", prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
    for (int with = 0; with < 2; ++with) {
        pid_t const child = fork_child();
        if (child == 0) {
            if (with == 1) show("set", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
            require(setresgid(1000, 1000, 1000) == 0 && setresuid(1000, 1000, 1000) == 0, "ids");
            execl("program", "program", with == 1 ? "with it" : "without", NULL);
            leave(1);
        }
        show_end("child", child);
    }
    show("set", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    show("not to be cleared", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    pid_t const child = fork_child();
    if (child == 0) {
        show("inherited", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
        execl("program", "program", "root", NULL);
        leave(1);
    }
    show_end("child", child);
    return 0;
}
