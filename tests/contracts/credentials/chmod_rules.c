// chmod(2): for the owner and the privileged; the set-group bit is dropped for those who are not in the file's
// group; bits beyond 07777 are ignored.
#include "tests/contracts/contract.h"
#include <grp.h>

static void show_mode(char const* path)
{
    struct stat status;
    require(lstat(path, &status) == 0, path);
    printf("  %o\n", status.st_mode & 07777);
}

int main(void)
{
    make_file("own", "");
    make_file("foreign", "");
    require(mkdir("dir", 0755) == 0 && symlink("own", "link") == 0, "tree");
    require(chown("own", 1000, 2000) == 0 && chown("dir", 1000, 2000) == 0, "chown");
    show("root", chmod("own", 07777));
    show_mode("own");
    show("more bits", chmod("own", 0170644));
    show_mode("own");
    show("through a link", chmod("link", 0640));
    show_mode("own");
    show_mode("link");
    int const file = open("own", O_RDONLY), foreign = open("foreign", O_RDWR);
    require(setresgid(1000, 1000, 1000) == 0 && setgroups(0, NULL) == 0 && setresuid(1000, 1000, 1000) == 0, "setresuid");
    show("own", chmod("own", 06755));
    show_mode("own");
    show("without the x bit", chmod("own", 02644));
    show_mode("own");
    show("own directory", chmod("dir", 03777));
    show_mode("dir");
    show("sticky file", chmod("own", 01644));
    show_mode("own");
    show("foreign", chmod("foreign", 0777));
    show("by an open descriptor", fchmod(foreign, 0777));
    show("own by a reader", fchmod(file, 0));
    show_mode("own");
    show("then it does not open", open("own", O_RDONLY));
    show("nor through the link", open("link", O_RDONLY));
    show("and back", chmod("own", 0600));
    show("closed", fchmod(77, 0));
    show("nothing", chmod("nothing", 0));
    return 0;
}
