#include "core/vfs/signal_owner.h"

#include "core/vfs/vfs.h"

namespace drydock {

void SignalList::tell_all(Vfs& vfs, SignalReason reason)
{
    SignalClient* const client = vfs.signal_client();
    if (client == nullptr) return;
    for (SignalEntry& entry : entries_) client->tell(*entry.owner, reason);
}

void SignalList::stop_all()
{
    while (SignalEntry* const entry = entries_.first()) entry->owner->file.stop_signals();
}

Result<SignalOwner*> File::make_signal_owner(Heap& heap)
{
    if (!signal_owner_) signal_owner_ = TRY(heap.create<SignalOwner>(*this));
    return signal_owner_.get();
}

bool File::can_signal()
{
    SignalLists const lists = signal_lists();
    return lists.reading != nullptr || lists.writing != nullptr;
}

Result<void> File::start_signals(Heap& heap, u32 descriptor)
{
    SignalOwner& owner = *TRY(make_signal_owner(heap));
    SignalLists const lists = signal_lists();
    owner.descriptor = descriptor;
    flags_ |= open_flags::kAsync;
    ask_before_end();
    owner.reading.owner = owner.writing.owner = &owner;
    if (lists.reading != nullptr && !owner.reading.hook.is_linked())
        lists.reading->add(owner.reading);
    if (lists.writing != nullptr && !owner.writing.hook.is_linked())
        lists.writing->add(owner.writing);
    return {};
}

void File::stop_signals()
{
    flags_ &= ~open_flags::kAsync;
    if (!signal_owner_) return;
    if (signal_owner_->reading.hook.is_linked()) signal_owner_->reading.hook.unlink();
    if (signal_owner_->writing.hook.is_linked()) signal_owner_->writing.hook.unlink();
}

}  // namespace drydock
