// signalfd(2).

#include "core/process/signal_file.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"

namespace drydock {

namespace {

Result<i64> make_or_change(Call& call, u32 flags)
{
    using namespace open_flags;
    if (call[2] != sizeof(SignalSet)) return Errno::Inval;
    SignalSet mask = TRY(call.space().read<SignalSet>(call.address(1)));
    if ((flags & ~(kNonBlock | kCloseOnExec)) != 0) return Errno::Inval;
    mask.bits &= ~kUnblockableSignals;
    if (call.integer(0) != -1) {
        Ref<File> const file = TRY(file_of(call, call.word(0)));
        if (file->kind() != FileKind::Signals) return Errno::Inval;
        static_cast<SignalFile&>(*file).set_mask(mask);
        return i64{call.word(0)};
    }
    Ref<File> file = TRY(SignalFile::create(call.system(), mask, flags));
    return add_descriptor(call, std::move(file), flags);
}

}  // namespace

Result<i64> sys_signalfd(Call& call) { return make_or_change(call, 0); }
Result<i64> sys_signalfd4(Call& call) { return make_or_change(call, call.word(3)); }

}  // namespace drydock
