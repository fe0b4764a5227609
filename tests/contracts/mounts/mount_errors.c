// mount(2), ERRORS: what is wrong, and which of two things that are wrong is reported.
#include "tests/contracts/mounts/support.h"

static char long_text[5000];

static void as_somebody(void)
{
    pid_t const child = fork_child();
    if (child == 0) {
        setresuid(1000, 1000, 1000);
        show_mount("as somebody", "none", "m", "tmpfs", 0, NULL);
        show_mount("as somebody, no such folder", "none", "gone", "tmpfs", 0, NULL);
        show_mount("as somebody, no such type", "none", "m", "no-such-type", 0, NULL);
        show("umount as somebody", umount("m"));
        show("umount as somebody, no such folder", umount("gone"));
        leave(0);
    }
    show_end("somebody", child);
}

int main(void)
{
    memset(long_text, 'a', sizeof long_text - 1);
    mkdir("m", 0755);
    make_file("file", "");
    symlink("m", "link");
    symlink("loop", "loop");
    show_mount("no such type", "none", "m", "no-such-type", 0, NULL);
    show_mount("no type", "none", "m", NULL, 0, NULL);
    show_mount("empty type", "none", "m", "", 0, NULL);
    show_mount("no such folder", "none", "gone", "tmpfs", 0, NULL);
    show_mount("no such folder, no such type", "none", "gone", "no-such-type", 0, NULL);
    show_mount("empty name", "none", "", "tmpfs", 0, NULL);
    show_mount("on a file", "none", "file", "tmpfs", 0, NULL);
    show_mount("below a file", "none", "file/m", "tmpfs", 0, NULL);
    show_mount("through a loop", "none", "loop", "tmpfs", 0, NULL);
    show_mount("bad option", "none", "m", "tmpfs", 0, "no-such-option");
    show_mount("bad number", "none", "m", "tmpfs", 0, "size=many");
    show_mount("bad mode", "none", "m", "tmpfs", 0, "mode=888");
    show_mount("long name", "none", long_text, "tmpfs", 0, NULL);
    show_mount("long type", "none", "m", long_text, 0, NULL);
    show_mount("long source", long_text, "m", "tmpfs", 0, NULL);
    show_mount("bad pointer to the name", "none", (char*)8, "tmpfs", 0, NULL);
    show_mount("bad pointer to the type", "none", "m", (char*)8, 0, NULL);
    show_mount("bad pointer to the source", (char*)8, "m", "tmpfs", 0, NULL);
    show_mount("bad pointer to options", "none", "m", "tmpfs", 0, (char*)8);
    show_mount("bind without a source", NULL, "m", NULL, MS_BIND, NULL);
    show_mount("bind of an empty source", "", "m", NULL, MS_BIND, NULL);
    show_mount("bind of nothing", "gone", "m", NULL, MS_BIND, NULL);
    show_mount("move without a source", NULL, "m", NULL, MS_MOVE, NULL);
    show_mount("move of what is no mount", "m", "m", NULL, MS_MOVE, NULL);
    show_mount("remount of what is no mount", NULL, "m", NULL, MS_REMOUNT, NULL);
    show_mount("remount of a bind that is none", NULL, "m", NULL, MS_REMOUNT | MS_BIND, NULL);
    show_mount("propagation of what is no mount", NULL, "m", NULL, MS_PRIVATE, NULL);
    show_mount("MS_NOUSER", "none", "m", "tmpfs", 1UL << 31, NULL);
    as_somebody();
    show_mount("through a link", "none", "link", "tmpfs", 0, NULL);
    show("umount, the link not followed", umount2("link", 8));
    show("umount through the link", umount("link"));
    show("umount of what is no mount", umount("m"));
    show("umount of a file", umount("file"));
    show("umount of nothing", umount("gone"));
    show("umount of an empty name", umount(""));
    show("umount of a long name", umount(long_text));
    show("umount of a bad pointer", umount((char*)8));
    show("umount with unknown flags", umount2("m", 16));
    show("umount with unknown flags of nothing", umount2("gone", 1 << 30));
    show_mounts("what is left", "/work");
    return 0;
}
