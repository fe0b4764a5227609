// sigaction(2): what SIGSEGV and SIGBUS say of the fault: address and code.
#include "tests/contracts/contract.h"

#include <setjmp.h>

static sigjmp_buf back;
static siginfo_t seen;

static void on_fault(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)context;
    seen = *info;
    siglongjmp(back, 1);
}

static void try_access(char const* what, char volatile* address, int writes)
{
    if (sigsetjmp(back, 1) != 0) {
        printf("%s: signal %d, code %d, address right: %d\n",
               what,
               seen.si_signo,
               seen.si_code,
               (char volatile*)seen.si_addr == address);
        return;
    }
    if (writes)
        *address = 1;
    else
        (void)*address;
    printf("%s: fine\n", what);
}

int main(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    require(sigaction(SIGSEGV, &action, NULL) == 0 && sigaction(SIGBUS, &action, NULL) == 0,
            "sigaction");
    char* const map =
        mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(map != MAP_FAILED, "mmap");
    require(mprotect(map, 4096, PROT_READ) == 0, "mprotect");
    require(mprotect(map + 4096, 4096, PROT_NONE) == 0, "mprotect");
    require(munmap(map + 2 * 4096, 4096) == 0, "munmap");
    try_access("read what may be read", map + 10, 0);
    try_access("write what may be read", map + 10, 1);
    try_access("read what may not be touched", map + 4096 + 7, 0);
    try_access("write what may not be touched", map + 4096 + 7, 1);
    try_access("read a hole", map + 2 * 4096, 0);
    try_access("write a hole", map + 2 * 4096, 1);
    try_access("the null page", (char*)8, 0);
    try_access("write what may be written", map + 3 * 4096, 1);
    int const file = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    char* const behind = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    try_access("behind the end of a file", behind + 5, 0);
    try_access("the kernel's half", (char*)0xffff800000000000, 0);
    return 0;
}
