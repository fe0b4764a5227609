// random(4), /proc/sys/kernel/random: uuid is another each time, boot_id the same until the machine starts again.
#include "tests/contracts/proc/support.h"

static int is_uuid(char const* text)
{
    static char const shape[] = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx\n";
    if (strlen(text) != sizeof shape - 1) return 0;
    for (size_t i = 0; shape[i]; ++i) {
        char const* const allowed = shape[i] == 'x' ? "0123456789abcdef" : shape[i] == 'y' ? "89ab" : NULL;
        if (allowed ? !strchr(allowed, text[i]) : text[i] != shape[i]) return 0;
    }
    return 1;
}

int main(void)
{
    char first[64], second[64];
    read_text("/proc/sys/kernel/random/uuid", first, sizeof first);
    read_text("/proc/sys/kernel/random/uuid", second, sizeof second);
    printf("uuid: %d %d, %s\n", is_uuid(first), is_uuid(second), strcmp(first, second) ? "two" : "the same");
    read_text("/proc/sys/kernel/random/boot_id", first, sizeof first);
    read_text("/proc/sys/kernel/random/boot_id", second, sizeof second);
    printf("boot_id: %d, %s\n", is_uuid(first), strcmp(first, second) ? "two" : "the same");
    // Since Linux 5.18 both are the 256 bits of a hash, and do not change.
    show_text("entropy_avail", "/proc/sys/kernel/random/entropy_avail");
    show_text("poolsize", "/proc/sys/kernel/random/poolsize");
    return 0;
}
