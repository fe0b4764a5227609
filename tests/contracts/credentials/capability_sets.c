// capset(2), capget(2): permitted only shrinks, effective stays within it, inheritable within what was and what is
// permitted; versions and processes.
#include "tests/contracts/credentials/capabilities.h"

int main(void)
{
    uint32_t data[6] = {0};
    struct header header = {VERSION_3, 0};
    show_sets("root");
    show("drop one from effective", set_sets(all_capabilities & ~BIT(CHOWN), all_capabilities, 0));
    show("take it back", set_sets(all_capabilities, all_capabilities, 0));
    show("inheritable", set_sets(all_capabilities, all_capabilities, BIT(KILL)));
    show_sets("with it");
    show("effective beyond permitted", set_sets(BIT(CHOWN) | BIT(KILL), BIT(CHOWN), 0));
    show("few", set_sets(BIT(CHOWN), BIT(CHOWN) | BIT(FOWNER), BIT(KILL)));
    show_sets("few");
    show("permitted again", set_sets(BIT(CHOWN), BIT(CHOWN) | BIT(MKNOD), BIT(KILL)));
    show("more inheritable, permitted", set_sets(BIT(CHOWN), BIT(CHOWN) | BIT(FOWNER), BIT(KILL) | BIT(FOWNER)));
    show("more inheritable, not permitted", set_sets(BIT(CHOWN), BIT(CHOWN) | BIT(FOWNER), BIT(KILL) | BIT(MKNOD)));
    show("less inheritable", set_sets(BIT(CHOWN), BIT(CHOWN) | BIT(FOWNER), 0));
    show_sets("last");
    show("that there are not", set_sets(UINT64_C(1) << 63, UINT64_C(1) << 63, 0));
    show_sets("none");
    header.version = 1;
    show("unknown version", syscall(SYS_capget, &header, data));
    printf("told: %d\n", header.version == VERSION_3);
    header.version = 1;
    show("asked for the version", syscall(SYS_capget, &header, NULL));
    header.version = 1;
    show("set of an unknown version", syscall(SYS_capset, &header, data));
    header = (struct header){VERSION_1, 0};
    show("first version", syscall(SYS_capget, &header, data));
    header = (struct header){VERSION_3, -1};
    show("negative process", syscall(SYS_capget, &header, data));
    header.pid = 0x3fffffff;
    show("no process", syscall(SYS_capget, &header, data));
    show("set of another", syscall(SYS_capset, &header, data));
    header.pid = getpid();
    show("own number", syscall(SYS_capget, &header, data));
    show("set of the own number", syscall(SYS_capset, &header, data));
    header.pid = 0;
    show("bad place", syscall(SYS_capget, &header, 8));
    show("bad header", syscall(SYS_capget, 8, data));
    show("set from a bad place", syscall(SYS_capset, &header, 8));
    return 0;
}
