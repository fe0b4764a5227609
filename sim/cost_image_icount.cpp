// The table image-icount: figures printed by tools/calibrate_costs, from programs that are no
// benchmark of the suite (guest/user/probes.c), on the image under QEMU 7.2's instruction counter,
// 2026-12-01. Calibrate again when the kernel has become faster or slower; --check tells.

#include "sim/cost_table.h"

namespace drydock::sim {

namespace {

constexpr u64 kNanosecond = 1000;

constexpr usize index_of(EventKind kind) { return static_cast<usize>(kind); }
constexpr usize index_of(FaultOutcome outcome) { return static_cast<usize>(outcome); }

// What each call takes beyond a call that does nothing and beyond the costs of its events.
constexpr CallCost kIcountCalls[] = {
    {0, 261},      // read
    {1, 238},      // write
    {2, 1527},     // open
    {3, 303},      // close
    {4, 475},      // stat
    {5, 128},      // fstat
    {7, 116},      // poll
    {8, 79},       // lseek
    {9, 2255},     // mmap
    {10, 1331},    // mprotect
    {12, 764},     // brk
    {13, 74},      // rt_sigaction
    {17, 586},     // pread64
    {18, 986},     // pwrite64
    {20, 339},     // writev
    {21, 683},     // access
    {24, 13},      // sched_yield
    {40, 8494},    // sendfile
    {72, 107},     // fcntl
    {79, 95},      // getcwd
    {83, 3551},    // mkdir
    {84, 1355},    // rmdir
    {87, 3236},    // unlink
    {89, 522},     // readlink
    {90, 736},     // chmod
    {92, 149},     // chown
    {110, 23},     // getppid
    {140, 106},    // getpriority
    {217, 12718},  // getdents64
    {247, 171},    // waitid
    {280, 1826},   // utimensat
    {281, 141},    // epoll_pwait
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
    table.event[index_of(EventKind::SyscallEnter)] = 226 * kNanosecond;
    table.byte_copied = 148;
    table.fork_entry = 0;
    table.page_copied = 1700759;
    table.page_replayed = 10114;
    table.page_zeroed = 1544190;
    table.path_component = 692372;
    table.table_entry = 66318;
    table.event[index_of(EventKind::CacheInsert)] = 3605 * kNanosecond;
    table.event[index_of(EventKind::Exec)] = 44279 * kNanosecond;
    table.event[index_of(EventKind::Exit)] = 22879 * kNanosecond;
    table.event[index_of(EventKind::Fork)] = 0 * kNanosecond;
    table.event[index_of(EventKind::OpenFile)] = 0 * kNanosecond;
    table.event[index_of(EventKind::PathLookup)] = 0 * kNanosecond;
    table.event[index_of(EventKind::Signal)] = 851 * kNanosecond;
    table.event[index_of(EventKind::Switch)] = 1441 * kNanosecond;
    table.event[index_of(EventKind::TableEntries)] = 0 * kNanosecond;
    table.event[index_of(EventKind::TemplateHit)] = 1521 * kNanosecond;
    table.event[index_of(EventKind::UserCopy)] = 158 * kNanosecond;
    table.event[index_of(EventKind::Wake)] = 0 * kNanosecond;
    table.fault[index_of(FaultOutcome::Copied)] = 0 * kNanosecond;
    table.fault[index_of(FaultOutcome::FileMapped)] = 1011 * kNanosecond;
    table.fault[index_of(FaultOutcome::Reused)] = 765 * kNanosecond;
    table.fault[index_of(FaultOutcome::Zeroed)] = 0 * kNanosecond;
    // Not seen by the probes, whose pages are cached: as those that are, and the insert beside it.
    table.fault[index_of(FaultOutcome::FileLoaded)] =
        table.fault[index_of(FaultOutcome::FileMapped)];
    return table;
}

constexpr CostTable kImageIcount = make_image_icount();

}  // namespace

CostTable const& image_icount_costs() { return kImageIcount; }

}  // namespace drydock::sim
