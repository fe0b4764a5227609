// prctl(2) PR_CAP_AMBIENT: only what is permitted and inheritable can be raised; losing either lowers it.
#include "tests/contracts/credentials/capabilities.h"

int main(void)
{
    show("not inheritable", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
    show("inheritable", set_sets(all_capabilities, all_capabilities, BIT(KILL) | BIT(CHOWN)));
    show("raise", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
    show("raise another", prctl(AMBIENT, AMBIENT_RAISE, CHOWN, 0, 0));
    show("is set", prctl(AMBIENT, AMBIENT_IS_SET, KILL, 0, 0));
    show("lower", prctl(AMBIENT, AMBIENT_LOWER, CHOWN, 0, 0));
    show("is set", prctl(AMBIENT, AMBIENT_IS_SET, CHOWN, 0, 0));
    show("beyond the last", prctl(AMBIENT, AMBIENT_RAISE, 63, 0, 0));
    show("unknown", prctl(AMBIENT, 9, KILL, 0, 0));
    show("more arguments", prctl(AMBIENT, AMBIENT_RAISE, KILL, 1, 0));
    show("clear with an argument", prctl(AMBIENT, AMBIENT_CLEAR, KILL, 0, 0));
    show_sets("now");
    show("no longer inheritable", set_sets(all_capabilities, all_capabilities, 0));
    show_sets("lowered");
    show("again", set_sets(all_capabilities, all_capabilities, BIT(KILL)));
    show("raise", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
    show("clear", prctl(AMBIENT, AMBIENT_CLEAR, 0, 0, 0));
    show_sets("cleared");
    return 0;
}
