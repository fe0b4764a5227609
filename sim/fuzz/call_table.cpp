#include "sim/fuzz/call_table.h"

#include <iterator>

namespace drydock::sim {

namespace {

namespace kind {
constexpr CallResult value = CallResult::Value;
constexpr CallResult fd = CallResult::Fd;
constexpr CallResult pid = CallResult::Pid;
constexpr CallResult address = CallResult::Address;
constexpr CallResult id = CallResult::Id;
constexpr CallResult status = CallResult::Status;
}  // namespace kind

constexpr CallEntry kCalls[] = {
#define CALL(name, number, result, compared, arguments) \
    {#name, number, kind::result, compared != 0, arguments},
#include "sim/fuzz/calls.def"
#undef CALL
};

}  // namespace

std::span<CallEntry const> call_table() { return kCalls; }

CallEntry const* find_call(std::string_view name)
{
    for (CallEntry const& entry : kCalls) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

}  // namespace drydock::sim
