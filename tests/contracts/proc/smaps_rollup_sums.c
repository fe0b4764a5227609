// proc(5), /proc/PID/smaps_rollup: the sums of what smaps says of each region; regions are those of maps.
#include "tests/contracts/proc/support.h"

static char smaps[1 << 18], rollup[1 << 14], maps[1 << 16];

static long sum_of(char const* name)
{
    long sum = 0;
    char line[40];
    snprintf(line, sizeof line, "\n%s:", name);
    for (char const* at = smaps; (at = strstr(at, line)); ++at) sum += atol(at + strlen(line));
    return sum;
}

static long rolled(char const* name)
{
    char line[40];
    snprintf(line, sizeof line, "\n%s:", name);
    char const* at = strstr(rollup, line);
    return at ? atol(at + strlen(line)) : -1;
}

int main(void)
{
    static char const* const names[] = {"Rss", "Shared_Clean", "Shared_Dirty", "Private_Clean", "Private_Dirty", "Anonymous", "Swap", "Locked"};
    // Everything that is touched below has been before.
    memset(smaps, 1, sizeof smaps);
    memset(rollup, 1, sizeof rollup);
    memset(maps, 1, sizeof maps);
    setvbuf(stdout, NULL, _IONBF, 0);
    for (int round = 0; round < 2; ++round) {
        read_text("/proc/self/maps", maps, sizeof maps);
        read_text("/proc/self/smaps", smaps, sizeof smaps);
        read_text("/proc/self/smaps_rollup", rollup, sizeof rollup);
        (void)sum_of("Rss");
        (void)rolled("Rss");
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) printf("%s: %s\n", names[i], sum_of(names[i]) == rolled(names[i]) ? "the sum" : "another");
    printf("parts: %d\n", rolled("Pss") - (rolled("Pss_Anon") + rolled("Pss_File") + rolled("Pss_Shmem")) <= 2);
    printf("rss in parts: %d\n", rolled("Rss") == rolled("Shared_Clean") + rolled("Shared_Dirty") + rolled("Private_Clean") + rolled("Private_Dirty"));
    printf("name: %d\n", strncmp(strchr(rollup, '\n') - 8, "[rollup]", 8) == 0);
    // Each line of maps stands in smaps.
    int missing = 0;
    for (char* line = strtok(maps, "\n"); line; line = strtok(NULL, "\n")) missing += strstr(smaps, line) == NULL;
    printf("lines of maps that smaps has not: %d\n", missing);
    return 0;
}
