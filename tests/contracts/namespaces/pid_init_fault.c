// A fault of process 1 ends it although signals do not.
#include "tests/contracts/namespaces/pid_support.h"

int main(void)
{
    pid_t init = clone_init();
    if (init == 0) {
        raise(SIGSEGV);
        show("SIGSEGV by itself", raise(SIGSEGV));
        *(int volatile*)8 = 1;
        leave(0);
    }
    show_end("a fault", init);
    init = clone_init();
    if (init == 0) {
        show("abort's signal", raise(SIGABRT));
        abort();
    }
    int status = 0;
    require(waitpid(init, &status, 0) == init, "waitpid");
    printf("abort: %d\n", WIFSIGNALED(status));
    return 0;
}
