// setfsuid(2), setfsgid(2): the ids of file access follow the effective ones, can be set apart, and both calls
// return what was before, changed or not.
#include "tests/contracts/contract.h"
#include <sys/fsuid.h>

int main(void)
{
    struct stat status;
    require(chmod(".", 0777) == 0, "chmod");
    make_file("secret", "s");
    require(chmod("secret", 0600) == 0, "chmod");
    show("at first", setfsuid(1000));
    show("now", setfsuid(-1));
    show("group at first", setfsgid(2000));
    show("group now", setfsgid(-1));
    show("as another", open("secret", O_RDONLY));
    make_file("made", "");
    stat("made", &status);
    printf("%u %u\n", status.st_uid, status.st_gid);
    show("effective", geteuid());
    show("back", setfsuid(0));
    show_ok("open", open("secret", O_RDONLY));
    setfsuid(77);
    show("seteuid sets it", seteuid(1000));
    show("it was", setfsuid(-1));
    show("to another", setfsuid(5));
    show("unchanged", setfsuid(-1));
    show("to the real", setfsuid(0));
    show("changed", setfsuid(1000));
    show("group to another", setfsgid(5));
    show("unchanged", setfsgid(-1));
    return 0;
}
