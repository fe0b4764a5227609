#pragma once

// A hash table from 64-bit keys to small values: open addressing with linear probing, never full.
// Its order depends on the keys and the history alone, so that walking it is deterministic.

#include "core/base/integers.h"

#include <utility>
#include <vector>

namespace drydock::hwmodel {

template <typename Value>
class AddressTable {
public:
    Value* find(u64 key)
    {
        if (count_ == 0) return nullptr;
        for (usize i = slot_of(key);; i = (i + 1) & mask_) {
            if (!slots_[i].used) return nullptr;
            if (slots_[i].key == key) return &slots_[i].value;
        }
    }
    // The value of this key, default-made if there was none. Moves other values.
    Value& operator[](u64 key)
    {
        if (Value* const found = find(key)) return *found;
        if (slots_.empty() || (count_ + 1) * 2 > slots_.size()) grow();
        usize i = slot_of(key);
        while (slots_[i].used) i = (i + 1) & mask_;
        slots_[i].used = true;
        slots_[i].key = key;
        ++count_;
        return slots_[i].value;
    }
    bool erase(u64 key)
    {
        Value* const found = find(key);
        if (found == nullptr) return false;
        usize hole = slot_of(key);
        while (slots_[hole].key != key) hole = (hole + 1) & mask_;
        // Moves later entries of the probe run back, so that no entry is cut off from its slot.
        for (usize i = (hole + 1) & mask_; slots_[i].used; i = (i + 1) & mask_) {
            usize const home = slot_of(slots_[i].key);
            if (((i - home) & mask_) >= ((i - hole) & mask_)) {
                slots_[hole] = std::move(slots_[i]);
                hole = i;
            }
        }
        slots_[hole] = Slot{};
        --count_;
        return true;
    }
    void clear()
    {
        if (count_ == 0) return;
        if (slots_.size() > kShrinkAbove) {
            slots_.clear();
            slots_.shrink_to_fit();
        } else {
            for (Slot& slot : slots_) slot = Slot{};
        }
        count_ = 0;
    }
    usize count() const { return count_; }
    template <typename Visit>
    void for_each(Visit visit)
    {
        for (Slot& slot : slots_) {
            if (slot.used) visit(slot.key, slot.value);
        }
    }

private:
    static constexpr usize kShrinkAbove = 4096;
    struct Slot {
        u64 key = 0;
        Value value{};
        bool used = false;
    };
    usize slot_of(u64 key) const
    {
        return static_cast<usize>((key * 0x9e3779b97f4a7c15u) >> 20) & mask_;
    }
    void grow()
    {
        std::vector<Slot> old = std::move(slots_);
        slots_ = std::vector<Slot>(old.empty() ? 64 : old.size() * 2);
        mask_ = slots_.size() - 1;
        for (Slot& slot : old) {
            if (!slot.used) continue;
            usize i = slot_of(slot.key);
            while (slots_[i].used) i = (i + 1) & mask_;
            slots_[i] = std::move(slot);
        }
    }

    std::vector<Slot> slots_;
    usize mask_ = 0;
    usize count_ = 0;
};

}  // namespace drydock::hwmodel
