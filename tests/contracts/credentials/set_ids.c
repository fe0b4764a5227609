// setuid(2), setresuid(2): root may become anybody and not come back; others may take only one of
// their own ids.
#include "tests/contracts/contract.h"

static void show_ids(void)
{
    uid_t real, effective, saved;
    getresuid(&real, &effective, &saved);
    printf("  %u %u %u\n", real, effective, saved);
}

int main(void)
{
    show("setresuid", setresuid(1000, 1001, 1002));
    show_ids();
    show("setuid to the saved", setuid(1002));
    show_ids();
    show("setuid to root", setuid(0));
    show("seteuid to the real", seteuid(1000));
    show_ids();
    show("setreuid to others", setreuid(5, 6));
    show("setresuid keep", setresuid(-1, -1, -1));
    show("setuid(-1)", setuid(-1));
    show_ids();
    return 0;
}
