// proc(5), /proc/loadavg: three averages with two digits, running and existing threads, the last process; sysinfo(2) has the same averages.
#include "tests/contracts/proc/support.h"

#include <sys/sysinfo.h>

int main(void)
{
    char text[128];
    int is_same = 0;
    int fields = 0;
    // A look may lie between the two calls.
    for (int i = 0; i < 20 && !is_same; ++i) {
        unsigned whole[3], hundredths[3], running, all, last;
        struct sysinfo info;
        read_text("/proc/loadavg", text, sizeof text);
        require(sysinfo(&info) == 0, "sysinfo");
        int end = 0;
        fields = sscanf(text, "%u.%2u %u.%2u %u.%2u %u/%u %u\n%n", &whole[0], &hundredths[0], &whole[1], &hundredths[1], &whole[2], &hundredths[2],
                        &running, &all, &last, &end);
        require(fields == 9 && text[end] == 0, "the shape of the line");
        require(running >= 1 && running <= all && last >= 1, "the numbers");
        is_same = 1;
        for (int k = 0; k < 3; ++k) {
            // Rounded to hundredths from 1/2048; sysinfo has 1/65536.
            unsigned long const exact = info.loads[k] / 32 + 2048 / 200;
            is_same = is_same && exact / 2048 == whole[k] && exact % 2048 * 100 / 2048 == hundredths[k];
        }
    }
    printf("%d fields, sysinfo: %s\n", fields, is_same ? "the same" : "others");
    return 0;
}
