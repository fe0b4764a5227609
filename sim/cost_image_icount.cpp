// The table image-icount: figures printed by tools/calibrate_costs, from programs that are no
// benchmark of the suite (guest/user/probes.c), on the image under QEMU 7.2's instruction counter,
// 2026-11-30. Calibrate again when the kernel has become faster or slower; --check tells.

#include "sim/cost_table.h"

namespace drydock::sim {

namespace {

constexpr u64 kNanosecond = 1000;

constexpr usize index_of(EventKind kind) { return static_cast<usize>(kind); }
constexpr usize index_of(FaultOutcome outcome) { return static_cast<usize>(outcome); }

// What each call takes beyond a call that does nothing and beyond the costs of its events.
constexpr CallCost kIcountCalls[] = {
    {0, 236},     // read
    {1, 374},     // write
    {2, 1017},    // open
    {3, 363},     // close
    {4, 151},     // stat
    {5, 53},      // fstat
    {7, 736},     // poll
    {8, 127},     // lseek
    {9, 1295},    // mmap
    {10, 957},    // mprotect
    {11, 740},    // munmap
    {12, 730},    // brk
    {17, 459},    // pread64
    {18, 761},    // pwrite64
    {20, 289},    // writev
    {24, 12},     // sched_yield
    {40, 7050},   // sendfile
    {63, 26},     // uname
    {72, 120},    // fcntl
    {83, 2644},   // mkdir
    {84, 1013},   // rmdir
    {87, 2758},   // unlink
    {89, 575},    // readlink
    {90, 542},    // chmod
    {92, 111},    // chown
    {110, 12},    // getppid
    {140, 89},    // getpriority
    {217, 3788},  // getdents64
    {247, 148},   // waitid
    {280, 1329},  // utimensat
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
    table.event[index_of(EventKind::SyscallEnter)] = 700 * kNanosecond;
    table.byte_copied = 170;
    table.page_copied = 2319525;
    table.page_replayed = 4925;
    table.page_zeroed = 2179428;
    table.path_component = 1087557;
    table.table_entry = 60062;
    table.event[index_of(EventKind::CacheInsert)] = 3623 * kNanosecond;
    table.event[index_of(EventKind::Exec)] = 57571 * kNanosecond;
    table.event[index_of(EventKind::Exit)] = 48869 * kNanosecond;
    table.event[index_of(EventKind::Signal)] = 503 * kNanosecond;
    table.event[index_of(EventKind::Switch)] = 1511 * kNanosecond;
    table.event[index_of(EventKind::TableEntries)] = 382 * kNanosecond;
    table.event[index_of(EventKind::TemplateHit)] = 3473 * kNanosecond;
    table.event[index_of(EventKind::UserCopy)] = 400 * kNanosecond;
    table.fault[index_of(FaultOutcome::FileMapped)] = 1140 * kNanosecond;
    table.fault[index_of(FaultOutcome::Reused)] = 829 * kNanosecond;
    // Not seen by the probes, whose pages are cached: as those that are, and the insert beside it.
    table.fault[index_of(FaultOutcome::FileLoaded)] =
        table.fault[index_of(FaultOutcome::FileMapped)];
    return table;
}

constexpr CostTable kImageIcount = make_image_icount();

}  // namespace

CostTable const& image_icount_costs() { return kImageIcount; }

}  // namespace drydock::sim
