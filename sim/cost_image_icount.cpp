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
    {0, 312},     // read
    {1, 416},     // write
    {2, 1074},    // open
    {3, 354},     // close
    {4, 238},     // stat
    {5, 97},      // fstat
    {7, 319},     // poll
    {8, 122},     // lseek
    {9, 1374},    // mmap
    {10, 563},    // mprotect
    {11, 832},    // munmap
    {12, 727},    // brk
    {13, 25},     // rt_sigaction
    {17, 944},    // pread64
    {18, 1136},   // pwrite64
    {20, 401},    // writev
    {21, 235},    // access
    {24, 10},     // sched_yield
    {40, 8439},   // sendfile
    {63, 74},     // uname
    {72, 141},    // fcntl
    {79, 19},     // getcwd
    {83, 2904},   // mkdir
    {84, 1112},   // rmdir
    {87, 3049},   // unlink
    {89, 823},    // readlink
    {90, 601},    // chmod
    {92, 123},    // chown
    {110, 20},    // getppid
    {140, 102},   // getpriority
    {217, 6287},  // getdents64
    {247, 213},   // waitid
    {280, 1476},  // utimensat
    {281, 291},   // epoll_pwait
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
    table.event[index_of(EventKind::SyscallEnter)] = 339 * kNanosecond;
    table.byte_copied = 155;
    table.page_copied = 2095035;
    table.page_replayed = 10598;
    table.page_zeroed = 1893251;
    table.path_component = 1049579;
    table.table_entry = 58797;
    table.event[index_of(EventKind::CacheInsert)] = 3619 * kNanosecond;
    table.event[index_of(EventKind::Exec)] = 61132 * kNanosecond;
    table.event[index_of(EventKind::Exit)] = 49896 * kNanosecond;
    table.event[index_of(EventKind::Signal)] = 619 * kNanosecond;
    table.event[index_of(EventKind::Switch)] = 1623 * kNanosecond;
    table.event[index_of(EventKind::TableEntries)] = 804 * kNanosecond;
    table.event[index_of(EventKind::TemplateHit)] = 0 * kNanosecond;
    table.event[index_of(EventKind::UserCopy)] = 243 * kNanosecond;
    table.fault[index_of(FaultOutcome::FileMapped)] = 781 * kNanosecond;
    table.fault[index_of(FaultOutcome::Reused)] = 134 * kNanosecond;
    // Not seen by the probes, whose pages are cached: as those that are, and the insert beside it.
    table.fault[index_of(FaultOutcome::FileLoaded)] =
        table.fault[index_of(FaultOutcome::FileMapped)];
    return table;
}

constexpr CostTable kImageIcount = make_image_icount();

}  // namespace

CostTable const& image_icount_costs() { return kImageIcount; }

}  // namespace drydock::sim
