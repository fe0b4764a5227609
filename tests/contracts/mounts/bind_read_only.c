// mount(2), MS_REMOUNT | MS_BIND: flags of one mount, the file system and its other mounts keep
// theirs. A file that is open for writing through the mount keeps it from becoming read-only.
#include "tests/contracts/mounts/support.h"

int main(void)
{
    mkdir("a", 0755);
    mkdir("b", 0755);
    make_file("a/f", "text");
    show_mount("bind, the flag is not looked at", "a", "b", NULL, MS_BIND | MS_RDONLY, NULL);
    show("write through it", access("b/f", W_OK));
    int const through = open("b/f", O_WRONLY | O_CLOEXEC);
    show_mount("read-only with a writer", NULL, "b", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
    close(through);
    int const elsewhere = open("a/f", O_WRONLY | O_CLOEXEC);
    show_mount("read-only with a writer elsewhere",
               NULL,
               "b",
               NULL,
               MS_REMOUNT | MS_BIND | MS_RDONLY,
               NULL);
    show("write through it", access("b/f", W_OK));
    show_ok("open it for writing", open("b/f", O_WRONLY | O_CLOEXEC));
    show_ok("open it for reading", open("b/f", O_RDONLY | O_CLOEXEC));
    show_ok("make a file", open("b/g", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    show("write elsewhere", write(elsewhere, "TEXT", 4));
    show_contents("seen through it", "b/f");
    int const folder = open("b", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    show_ok("openat below it", openat(folder, "g", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    show_mounts("mounts", "/work");
    show_mount("a copy of it", "b", "a", NULL, MS_BIND, NULL);
    show_ok("is read-only, too", open("a/g", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    show("umount", umount("a"));
    show_mount("writable again", NULL, "b", NULL, MS_REMOUNT | MS_BIND, NULL);
    show_ok("make a file", openat(folder, "g", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    show_mount("other flags",
               NULL,
               "b",
               NULL,
               MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOATIME,
               NULL);
    show_mounts("mounts", "/work");
    for (int i = 3; i < 16; ++i) close(i);
    show("umount", umount("b"));
    return 0;
}
