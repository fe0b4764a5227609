// proc(5), /proc/PID/status: the capability sets, ids, groups and the no-new-privileges bit of a process.
#include "tests/contracts/credentials/capabilities.h"
#include <grp.h>

static void show_status(char const* what)
{
    static char const* const fields[] = {"Uid:", "Gid:", "Groups:", "CapInh:", "CapPrm:", "CapEff:", "CapAmb:", "NoNewPrivs:"};
    char line[256];
    FILE* const status = fopen("/proc/self/status", "r");
    printf("%s\n", what);
    while (fgets(line, sizeof line, status) != NULL) {
        for (int i = 0; i < 8; ++i) {
            if (strncmp(line, fields[i], strlen(fields[i])) == 0) printf("  %s", line);
        }
    }
    fclose(status);
    fflush(stdout);
}

int main(void)
{
    require(set_sets(all_capabilities, all_capabilities, 0) == 0, "capset");
    show_status("root");
    require(set_sets(BIT(CHOWN) | BIT(SETUID) | BIT(SETGID) | BIT(32), all_capabilities, BIT(KILL) | BIT(34)) == 0, "capset");
    require(prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0) == 0, "ambient");
    show_status("some");
    gid_t const groups[] = {7, 5};
    require(setgroups(2, groups) == 0 && setresgid(1, 2, 3) == 0 && setresuid(4, 5, 6) == 0, "ids");
    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "bit");
    show_status("nobody");
    return 0;
}
