// Calls about memory.
#include "tests/contracts/bad_arguments/sweep.h"

#include <sys/uio.h>

static char bytes[16] = "sixteen bytes..";
static struct iovec const segments[2] = {{bytes, 4}, {bytes + 4, 8}};

enum { kBoth = PROT_READ | PROT_WRITE };
// Which error mapping a file of /proc gives depends on the file.
enum { kOfProc = 1 << kProc };

static struct call const calls[] = {
    // Not 2 to 4 GiB: that depends on how much memory there is.
    {"mmap", SYS_mmap, {NUM(0), SIZE_BUT(8192, 0x3c0), FLAGS_BUT(kBoth, 0x3000000), NUM(MAP_PRIVATE | MAP_ANONYMOUS), NUM(-1), OFFSET(0)}, 2},
    // MAP_HUGETLB needs pages that nobody has set aside; MAP_LOCKED and MAP_POPULATE are tried.
    {"mmap flags", SYS_mmap, {NUM(0), NUM(8192), NUM(kBoth), FLAGS_BUT(MAP_PRIVATE | MAP_ANONYMOUS, 0x40010), NUM(-1), NUM(0)}, 2},
    {"mmap shared", SYS_mmap, {NUM(0), NUM(4096), NUM(kBoth), FLAGS_BUT(MAP_SHARED, 0x40010), FD_BUT(kReadWrite, kOfProc), OFFSET(0)}, 2},
    {"mmap private", SYS_mmap, {NUM(0), NUM(4096), FLAGS_BUT(kBoth, 0x3000000), NUM(MAP_PRIVATE), FD_BUT(kReadWrite, kOfProc), OFFSET(4096)}, 2},
    {"mmap to read", SYS_mmap, {NUM(0), NUM(4096), NUM(PROT_READ), NUM(MAP_SHARED), FD_BUT(kReadOnly, kOfProc), NUM(0)}, 2},
    {"mmap validated", SYS_mmap, {NUM(0), NUM(4096), NUM(PROT_READ), FLAGS_BUT(MAP_SHARED_VALIDATE, 0x40010), FD_BUT(kReadOnly, kOfProc), NUM(0)}, 2},
    {"mmap fixed", SYS_mmap, {OUT(8192), NUM(4096), NUM(kBoth), NUM(MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED), NUM(-1), NUM(0)}, 0},
    {"mmap fixed and free", SYS_mmap, {OUT(8192), NUM(4096), NUM(kBoth), NUM(MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE), NUM(-1), NUM(0)}, 0},
    {"mmap hint", SYS_mmap, {OUT(8192), NUM(4096), NUM(kBoth), NUM(MAP_PRIVATE | MAP_ANONYMOUS), NUM(-1), NUM(0)}, 2},
    {"munmap", SYS_munmap, {OUT(8192), SIZE(4096)}, 1},
    {"mprotect", SYS_mprotect, {OUT(8192), SIZE(4096), FLAGS(PROT_READ)}, 1},
    {"mremap", SYS_mremap, {OUT(8192), SIZE(4096), NUM(4096), FLAGS(MREMAP_MAYMOVE), NUM(0)}, 0},
    {"mremap to", SYS_mremap, {OUT(8192), NUM(4096), NUM(8192), NUM(MREMAP_MAYMOVE | MREMAP_FIXED), OUT(8192)}, 0},
    {"mremap sizes", SYS_mremap, {OUT(8192), NUM(4096), SIZE(8192), NUM(0), NUM(0)}, 0},
    {"msync", SYS_msync, {OUT(8192), SIZE(4096), FLAGS(MS_SYNC)}, 3},
    {"mincore", SYS_mincore, {OUT(8192), SIZE(4096), OUT(1)}, 3},
    {"mincore of many", SYS_mincore, {OUT(8192), NUM(8192), OUT(2)}, 3},
    // Not MADV_HWPOISON and MADV_SOFT_OFFLINE (100, 101).
    {"madvise", SYS_madvise, {OUT(8192), SIZE(4096), NUM(MADV_NORMAL)}, 3},
    // Not 25 (COLLAPSE), which belongs to large pages.
    {"madvise kinds", SYS_madvise, {NUM(0), NUM(0), CODE_BUT(0, 27, 0x4000000)}, 3},
    // Not so far that the stack and what lies above it go as well.
    {"madvise away", SYS_madvise, {OUT(8192), SIZE_BUT(4096, 0xc00), NUM(MADV_DONTNEED)}, 3},
    {"madvise free", SYS_madvise, {OUT(8192), NUM(4096), NUM(MADV_FREE)}, 3},
    {"mlock", SYS_mlock, {OUT(8192), SIZE(4096)}, 3},
    {"mlock2", SYS_mlock2, {OUT(8192), NUM(4096), FLAGS(0)}, 3},
    {"munlock", SYS_munlock, {OUT(8192), SIZE(4096)}, 3},
    {"mlockall", SYS_mlockall, {FLAGS_BUT(4, 3)}, 1},
    {"memfd_create", SYS_memfd_create, {PATH("name"), FLAGS_BUT(0, 4)}, 2},
    {"process_vm_readv", SYS_process_vm_readv, {TASK(999998), IN(segments), SIZE(2), IN(segments), SIZE(2), FLAGS(0)}, 2},
    {"process_vm_writev", SYS_process_vm_writev, {TASK(999998), IN(segments), SIZE(2), IN(segments), SIZE(2), FLAGS(0)}, 2},
    {"getrandom", SYS_getrandom, {OUT(8), SIZE(8), FLAGS(0)}, 2},
    {"membarrier", SYS_membarrier, {CODE(0, 0), FLAGS(0), NUM(0)}, 2},
};
SWEEP(calls)
