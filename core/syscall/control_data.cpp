#include "core/syscall/control_data.h"

#include "core/syscall/task_numbers.h"
namespace drydock {

namespace {

// net.core.optmem_max
constexpr u64 kControlMaximum = 128 * kKiB;

u64 aligned(u64 size) { return (size + 7) & ~u64{7}; }

Result<void> add_files(Call& call, ConstBytes data, SendRequest& request)
{
    usize const count = data.size() / sizeof(u32);
    if (count == 0) return {};
    usize const before = request.files ? request.files->files().size() : 0;
    if (before + count > kPassedMaximum) return Errno::Inval;
    if (!request.files) {
        request.files = TRY(PassedFiles::create(call.system().heap, kPassedMaximum));
    }
    for (usize i = 0; i < count; ++i) {
        u32 descriptor = 0;
        memcpy(&descriptor, data.data() + i * sizeof(u32), sizeof(u32));
        Ref<File> file = TRY(any_file_of(call, descriptor));
        request.files->add(std::move(file));
    }
    return {};
}

// Who somebody may say he is: himself, by any of his ids.
Result<void> take_credentials(Call& call, ConstBytes data, SendRequest& request)
{
    if (data.size() != sizeof(UserCredentials)) return Errno::Inval;
    UserCredentials claimed;
    memcpy(&claimed, data.data(), sizeof(claimed));
    Credentials const& own = call.thread.credentials;
    if (claimed.pid != call.process().shown_pid() && !own.has(Capability::SysAdmin))
        return Errno::Perm;
    bool const has_uid =
        claimed.uid == own.uid || claimed.uid == own.euid || claimed.uid == own.suid;
    bool const has_gid =
        claimed.gid == own.gid || claimed.gid == own.egid || claimed.gid == own.sgid;
    if (!has_uid && !own.has(Capability::SetUid)) return Errno::Perm;
    if (!has_gid && !own.has(Capability::SetGid)) return Errno::Perm;
    // Messages name their senders by the system's numbers.
    claimed.pid = meant_number(call, claimed.pid);
    if (call.system().processes.find(claimed.pid) == nullptr) return Errno::Srch;
    request.credentials = claimed;
    request.names_sender = true;
    return {};
}

Result<void> read_element(Call& call,
                          UserControl const& header,
                          ConstBytes data,
                          SendRequest& request)
{
    if (header.level != kSocketLevel) return {};
    if (header.type == kControlRights) return add_files(call, data, request);
    if (header.type == kControlCredentials) return take_credentials(call, data, request);
    return Errno::Inval;
}

}  // namespace

Result<void> read_control(Call& call, UserAddr control, u64 size, SendRequest& request)
{
    if (size > kControlMaximum) return Errno::NoBufs;
    if (size == 0) return {};
    Buffer const storage = TRY(Buffer::create(call.system().heap, size));
    TRY(call.space().read_bytes(storage.bytes(), control));
    u64 offset = 0;
    while (size - offset >= sizeof(UserControl)) {
        UserControl header;
        memcpy(&header, storage.data() + offset, sizeof(header));
        if (header.size < sizeof(header) || header.size > size - offset) return Errno::Inval;
        ConstBytes const data{storage.data() + offset + sizeof(header),
                              header.size - sizeof(header)};
        TRY(read_element(call, header, data, request));
        u64 const step = aligned(header.size);
        if (step >= size - offset) break;
        offset += step;
    }
    return {};
}

namespace {

// Places elements one behind the other, as far as there is room.
class ControlWriter {
public:
    ControlWriter(Call& call, UserAddr target, u64 size)
        : call_(call), target_(target), rest_(target.is_null() ? 0 : size)
    {}

    u64 used() const { return used_; }
    bool is_cut() const { return is_cut_; }
    void cut() { is_cut_ = true; }
    // Bytes of data that an element may have here.
    u64 room() const { return rest_ > sizeof(UserControl) ? rest_ - sizeof(UserControl) : 0; }
    UserAddr data_place() const { return target_ + used_ + sizeof(UserControl); }

    // The header of an element whose data is in place already.
    void close_element(i32 type, u64 size)
    {
        UserControl header;
        header.size = sizeof(header) + size;
        header.level = kSocketLevel;
        header.type = type;
        Result<void> const written = call_.space().write(target_ + used_, header);
        if (written.is_error()) return cut();
        u64 step = aligned(header.size);
        if (step > rest_) step = rest_;
        used_ += step;
        rest_ -= step;
    }
    void put(i32 type, ConstBytes data)
    {
        if (rest_ < sizeof(UserControl)) return cut();
        u64 size = data.size();
        if (size > room()) {
            cut();
            size = room();
        }
        Result<void> const written = call_.space().write_bytes(data_place(), data.first(size));
        if (written.is_error()) return cut();
        close_element(type, size);
    }

private:
    Call& call_;
    UserAddr const target_;
    u64 rest_;
    u64 used_ = 0;
    bool is_cut_ = false;
};

// Linux scm_detach_fds(): as many descriptors as there is room for, and as can be had.
void put_files(Call& call, ControlWriter& writer, Span<Ref<File>> files, bool close_on_exec)
{
    FileTable& table = *call.thread.files;
    u64 const most = writer.room() / sizeof(u32);
    u32 count = 0;
    for (Ref<File> const& file : files) {
        if (count == most) break;
        Result<u32> descriptor = table.add(file, close_on_exec, 0, descriptor_limit(call));
        if (descriptor.is_error()) break;
        UserAddr const place = writer.data_place() + count * sizeof(u32);
        Result<void> const written = call.space().write(place, descriptor.value());
        if (written.is_error()) {
            MUST(table.close(descriptor.value()));
            break;
        }
        ++count;
    }
    if (count > 0) writer.close_element(kControlRights, u64{count} * sizeof(u32));
    if (count < files.size()) writer.cut();
}

}  // namespace

ControlResult write_control(
    Call& call, Socket& socket, UserAddr control, u64 size, bool close_on_exec, Received& received)
{
    ControlWriter writer(call, control, size);
    if (socket.options().passes_credentials) {
        UserCredentials seen = received.credentials;
        seen.pid = seen_number(call, seen.pid);
        auto const* const bytes = reinterpret_cast<std::byte const*>(&seen);
        writer.put(kControlCredentials, {bytes, sizeof(seen)});
    }
    if (received.files) {
        put_files(call, writer, received.files->files(), close_on_exec);
        socket.drop_files(std::move(received.files));
    }
    return {writer.used(), writer.is_cut() ? message_flags::kControlTruncated : 0};
}

}  // namespace drydock
