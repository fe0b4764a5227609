#include "sim/backtrace.h"

#include "sim/symbols.h"

#include <cstring>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr usize kMaximumFrames = 4096;

bool is_readable(Machine& machine, u64 address)
{
    if ((address & 7) != 0) return false;
    if (machine.stacks().find(address).is_stack) return true;
    u64 const memory = reinterpret_cast<u64>(machine.memory().base());
    if (address >= memory && machine.memory().has_page(page_floor(address - memory))) return true;
    u64 const host = machine.platform_stack_bottom();
    return address >= host && address + 8 <= machine.report_stack_top();
}

u64 read_word(u64 address)
{
    u64 value = 0;
    std::memcpy(&value, reinterpret_cast<void const*>(address), sizeof(value));
    return value;
}

}  // namespace

std::vector<Frame> walk_frames(Machine& machine, Symbols const& symbols, u64 rip, u64 rsp, u64 rbp)
{
    std::vector<Frame> frames;
    u64 low = rsp;
    u64 address = rip;
    // Before `mov rbp, rsp` has run, the caller is found through the stack pointer: after a failing
    // first push, and after it.
    Symbols::Found const found = symbols.find(rip);
    if (!found.name.empty() && found.offset <= 1) {
        u64 const slot = rsp + 8 * found.offset;
        if (is_readable(machine, slot)) {
            frames.push_back({rip, slot + 8 - rsp});
            address = read_word(slot);
            low = slot + 8;
        }
    }
    while (frames.size() < kMaximumFrames) {
        bool const has_caller = is_readable(machine, rbp) && is_readable(machine, rbp + 8);
        if (!has_caller) {
            frames.push_back({address, 0});
            break;
        }
        u64 const frame_end = rbp + 16;
        frames.push_back({address, frame_end > low ? frame_end - low : 0});
        u64 const return_address = read_word(rbp + 8);
        u64 const next = read_word(rbp);
        if (return_address == 0) break;
        // A return address points behind the call; the function is the one of the byte before.
        address = return_address;
        low = frame_end;
        rbp = next;
        if (next == 0) {
            frames.push_back({address, 0});
            break;
        }
    }
    return frames;
}

std::string describe_frames(std::vector<Frame> const& frames, Symbols const& symbols)
{
    constexpr usize kEnds = 24;
    std::string text;
    for (usize i = 0; i < frames.size(); ++i) {
        if (frames.size() > 2 * kEnds && i == kEnds) {
            text += fmt::format("    ... {} more frames ...\n", frames.size() - 2 * kEnds);
            i = frames.size() - kEnds;
        }
        Frame const& frame = frames[i];
        std::string const size =
            frame.size > 0 ? fmt::format("{:6} bytes", frame.size) : std::string("            ");
        text += fmt::format("    #{:<3} {}  {}\n",
                            i,
                            size,
                            symbols.describe(i == 0 ? frame.address : frame.address - 1));
    }
    return text;
}

}  // namespace drydock::sim
