#include "sim/kernel_stacks.h"

#include "sim/stack_notice.h"

#include <cstring>
#include <emmintrin.h>
#include <stdexcept>
#include <sys/mman.h>

extern "C" void drydock_sim_thread_start();

namespace drydock::sim {

namespace {

constexpr u64 kPaint = 0xd7d0'c4b1'a596'8373;
// No frame is larger than 1 KiB, so a painted stretch of this length below a frame ends the used
// part.
constexpr u64 kCleanStretch = 1088;

// The address space of one guarded stack: the gap, then the stack (larger below its nominal base
// where a sanitizer needs room), so that the next gap starts right above.
constexpr u64 kStackStride = kGuardGap + kKernelStackSize + kSanitizerStackBytes;

__m128i pattern() { return _mm_set1_epi64x(static_cast<long long>(kPaint)); }

// From a multiple of 16 to a multiple of 8.
void paint(u64 from, u64 to)
{
    for (; from + 16 <= to; from += 16)
        _mm_store_si128(reinterpret_cast<__m128i*>(from), pattern());
    if (from < to) *reinterpret_cast<u64*>(from) = kPaint;
}

// The stretch of that many bytes, a multiple of 64.
template <u64 kBytes>
bool is_painted(u64 address)
{
    auto const* const words = reinterpret_cast<__m128i const*>(address);
    __m128i equal = _mm_cmpeq_epi32(_mm_load_si128(words), pattern());
#pragma GCC unroll 16
    for (u64 i = 1; i < kBytes / 16; ++i) {
        equal = _mm_and_si128(equal, _mm_cmpeq_epi32(_mm_load_si128(words + i), pattern()));
    }
    return _mm_movemask_epi8(equal) == 0xffff;
}

// The lowest word used below `stack_pointer`, or `stack_pointer` if none is.
u64 lowest_used(u64 base, u64 stack_pointer)
{
    // In lines of 64 bytes from the one that holds the stack pointer, downwards.
    u64 line = (stack_pointer - 1) & ~u64{63};
    u64 lowest = stack_pointer;
    u64 clean = 0;
    // The line that is partly alive counts as used down to its dead part.
    if (line + 64 > stack_pointer) {
        for (u64 word = line; word < (stack_pointer & ~u64{7}); word += 8) {
            if (*reinterpret_cast<u64 const*>(word) != kPaint) {
                lowest = word;
                break;
            }
        }
        if (lowest == stack_pointer) clean = stack_pointer - line;
        line -= 64;
    }
    while (line >= base && clean < kCleanStretch) {
        if (line >= base + 192 && clean > 0 && is_painted<256>(line - 192)) {
            clean += 256;
            line -= 256;
            continue;
        }
        if (is_painted<64>(line)) {
            clean += 64;
        } else {
            clean = 0;
            lowest = line;
        }
        line -= 64;
    }
    // Exact to the word: the lowest line that was used may be so only in its upper part.
    while (lowest < stack_pointer && *reinterpret_cast<u64 const*>(lowest) == kPaint) lowest += 8;
    return lowest;
}

}  // namespace

KernelStacks::KernelStacks(StackMode mode, u64 region, std::byte* direct_map)
    : mode_(mode), region_(region), direct_map_(direct_map)
{
    records_.reserve(256);
    if (mode_ == StackMode::Unguarded) return;
    region_size_ = kMaximumStacks * kStackStride;
    void* const mapped = mmap(reinterpret_cast<void*>(region_),
                              region_size_,
                              PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
                              -1,
                              0);
    if (mapped != reinterpret_cast<void*>(region_)) {
        region_size_ = 0;
        throw std::runtime_error("the address range for kernel stacks is taken");
    }
}

KernelStacks::~KernelStacks()
{
    if (region_size_ > 0) munmap(reinterpret_cast<void*>(region_), region_size_);
}

u64 KernelStacks::guarded_base(u64 number) const
{
    return region_ + number * kStackStride + kGuardGap + kSanitizerStackBytes;
}

u64 KernelStacks::take_record()
{
    if (!free_records_.empty()) {
        u64 const number = free_records_.back();
        free_records_.pop_back();
        records_[number] = Record{};
        return number;
    }
    if (mode_ == StackMode::Guarded) {
        if (records_.size() == kMaximumStacks) return kMaximumStacks;
        u64 const base = guarded_base(records_.size());
        if (mprotect(reinterpret_cast<void*>(base - kSanitizerStackBytes),
                     kKernelStackSize + kSanitizerStackBytes,
                     PROT_READ | PROT_WRITE) != 0) {
            return kMaximumStacks;
        }
        forget_stack(base - kSanitizerStackBytes, base + kKernelStackSize);
        paint(base - kSanitizerStackBytes, base + kKernelStackSize);
    }
    records_.push_back(Record{});
    free_records_.reserve(records_.capacity());
    return records_.size() - 1;
}

bool KernelStacks::prepare(KernelStack& stack,
                           PhysAddr frames,
                           void (*entry)(void*),
                           void* argument)
{
    u64 const number = take_record();
    if (number == kMaximumStacks) return false;
    stack.frames = frames;
    stack.private_data = number;
    if (mode_ == StackMode::Guarded) {
        stack.base = guarded_base(number);
    } else {
        stack.base = reinterpret_cast<u64>(direct_map_ + frames.value);
        paint(stack.base, stack.base + kKernelStackSize);
    }
    records_[number].base = stack.base;
    // As switch_stack() leaves it: r15 r14 r13 r12 rbx rbp, the return address; then 8 bytes so
    // that the entry is called with the stack aligned.
    u64* top = reinterpret_cast<u64*>(stack.base + kKernelStackSize);
    *--top = 0;
    *--top = 0;
    *--top = reinterpret_cast<u64>(&drydock_sim_thread_start);
    *--top = 0;                                // rbp
    *--top = reinterpret_cast<u64>(entry);     // rbx
    *--top = reinterpret_cast<u64>(argument);  // r12
    *--top = 0;                                // r13
    *--top = 0;                                // r14
    *--top = 0;                                // r15
    stack.stack_pointer = top;
    return true;
}

u64 KernelStacks::release(KernelStack& stack)
{
    forget_stack(stack.base - kSanitizerStackBytes, stack.base + kKernelStackSize);
    u64 const used = measure(stack.base, stack.base + kKernelStackSize);
    records_[stack.private_data] = Record{};
    free_records_.push_back(stack.private_data);
    stack = KernelStack{};
    return used;
}

u64 KernelStacks::measure(u64 base, u64 stack_pointer)
{
    if constexpr (kSanitizerStackBytes > 0) return 0;
    u64 const top = base + kKernelStackSize;
    if (stack_pointer < base || stack_pointer > top) return kKernelStackSize;
    u64 const lowest = lowest_used(base, stack_pointer);
    paint(lowest & ~u64{63}, stack_pointer & ~u64{7});
    return top - lowest;
}

u64 KernelStacks::depth(u64 base) const
{
    if constexpr (kSanitizerStackBytes > 0) return 0;
    u64 const top = base + kKernelStackSize;
    return top - lowest_used(base, top);
}

KernelStacks::Found KernelStacks::find(u64 address) const
{
    Found found;
    if (region_size_ == 0 || address < region_ || address >= region_ + region_size_) return found;
    u64 const number = (address - region_) / kStackStride;
    if (number >= records_.size()) return found;
    found.base = guarded_base(number);
    found.is_gap = address < found.base - kSanitizerStackBytes;
    found.is_stack = !found.is_gap;
    return found;
}

}  // namespace drydock::sim
