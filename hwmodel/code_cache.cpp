#include "hwmodel/code_cache.h"

#include <algorithm>

namespace drydock::hwmodel {

bool CodeCache::insert(std::unique_ptr<Block> block)
{
    operation_count_ += block->operations.size();
    std::vector<Block*>& frame = frames_[block->physical >> kPageShift];
    bool const is_new = frame.empty();
    frame.push_back(block.get());
    u64 const key = block->physical;
    blocks_[key] = std::move(block);
    return is_new;
}

void CodeCache::drop(Block& block)
{
    u64 const physical = block.physical;
    std::vector<Block*>& frame = *frames_.find(physical >> kPageShift);
    frame.erase(std::find(frame.begin(), frame.end(), &block));
    if (frame.empty()) frames_.erase(physical >> kPageShift);
    operation_count_ -= block.operations.size();
    dropped_.push_back(std::move(*blocks_.find(physical)));
    blocks_.erase(physical);
}

usize CodeCache::bytes_changed(u64 physical, usize size, u64 epoch)
{
    std::vector<Block*>* const frame = frames_.find(physical >> kPageShift);
    if (frame == nullptr) return 0;
    bool const is_running = std::any_of(
        frame->begin(), frame->end(), [&](Block const* block) { return block->epoch == epoch; });
    std::vector<Block*> changed;
    for (Block* const block : *frame) {
        bool const overlaps =
            physical < block->physical + block->byte_count && block->physical < physical + size;
        if (overlaps || !is_running) changed.push_back(block);
    }
    for (Block* const block : changed) drop(*block);
    return changed.size();
}

void CodeCache::drop_all()
{
    blocks_.for_each(
        [&](u64, std::unique_ptr<Block>& block) { dropped_.push_back(std::move(block)); });
    blocks_.clear();
    frames_.clear();
    operation_count_ = 0;
}

}  // namespace drydock::hwmodel
