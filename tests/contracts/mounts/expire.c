// umount(2), MNT_EXPIRE: EAGAIN marks an unused mount, a second call unmounts it unless somebody
// was there in between.
#include "tests/contracts/mounts/support.h"

int main(void)
{
    mkdir("m", 0755);
    show_mount("mount", "none", "m", "tmpfs", 0, NULL);
    make_file("m/f", "");
    int const file = open("m/f", O_RDONLY | O_CLOEXEC);
    show("with an open file", umount2("m", MNT_EXPIRE));
    close(file);
    show("with MNT_DETACH", umount2("m", MNT_EXPIRE | MNT_DETACH));
    show("with MNT_FORCE", umount2("m", MNT_EXPIRE | MNT_FORCE));
    show("first", umount2("m", MNT_EXPIRE));
    show_exists("a look", "m/f");
    show("after the look", umount2("m", MNT_EXPIRE));
    show("second", umount2("m", MNT_EXPIRE));
    show("third", umount2("m", MNT_EXPIRE));
    show_exists("it is gone", "m/f");
    return 0;
}
