#include "sim/fiber.h"

#include "sim/stack_notice.h"

namespace drydock::sim {

using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

void Gate::start(void* stack_bottom, u64 stack_size, Entry entry, void* argument)
{
    forget_stack(reinterpret_cast<u64>(stack_bottom),
                 reinterpret_cast<u64>(stack_bottom) + stack_size);
    entry_ = entry;
    argument_ = argument;
    inside_bottom_ = stack_bottom;
    inside_size_ = stack_size;
    inside_ =
        make_fcontext(static_cast<std::byte*>(stack_bottom) + stack_size, stack_size, first_entry);
}

void Gate::first_entry(transfer_t transfer)
{
    Gate& gate = *static_cast<Gate*>(transfer.data);
    arrived_on_stack(nullptr, &gate.outside_bottom_, &gate.outside_size_);
    gate.outside_ = transfer.fctx;
    gate.entry_(gate.argument_);
    for (;;) gate.leave();
}

void Gate::enter()
{
    void* saved = nullptr;
    leaving_for_stack(&saved, inside_bottom_, inside_size_);
    transfer_t const transfer = jump_fcontext(inside_, this);
    void const* bottom = nullptr;
    u64 size = 0;
    arrived_on_stack(saved, &bottom, &size);
    inside_ = transfer.fctx;
}

void Gate::leave()
{
    void* saved = nullptr;
    leaving_for_stack(&saved, outside_bottom_, outside_size_);
    transfer_t const transfer = jump_fcontext(outside_, this);
    arrived_on_stack(saved, &outside_bottom_, &outside_size_);
    outside_ = transfer.fctx;
}

}  // namespace drydock::sim
