#pragma once

// What arguments are drawn from, a function for each name that the table of calls uses
// (sim/fuzz/calls.def). Each makes an argument as call lists write it (guest/user/calls/calls.h).

#include "sim/fuzz/argument_pool.h"

namespace drydock::sim::draw {

bool one_in(Random& random, u32 bound);

template <usize kCount>
std::string pick(Random& random, char const* const (&choices)[kCount])
{
    return choices[random.below(kCount)];
}

// The parts one after the other. Initialisers in braces are made in order; arguments and operands
// are not, and what is drawn depends on the order.
std::string joined(std::initializer_list<std::string> parts);
// "v3", the newest more often. Precondition: there is one.
std::string variable_of(Random& random, std::vector<u32> const& variables);

std::string descriptor(Random& random, KnownValues const& known);
std::string any_descriptor(Random& random, KnownValues const& known);
std::string descriptor_or_none(Random& random, KnownValues const& known);
std::string folder(Random& random, KnownValues const& known);
std::string path(Random& random, KnownValues const& known);
std::string open_flags(Random& random, KnownValues const& known);
std::string mode(Random& random, KnownValues const& known);
std::string size(Random& random, KnownValues const& known);
std::string offset(Random& random, KnownValues const& known);
std::string out(Random& random, KnownValues const& known);
std::string bytes_in(Random& random, KnownValues const& known);
std::string pointer_out(Random& random, KnownValues const& known);
std::string page(Random& random, KnownValues const& known);
std::string map_at(Random& random, KnownValues const& known);
std::string length(Random& random, KnownValues const& known);
std::string page_offset(Random& random, KnownValues const& known);
std::string polls(Random& random, KnownValues const& known);
std::string signal(Random& random, KnownValues const& known);
std::string set(Random& random, KnownValues const& known);
std::string action(Random& random, KnownValues const& known);
std::string vectors_out(Random& random, KnownValues const& known);
std::string vectors_in(Random& random, KnownValues const& known);
std::string short_timeval(Random& random, KnownValues const& known);
std::string short_timespec(Random& random, KnownValues const& known);
std::string interval(Random& random, KnownValues const& known);
std::string timer_value(Random& random, KnownValues const& known);
std::string offset_pointer(Random& random, KnownValues const& known);
std::string address(Random& random, KnownValues const& known);
std::string address_size(Random& random, KnownValues const& known);
std::string size_pointer(Random& random, KnownValues const& known);
std::string send_flags(Random& random, KnownValues const& known);
std::string receive_flags(Random& random, KnownValues const& known);
std::string message_in(Random& random, KnownValues const& known);
std::string message_out(Random& random, KnownValues const& known);
std::string messages_in(Random& random, KnownValues const& known);
std::string strings(Random& random, KnownValues const& known);
std::string process(Random& random, KnownValues const& known);
std::string wait_options(Random& random, KnownValues const& known);
std::string fcntl_value(Random& random, KnownValues const& known);
std::string lock(Random& random, KnownValues const& known);
std::string owner(Random& random, KnownValues const& known);
std::string alternate(Random& random, KnownValues const& known);
std::string times(Random& random, KnownValues const& known);
std::string word(Random& random, KnownValues const& known);
std::string event(Random& random, KnownValues const& known);
std::string id(Random& random, KnownValues const& known);
std::string event_wanted(Random& random, KnownValues const& known);
std::string robust(Random& random, KnownValues const& known);
std::string how(Random& random, KnownValues const& known);

}  // namespace drydock::sim::draw
