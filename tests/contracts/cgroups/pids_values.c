// pids.max: what it takes.
#include "tests/contracts/cgroups/support.h"

int main(void)
{
    begin_pids();
    char const* const texts[] = {"3",
                                 "0x10",
                                 "010",
                                 " 7 \n",
                                 "-1",
                                 "-0",
                                 "x",
                                 "max ",
                                 "maximum",
                                 "4194304",
                                 "4194305",
                                 "9223372036854775807",
                                 "9223372036854775808",
                                 "1 2",
                                 "+4",
                                 "3.5",
                                 "0",
                                 "max"};
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        put("pids.max", texts[i]);
        get("pids.max");
    }
    put("pids.current", "1");
    put("pids.events", "1");
    return 0;
}
