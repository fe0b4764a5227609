// mremap(2), MREMAP_DONTUNMAP: the pages go, the old mapping stays and is empty.
#include "tests/contracts/contract.h"

#ifndef MREMAP_DONTUNMAP
#    define MREMAP_DONTUNMAP 4
#endif

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS;
    char* const map = mmap(NULL, 4 * 4096, rw, own, -1, 0);
    require(map != MAP_FAILED, "mmap");
    memset(map, 'm', 4 * 4096);
    char* const moved = mremap(map, 2 * 4096, 2 * 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
    require(moved != MAP_FAILED, "mremap");
    printf("elsewhere: %d, there %c, left %d, beside it %c\n",
           moved != map,
           moved[4096],
           map[0],
           map[2 * 4096]);
    map[0] = 'n';
    printf("apart: %c %c\n", map[0], moved[0]);
    show_mapped("another length", mremap(map, 4096, 8192, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL));
    show_mapped("may not move", mremap(map, 4096, 4096, MREMAP_DONTUNMAP, NULL));
    char* const place = mmap(NULL, 4096, rw, own, -1, 0);
    char* const fixed =
        mremap(map + 3 * 4096, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, place);
    printf("fixed: %d, %c, left %d\n", fixed == place, place[0], map[3 * 4096]);
    return 0;
}
