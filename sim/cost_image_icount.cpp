// The table image-icount: figures printed by tools/calibrate_costs, from programs that are no
// benchmark of the suite (guest/user/probes.c), on the image under QEMU 7.2's instruction counter,
// 2026-11-24. Calibrate again when the kernel has become faster or slower; --check tells.

#include "sim/cost_table.h"

namespace drydock::sim {

namespace {

constexpr u64 kNanosecond = 1000;

constexpr usize index_of(EventKind kind) { return static_cast<usize>(kind); }
constexpr usize index_of(FaultOutcome outcome) { return static_cast<usize>(outcome); }

// What each call takes beyond a call that does nothing and beyond the costs of its events.
constexpr CallCost kIcountCalls[] = {
    {0, 165},     // read
    {1, 303},     // write
    {2, 1272},    // open
    {3, 362},     // close
    {4, 513},     // stat
    {5, 29},      // fstat
    {7, 784},     // poll
    {8, 127},     // lseek
    {9, 1019},    // mmap
    {10, 1417},   // mprotect
    {11, 1140},   // munmap
    {12, 772},    // brk
    {15, 35},     // rt_sigreturn
    {17, 351},    // pread64
    {18, 651},    // pwrite64
    {20, 238},    // writev
    {21, 994},    // access
    {24, 12},     // sched_yield
    {40, 36181},  // sendfile
    {63, 378},    // uname
    {72, 118},    // fcntl
    {79, 9476},   // getcwd
    {83, 3742},   // mkdir
    {84, 1433},   // rmdir
    {89, 1511},   // readlink
    {90, 804},    // chmod
    {92, 164},    // chown
    {110, 12},    // getppid
    {140, 89},    // getpriority
    {217, 6364},  // getdents64
    {247, 142},   // waitid
    {280, 1975},  // utimensat
    {281, 304},   // epoll_pwait
};

constexpr CostTable make_image_icount()
{
    CostTable table;
    table.name = "image-icount";
    // One instruction is one nanosecond, and so is each repetition of a string instruction.
    table.instruction = kNanosecond;
    table.repetition = kNanosecond;
    for (CallCost const& cost : kIcountCalls) {
        table.call[cost.number] = cost.nanoseconds * kNanosecond;
    }
    table.event[index_of(EventKind::SyscallEnter)] = 711 * kNanosecond;
    table.byte_copied = 1080;
    table.fork_entry = 38076;
    table.page_copied = 5932638;
    table.page_replayed = 74368;
    table.page_zeroed = 5887984;
    table.path_component = 989094;
    table.table_entry = 9773;
    table.event[index_of(EventKind::CacheInsert)] = 13992 * kNanosecond;
    table.event[index_of(EventKind::Exec)] = 126175 * kNanosecond;
    table.event[index_of(EventKind::Exit)] = 87906 * kNanosecond;
    table.event[index_of(EventKind::Signal)] = 629 * kNanosecond;
    table.event[index_of(EventKind::Switch)] = 1813 * kNanosecond;
    table.event[index_of(EventKind::TemplateHit)] = 4209 * kNanosecond;
    table.event[index_of(EventKind::UserCopy)] = 389 * kNanosecond;
    table.fault[index_of(FaultOutcome::FileMapped)] = 1270 * kNanosecond;
    table.fault[index_of(FaultOutcome::Reused)] = 563 * kNanosecond;
    // Not seen by the probes, whose pages are cached: as those that are, and the insert beside it.
    table.fault[index_of(FaultOutcome::FileLoaded)] =
        table.fault[index_of(FaultOutcome::FileMapped)];
    return table;
}

constexpr CostTable kImageIcount = make_image_icount();

}  // namespace

CostTable const& image_icount_costs() { return kImageIcount; }

}  // namespace drydock::sim
