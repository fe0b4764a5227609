#include "core/vfs/vfs.h"

namespace drydock {

namespace {

// Writes text from the end of a span towards its start.
class BackwardText {
public:
    explicit BackwardText(Span<char> target) : target_(target), start_(target.size()) {}
    bool prepend(StringView text)
    {
        if (text.size() > start_) return false;
        start_ -= text.size();
        if (!text.is_empty()) memcpy(target_.data() + start_, text.data(), text.size());
        return true;
    }
    bool is_empty() const { return start_ == target_.size(); }
    StringView text() const { return {target_.data() + start_, target_.size() - start_}; }

private:
    Span<char> target_;
    usize start_;
};

}  // namespace

Result<StringView> Vfs::name_of(Path const& path, Path const& root, Span<char> target)
{
    Dentry* entry = path.entry().get();
    Mount* mount = path.mount().get();
    if (entry->is_deleted()) return Errno::NoEnt;
    BackwardText text(target);
    bool is_reachable = true;
    while (entry != root.entry().get() || mount != root.mount().get()) {
        if (entry == mount->root().get()) {
            if (!mount->parent()) {
                is_reachable = false;
                break;
            }
            entry = mount->point().get();
            mount = mount->parent().get();
            continue;
        }
        // A nameless file hangs nowhere.
        if (!entry->parent()) return Errno::NoEnt;
        if (!text.prepend(entry->name()) || !text.prepend("/")) return Errno::Range;
        entry = entry->parent().get();
    }
    if (text.is_empty() && !text.prepend("/")) return Errno::Range;
    if (!is_reachable && !text.prepend("(unreachable)")) return Errno::Range;
    return text.text();
}

StringView Vfs::name_in_file_system(Dentry const& entry, Span<char> target)
{
    BackwardText text(target);
    if (entry.is_deleted()) text.prepend("//deleted");
    for (Dentry const* here = &entry; here->parent(); here = here->parent().get()) {
        if (!text.prepend(here->name()) || !text.prepend("/")) break;
    }
    if (text.is_empty()) text.prepend("/");
    return text.text();
}

}  // namespace drydock
