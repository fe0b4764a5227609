#pragma once

// Tags by which the processor tells translations of address spaces apart, so that a switch need not
// forget those of the others (Intel SDM vol. 3, 4.10.1: process-context identifiers, which a move
// to CR3 takes in the low 12 bits). A space gets the next tag when it first runs. When all are
// given away everything is flushed and a new round begins, in which each space gets another.

#include "core/mm/address_space.h"

namespace drydock {

class SpaceTags {
public:
    explicit SpaceTags(Platform& platform)
        : platform_(platform), count_(platform.memory_layout().address_space_tags)
    {
        ASSERT(count_ < kPageSize);
    }
    SpaceTags(SpaceTags const&) = delete;
    SpaceTags& operator=(SpaceTags const&) = delete;

    // What Platform::run_user() needs to know to run in `space`: its root, with its tag if the
    // machine has tags.
    PhysAddr root_of(AddressSpace& space)
    {
        return count_ == 0 ? space.root() : tagged_root_of(space);
    }

private:
    PhysAddr tagged_root_of(AddressSpace& space);
    void begin_round();

    Platform& platform_;
    u64 const count_;  // 0: the machine has none.
    u64 given_ = 0;    // In this round.
    u64 round_ = 1;
};

}  // namespace drydock
