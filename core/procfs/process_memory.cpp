// maps, smaps and smaps_rollup of a process (proc(5)).

#include "core/procfs/node.h"

namespace drydock {

namespace proc {

namespace {

// Where the name begins in a line of maps.
constexpr u32 kNameColumn = 73;

void append_device(u64 device, Text& text)
{
    text.hex(device >> 8 & 0xfff, 2) << ':';
    text.hex((device & 0xff) | (device >> 12 & 0xfff00), 2);
}

Result<void> append_file(System& system, Region const& region, usize start, Text& text)
{
    // A mapping of a file holds the open file.
    File& file = static_cast<File&>(*region.holder);
    text.hex(region.file_offset, 8) << ' ';
    append_device(file.inode().file_system().device_number(), text);
    text << ' ' << file.inode().attributes().number;
    text.pad(start, kNameColumn);
    if (!file.path().is_empty()) TRY(append_place(system, file.path(), text));
    return {};
}

StringView name_of(Region const& region)
{
    switch (region.kind) {
    case Region::Kind::Heap: return "[heap]";
    case Region::Kind::Stack: return "[stack]";
    case Region::Kind::Vvar: return "[vvar]";
    case Region::Kind::Vdso: return "[vdso]";
    case Region::Kind::Anonymous:
    case Region::Kind::File: break;
    }
    return region.is_shared ? StringView("/dev/zero (deleted)") : StringView();
}

Result<void> append_region(System& system, Region const& region, Text& text)
{
    usize const start = text.size();
    text.hex(region.start.value, 8) << '-';
    text.hex(region.end.value, 8) << ' ';
    text << (region.rights.read ? 'r' : '-') << (region.rights.write ? 'w' : '-');
    text << (region.rights.execute ? 'x' : '-') << (region.is_shared ? 's' : 'p') << ' ';
    if (region.kind == Region::Kind::File && region.holder) {
        TRY(append_file(system, region, start, text));
    } else {
        text << "00000000 00:00 0";
        StringView const name = name_of(region);
        // Lines without a name end in a blank, as Linux's do.
        if (name.is_empty()) {
            text << ' ';
        } else {
            text.pad(start, kNameColumn) << name;
        }
    }
    text << '\n';
    if (text.failed()) return Errno::NoMem;
    return {};
}

void size_line(StringView name, u64 bytes, Text& text)
{
    text.left(name, 16);
    text.decimal(bytes / kKiB, 8, ' ') << " kB\n";
}

void pages_line(StringView name, u64 pages, Text& text)
{
    size_line(name, pages * kPageSize, text);
}

void share_line(StringView name, u64 share, Text& text)
{
    constexpr unsigned kShareShift = 12;
    size_line(name, share >> kShareShift, text);
}

// fs/proc/task_mmu.c, __show_smap(). There are no large pages, and nothing is swapped out.
void append_use(MemoryUse const& use, bool is_sum, Text& text)
{
    pages_line("Rss:", use.resident, text);
    share_line("Pss:", use.share, text);
    share_line("Pss_Dirty:", use.dirty_share, text);
    if (is_sum) {
        u64 const file_share = use.share - use.anonymous_share - use.memory_file_share;
        share_line("Pss_Anon:", use.anonymous_share, text);
        share_line("Pss_File:", file_share, text);
        share_line("Pss_Shmem:", use.memory_file_share, text);
    }
    pages_line("Shared_Clean:", use.shared_clean, text);
    pages_line("Shared_Dirty:", use.shared_dirty, text);
    pages_line("Private_Clean:", use.private_clean, text);
    pages_line("Private_Dirty:", use.private_dirty, text);
    pages_line("Referenced:", use.referenced, text);
    pages_line("Anonymous:", use.anonymous, text);
    constexpr StringView kNone[] = {"LazyFree:",
                                    "AnonHugePages:",
                                    "ShmemPmdMapped:",
                                    "FilePmdMapped:",
                                    "Shared_Hugetlb:",
                                    "Private_Hugetlb:",
                                    "Swap:",
                                    "SwapPss:"};
    for (StringView const name : kNone) size_line(name, 0, text);
    share_line("Locked:", use.locked_share, text);
}

// Two letters each, in Linux's order (proc(5), VmFlags).
void append_flags(Region const& region, Text& text)
{
    text << "VmFlags: ";
    auto const flag = [&text](bool is_set, StringView name) {
        if (is_set) text << name << ' ';
    };
    flag(region.rights.read, "rd");
    flag(region.rights.write, "wr");
    flag(region.rights.execute, "ex");
    flag(region.is_shared && region.may_write, "sh");
    flag(true, "mr");
    flag(!region.is_shared || region.may_write, "mw");
    flag(region.may_execute, "me");
    flag(region.is_shared, "ms");
    flag(region.grows_down, "gd");
    flag(region.lock != Region::Lock::None, "lo");
    flag(region.skips_fork, "dc");
    flag(region.is_accounted, "ac");
    flag(region.is_wiped_on_fork, "wf");
    text << '\n';
}

}  // namespace

Result<void> process_maps(Subject const& subject, Text& text)
{
    Ref<AddressSpace> const space = subject.process->space;
    if (!space) return {};
    for (Region const& region : space->regions()) {
        TRY(append_region(subject.system, region, text));
    }
    return {};
}

Result<void> process_smaps(Subject const& subject, Text& text)
{
    Ref<AddressSpace> const space = subject.process->space;
    if (!space) return {};
    for (Region const& region : space->regions()) {
        TRY(append_region(subject.system, region, text));
        size_line("Size:", region.size(), text);
        size_line("KernelPageSize:", kPageSize, text);
        size_line("MMUPageSize:", kPageSize, text);
        append_use(space->memory_use(region), false, text);
        text << "THPeligible:    0\n";
        append_flags(region, text);
        if (text.failed()) return Errno::NoMem;
    }
    return {};
}

// One entry for all regions, from the first one's start to the last one's end.
Result<void> process_smaps_rollup(Subject const& subject, Text& text)
{
    Ref<AddressSpace> const space = subject.process->space;
    // fs/proc/task_mmu.c, show_smaps_rollup(): no such process, where the others are empty.
    if (!space) return Errno::Srch;
    MemoryUse sum{};
    UserAddr first{}, end{};
    for (Region const& region : space->regions()) {
        if (end.is_null()) first = region.start;
        end = region.end;
        sum.add(space->memory_use(region));
    }
    usize const start = text.size();
    text.hex(first.value, 8) << '-';
    text.hex(end.value, 8) << " ---p 00000000 00:00 0";
    text.pad(start, kNameColumn) << "[rollup]\n";
    append_use(sum, true, text);
    return {};
}

}  // namespace proc

}  // namespace drydock
