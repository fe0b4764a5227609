// truncate(2), mmap(2): pages of a shared mapping behind the new end raise SIGBUS; the rest of the last page is
// zero, and what was written there does not come back.
#include "tests/contracts/contract.h"
#include <setjmp.h>

static sigjmp_buf place;
static int code;

static void on_bus(int number, siginfo_t* info, void* context)
{
    (void)context;
    code = number == SIGBUS ? info->si_code : -1;
    siglongjmp(place, 1);
}

static void touch(char const* what, char const volatile* address)
{
    if (sigsetjmp(place, 1) == 0)
        printf("%s: %d\n", what, *address);
    else
        printf("%s: SIGBUS %s\n", what, code == BUS_ADRERR ? "BUS_ADRERR" : "other");
    fflush(stdout);
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &action, NULL);
    int const file = open("f", O_RDWR | O_CREAT, 0600);
    require(file >= 0 && ftruncate(file, 3 * 4096) == 0, "file");
    char* const memory = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    show_mapped("map one page more", memory);
    memset(memory, 7, 3 * 4096);
    touch("third page", memory + 2 * 4096);
    touch("behind the end", memory + 3 * 4096);
    show("cut to 5000", ftruncate(file, 5000));
    touch("last byte", memory + 4999);
    touch("behind it", memory + 5000);
    touch("third page", memory + 2 * 4096);
    show("grow", ftruncate(file, 3 * 4096));
    touch("cleared", memory + 5000);
    touch("third page", memory + 2 * 4096);
    char byte = 5;
    show("read", pread(file, &byte, 1, 5000));
    show("byte", byte);
    show("cut to nothing", ftruncate(file, 0));
    touch("first page", memory);
    return 0;
}
