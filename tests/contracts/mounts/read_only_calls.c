// EROFS of each call that changes something, and which comes first where the name is there, or is
// not there.
#include "tests/contracts/mounts/support.h"

#include <sys/time.h>
#include <sys/un.h>

int main(void)
{
    mkdir("m", 0755);
    show_mount("mount", "none", "m", "tmpfs", 0, NULL);
    make_file("m/f", "text");
    mkdir("m/d", 0755);
    mkdir("m/full", 0755);
    make_file("m/full/f", "");
    mkfifo("m/fifo", 0644);
    symlink("f", "m/link");
    symlink("new", "m/dangling");
    make_file("outside", "");
    int const writer = open("m/f", O_WRONLY | O_CLOEXEC);
    show_mount("read-only with a writer", NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL);
    close(writer);
    show_mount("read-only", NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL);
    show_mounts("mounts", "/work");
    show_ok("open to read", open("m/f", O_RDONLY));
    show_ok("open to write", open("m/f", O_WRONLY));
    show_ok("open to truncate", open("m/f", O_RDONLY | O_TRUNC));
    show_ok("open to create what is there", open("m/f", O_RDONLY | O_CREAT, 0644));
    show_ok("open to create what must not be there",
            open("m/f", O_RDONLY | O_CREAT | O_EXCL, 0644));
    show_ok("open to create", open("m/new", O_RDONLY | O_CREAT, 0644));
    show_ok("open to create through a link", open("m/dangling", O_RDONLY | O_CREAT, 0644));
    show_ok("open O_TMPFILE", open("m", O_RDWR | O_TMPFILE, 0644));
    show_ok("open a FIFO", open("m/fifo", O_RDWR | O_NONBLOCK));
    show_ok("open a folder to write", open("m/d", O_WRONLY));
    show("mkdir", mkdir("m/new", 0755));
    show("mkdir of what is there", mkdir("m/d", 0755));
    show("mkdir below nothing", mkdir("m/new/new", 0755));
    show("mkfifo", mkfifo("m/new", 0644));
    show("symlink", symlink("x", "m/new"));
    show("symlink over what is there", symlink("x", "m/f"));
    show("link", link("m/f", "m/new"));
    show("link over what is there", link("m/f", "m/d"));
    show("link from elsewhere", link("outside", "m/new"));
    show("unlink", unlink("m/f"));
    show("unlink of nothing", unlink("m/new"));
    show("unlink of a folder", unlink("m/d"));
    show("rmdir", rmdir("m/d"));
    show("rmdir of nothing", rmdir("m/new"));
    show("rmdir of a full folder", rmdir("m/full"));
    show("rmdir of .", rmdir("m/d/."));
    show("rename", rename("m/f", "m/g"));
    show("rename of nothing", rename("m/new", "m/g"));
    show("rename to elsewhere", rename("m/f", "elsewhere"));
    show("rename to itself", rename("m/f", "m/f"));
    show("truncate", truncate("m/f", 0));
    show("truncate of a folder", truncate("m/d", 0));
    show("chmod", chmod("m/f", 0600));
    show("chown", chown("m/f", 1, 1));
    show("lchown of a link", lchown("m/link", 1, 1));
    show("utimes", utimes("m/f", NULL));
    show("access to read", access("m/f", R_OK));
    show("access to write", access("m/f", W_OK));
    show("access to write a folder", access("m/d", W_OK));
    show("access to write a FIFO", access("m/fifo", W_OK));
    show("access to write nothing", access("m/new", W_OK));
    struct sockaddr_un address = {AF_UNIX, "m/socket"};
    show("bind of a socket",
         bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr*)&address, sizeof address));
    for (int i = 3; i < 32; ++i) close(i);
    show_mount("writable", NULL, "m", NULL, MS_REMOUNT, NULL);
    show("unlink", unlink("m/f"));
    show("umount", umount("m"));
    return 0;
}
