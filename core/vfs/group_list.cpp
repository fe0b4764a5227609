#include "core/vfs/group_list.h"

namespace drydock {

namespace {

// Lets the value at `root` of a heap of `count` values sink to where none below it is larger.
void sink(u32* values, usize root, usize count)
{
    u32 const value = values[root];
    for (usize child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && values[child] < values[child + 1]) ++child;
        if (values[child] <= value) break;
        values[root] = values[child];
        root = child;
    }
    values[root] = value;
}

// Heapsort, as Linux's (kernel/groups.c, groups_sort): no order of the input takes long.
void sort(u32* values, usize count)
{
    for (usize root = count / 2; root > 0; --root) sink(values, root - 1, count);
    for (usize end = count; end > 1; --end) {
        std::swap(values[0], values[end - 1]);
        sink(values, 0, end - 1);
    }
}

}  // namespace

GroupList::GroupList(Buffer storage) : storage_(std::move(storage))
{
    sort(reinterpret_cast<u32*>(storage_.data()), storage_.size() / sizeof(u32));
}

bool GroupList::has(u32 group) const
{
    Span<u32 const> const groups = all();
    usize first = 0;
    usize end = groups.size();
    while (first < end) {
        usize const middle = first + (end - first) / 2;
        if (groups[middle] == group) return true;
        if (groups[middle] < group) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return false;
}

}  // namespace drydock
