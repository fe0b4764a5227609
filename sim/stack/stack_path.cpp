#include "sim/stack/stack_path.h"

#include "sim/symbols.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

// Intel SDM vol. 2: CALL rel32, CALL r/m64, PUSH rbp.
constexpr u8 kCallDirect = 0xe8, kGroup5 = 0xff, kPushRbp = 0x55;
constexpr std::string_view kThreadStart = "drydock_sim_thread_start";

u8 code_at(u64 address) { return *reinterpret_cast<u8 const*>(address); }

class Reader {
public:
    Reader(StackMoment const& moment, Symbols const& symbols)
        : moment_(moment), symbols_(symbols), low_(moment.lowest), frame_(moment.rbp)
    {}

    ReadPath read()
    {
        u64 address = start();
        // A return address points behind the call; the function is the one of the byte before.
        while (has(frame_ + 8) && !is_thread_start(address)) {
            add(address, frame_ + 16);
            address = word(frame_ + 8) - 1;
            frame_ = word(frame_);
        }
        if (!is_thread_start(address)) return {};
        std::ranges::reverse(path_.steps);
        path_.start_bytes = top() - low_;
        return path_;
    }

private:
    u64 top() const { return moment_.lowest + moment_.words.size() * 8; }
    bool has(u64 address) const
    {
        return address % 8 == 0 && address >= low_ && address + 8 <= top();
    }
    u64 word(u64 address) const { return moment_.words[(address - moment_.lowest) / 8]; }
    bool is_thread_start(u64 address) const { return symbols_.find(address).name == kThreadStart; }
    void add(u64 address, u64 end) { add_named(name_of(address), end); }
    void add_named(std::string name, u64 end)
    {
        path_.steps.push_back({std::move(name), end - low_});
        low_ = end;
    }
    std::string name_of(u64 address) const
    {
        std::string const name = symbols_.find(address).name;
        return name.empty() ? fmt::format("{:#x}", address) : without_parameters(name);
    }

    // The deepest function, as far as its frame is no frame yet; where the chain goes on.
    u64 start()
    {
        u8 const operation = code_at(moment_.rip);
        if (operation == kPushRbp && has(moment_.rsp)) {
            add(moment_.rip, moment_.rsp + 8);
            return word(moment_.rsp) - 1;
        }
        // The word is the return address of a function that takes no more.
        bool const is_call = operation == kCallDirect ||
                             (operation == kGroup5 && (code_at(moment_.rip + 1) >> 3 & 7) == 2);
        if (is_call) add_named(name_of_callee(operation), moment_.rsp);
        return moment_.rip;
    }
    std::string name_of_callee(u8 operation) const
    {
        if (operation != kCallDirect) return "(called through a pointer)";
        i32 distance = 0;
        std::memcpy(&distance, reinterpret_cast<void const*>(moment_.rip + 1), sizeof(distance));
        return name_of(moment_.rip + 5 + static_cast<u64>(i64{distance}));
    }

    StackMoment const& moment_;
    Symbols const& symbols_;
    u64 low_;
    u64 frame_;
    ReadPath path_{};
};

}  // namespace

ReadPath read_path(StackMoment const& moment, Symbols const& symbols)
{
    return Reader(moment, symbols).read();
}

std::string without_parameters(std::string const& name)
{
    constexpr std::string_view kAnonymous = "(anonymous namespace)";
    usize place = 0;
    while ((place = name.find('(', place)) != std::string::npos) {
        if (name.compare(place, kAnonymous.size(), kAnonymous) != 0) return name.substr(0, place);
        place += kAnonymous.size();
    }
    return name;
}

}  // namespace drydock::sim
