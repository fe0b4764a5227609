// capabilities(7), path_resolution(7): what each of the file capabilities allows to somebody who is not root, and what
// root cannot do without them.
#include "tests/contracts/credentials/capabilities.h"

static void become(uint64_t set)
{
    require(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && setresgid(1000, 1000, 1000) == 0 && setresuid(1000, 1000, 1000) == 0, "ids");
    require(set_sets(set, set, 0) == 0, "capset");
}

static void try_all(char const* what, uint64_t set, int as_root)
{
    pid_t const child = fork_child();
    if (child == 0) {
        if (as_root)
            require(set_sets(set, set, 0) == 0, "capset");
        else
            become(set);
        printf("%s\n", what);
        show_ok("  read", open("secret", O_RDONLY));
        show_ok("  write", open("secret", O_WRONLY));
        show("  execute", access("secret", X_OK));
        show_ok("  list", open("shut", O_RDONLY | O_DIRECTORY));
        show("  search", access("shut/file", F_OK));
        show("  create", mkdir("shut/new", 0700));
        show("  chmod", chmod("secret", 0600));
        show("  set-group bit", chmod("own", 02755) == 0 ? 0 : -1);
        struct stat status;
        if (stat("own", &status) == 0) printf("  kept %o\n", status.st_mode & 07777);
        show("  chown", chown("secret", 5, -1));
        show("  chgrp", chown("own", -1, 6));
        show("  utimes", utimensat(AT_FDCWD, "secret", (struct timespec[2]){{1, 0}, {2, 0}}, 0));
        show("  sticky", unlink("sticky/file"));
        show("  mknod", mknod("sticky/node", S_IFCHR | 0600, 0x103));
        show("  chroot", chroot("."));
        leave(0);
    }
    show_end(what, child);
    require(chown("secret", 0, 0) == 0 && chmod("secret", 0600) == 0 && chown("own", 1000, 7) == 0 && chmod("own", 0755) == 0, "reset");
    rmdir("shut/new");
    unlink("sticky/node");
    make_file("sticky/file", "");
}

int main(void)
{
    make_file("secret", "text");
    make_file("own", "text");
    require(mkdir("shut", 0700) == 0 && mkdir("sticky", 0777) == 0 && chmod("sticky", 01777) == 0, "directories");
    make_file("shut/file", "");
    make_file("sticky/file", "");
    require(chmod("secret", 0600) == 0 && chown("own", 1000, 7) == 0 && chmod(".", 0777) == 0, "modes");
    try_all("nothing", 0, 0);
    try_all("CAP_DAC_OVERRIDE", BIT(DAC_OVERRIDE), 0);
    try_all("CAP_DAC_READ_SEARCH", BIT(DAC_READ_SEARCH), 0);
    try_all("CAP_FOWNER", BIT(FOWNER), 0);
    try_all("CAP_FSETID", BIT(FSETID), 0);
    try_all("CAP_CHOWN", BIT(CHOWN), 0);
    try_all("CAP_MKNOD", BIT(MKNOD), 0);
    try_all("CAP_SYS_CHROOT", BIT(SYS_CHROOT), 0);
    require(chown("shut", 1000, 1000) == 0, "chown");
    try_all("root without any", 0, 1);
    return 0;
}
