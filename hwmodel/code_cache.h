#pragma once

// Decoded blocks by physical address, shared by every address space that maps the frame. Dropping a
// block never changes a result, only costs a new decode.

#include "hwmodel/address_table.h"
#include "hwmodel/operation.h"

#include <memory>
#include <vector>

namespace drydock::hwmodel {

class CodeCache {
public:
    Block* find(u64 physical)
    {
        std::unique_ptr<Block>* const found = blocks_.find(physical);
        return found == nullptr ? nullptr : found->get();
    }
    // Takes a block of one frame. True if the frame had no decoded code before.
    bool insert(std::unique_ptr<Block> block);
    void drop(Block& block);
    bool is_code(u64 physical) { return frames_.find(physical >> kPageShift) != nullptr; }
    // Some user store changed these bytes of one frame: drops the blocks made of them. If none of
    // the frame's code ran in this epoch the frame holds data now, and loses all of it. Returns the
    // number of blocks dropped.
    usize bytes_changed(u64 physical, usize size, u64 epoch);
    void drop_all();
    bool is_full() const { return operation_count_ > kMaxOperations; }

    // Dropped blocks stay readable until then, because one of them may be running.
    bool has_dropped() const { return !dropped_.empty(); }
    void free_dropped() { dropped_.clear(); }

private:
    static constexpr usize kMaxOperations = usize{1} << 21;  // 64 MiB.

    AddressTable<std::unique_ptr<Block>> blocks_;
    AddressTable<std::vector<Block*>> frames_;
    std::vector<std::unique_ptr<Block>> dropped_;
    usize operation_count_ = 0;
};

}  // namespace drydock::hwmodel
