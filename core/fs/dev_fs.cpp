#include "core/fs/dev_fs.h"

#include "core/sched/scheduler.h"

namespace drydock {

namespace {

// null(4), random(4), tty(4), console(4); ttyS0 is the console too.
constexpr u64 kNull = make_device(1, 3), kZero = make_device(1, 5), kFull = make_device(1, 7);
constexpr u64 kRandom = make_device(1, 8), kURandom = make_device(1, 9);
constexpr u64 kControllingTty = make_device(5, 0), kConsole = make_device(5, 1);
constexpr u64 kMultiplexer = make_device(5, 2), kFirstSlave = make_device(136, 0);
constexpr u64 kTty0 = make_device(4, 0), kTty1 = make_device(4, 1), kSerial = make_device(4, 64);

constexpr usize kChunk = 64 * kKiB;
constexpr usize kEntropyChunk = 256;

// Devices without a position: every offset is the same place, and seeking changes nothing.
class MemoryDevice : public File {
public:
    explicit MemoryDevice(OpenRequest const& request)
        : File(request.inode, request.path, request.flags)
    {}
    Result<usize> read_at(IoBuffer& target, u64) override { return read(target); }
    Result<usize> write_at(IoBuffer& source, u64) override { return write(source); }
    Result<u64> seek(i64, u32) override { return u64{0}; }
    u32 poll(PollRegistration*) override
    {
        return poll_events::kIn | poll_events::kOut | poll_events::kRdNorm | poll_events::kWrNorm;
    }
    // What is written is gone, whatever the address.
    Result<usize> write(IoBuffer& source) override { return source.remaining(); }
};

class NullDevice final : public MemoryDevice {
public:
    using MemoryDevice::MemoryDevice;
    Result<usize> read(IoBuffer&) override { return usize{0}; }
};

// Zeros until the buffer is full or its owner is wanted elsewhere.
Result<usize> deliver_zeros(IoBuffer& target, Scheduler& scheduler)
{
    usize total = 0;
    while (target.remaining() > 0) {
        usize const size = target.remaining() < kChunk ? target.remaining() : kChunk;
        Result<usize> moved = target.put_zeros(size);
        if (moved.is_error()) return total > 0 ? Result<usize>{total} : std::move(moved);
        total += moved.value();
        if (moved.value() < size) break;
        if (scheduler.current() != nullptr && scheduler.current()->is_interrupted()) break;
    }
    return total;
}

class ZeroDevice final : public MemoryDevice {
public:
    ZeroDevice(OpenRequest const& request, Scheduler& scheduler)
        : MemoryDevice(request), scheduler_(scheduler)
    {}
    Result<usize> read(IoBuffer& target) override { return deliver_zeros(target, scheduler_); }

private:
    Scheduler& scheduler_;
};

class FullDevice final : public MemoryDevice {
public:
    FullDevice(OpenRequest const& request, Scheduler& scheduler)
        : MemoryDevice(request), scheduler_(scheduler)
    {}
    Result<usize> read(IoBuffer& target) override { return deliver_zeros(target, scheduler_); }
    Result<usize> write(IoBuffer&) override { return Errno::NoSpc; }

private:
    Scheduler& scheduler_;
};

class RandomDevice final : public MemoryDevice {
public:
    // It has calls of its own, and says so to others (drivers/char/random.c, random_ioctl).
    Result<i64> ioctl(IoctlCall const&) override { return Errno::Inval; }
    RandomDevice(OpenRequest const& request, Platform& platform, Scheduler& scheduler)
        : MemoryDevice(request), platform_(platform), scheduler_(scheduler)
    {}
    Result<usize> read(IoBuffer& target) override
    {
        std::byte chunk[kEntropyChunk] = {};
        usize total = 0;
        while (target.remaining() > 0) {
            usize const size =
                target.remaining() < kEntropyChunk ? target.remaining() : kEntropyChunk;
            platform_.fill_entropy({chunk, size});
            Result<usize> moved = target.put({chunk, size});
            if (moved.is_error()) return total > 0 ? Result<usize>{total} : std::move(moved);
            total += moved.value();
            if (moved.value() < size) break;
            if (scheduler_.current() != nullptr && scheduler_.current()->is_interrupted()) break;
        }
        return total;
    }

private:
    Platform& platform_;
    Scheduler& scheduler_;
};

template <typename T, typename... Arguments>
Result<Ref<File>> make(Heap& heap, Arguments&&... arguments)
{
    Ref<T> const file = TRY(heap.create_ref<T>(std::forward<Arguments>(arguments)...));
    return Ref<File>(file);
}

}  // namespace

DeviceTable::DeviceTable(Vfs& vfs, Platform& platform, ConsoleTty& console, TtyClient& client)
    : vfs_(vfs)
    , platform_(platform)
    , console_(console)
    , client_(client)
    , pseudo_terminals_(vfs, &client)
{}

// /dev/tty: Errno::Nxio where the running process has no controlling terminal.
Result<Ref<File>> DeviceTable::open_controlling(OpenRequest const& request)
{
    TtyDevice* const terminal = client_.current_terminal();
    if (terminal == nullptr) return Errno::Nxio;
    return terminal->open(request);
}

Result<Ref<File>> DeviceTable::open(u64 device, OpenRequest const& request)
{
    Heap& heap = vfs_.heap();
    Scheduler& scheduler = vfs_.scheduler();
    switch (device) {
    case kNull: return make<NullDevice>(heap, request);
    case kZero: return make<ZeroDevice>(heap, request, scheduler);
    case kFull: return make<FullDevice>(heap, request, scheduler);
    case kRandom:
    case kURandom: return make<RandomDevice>(heap, request, platform_, scheduler);
    case kControllingTty: return open_controlling(request);
    case kMultiplexer: return pseudo_terminals_.open_master(request);
    case kConsole:
    case kTty0: return console_.open(request);
    case kTty1:
    case kSerial: return console_.open_and_acquire(request);
    default: break;
    }
    // Of pseudo-terminals there are more than the low byte counts.
    constexpr u64 kMinor = make_device(0, ~u32{0});
    if ((device & ~kMinor) != kFirstSlave) return Errno::Nxio;
    u64 const index = (device & 0xff) | (device & kMinor) >> 12;
    return pseudo_terminals_.open_slave(static_cast<u32>(index), request);
}

}  // namespace drydock
