// Whom a pipe tells by a signal (fcntl(2), O_ASYNC), as far as the layers below processes have it.

#include "core/pipe/pipe.h"
#include "tests/vfs/vfs_fixture.h"

#include <vector>

namespace drydock {
namespace {

using namespace open_flags;

struct Told {
    u32 descriptor = 0;
    SignalReason reason{};
    bool operator==(Told const&) const = default;
};

class Listener final : public SignalClient {
public:
    ~Listener() = default;
    void tell(SignalOwner const& owner, SignalReason reason) override
    {
        told.push_back({owner.descriptor, reason});
    }
    std::vector<Told> take() { return std::exchange(told, {}); }
    std::vector<Told> told{};
};

class PipeSignalTest : public test::VfsTest {
protected:
    PipeSignalTest()
    {
        vfs->set_signal_client(&listener);
        ends = MUST(create_pipe(*vfs, kNonBlock, credentials));
    }
    void move(File& file, bool writes, usize size)
    {
        std::string bytes(size, 'x');
        IoBuffer buffer = IoBuffer::kernel({reinterpret_cast<std::byte*>(bytes.data()), size});
        Result<usize> const moved = writes ? file.write(buffer) : file.read(buffer);
        static_cast<void>(moved.is_ok());
    }
    void write(usize size) { move(*ends.writer, true, size); }
    void read(usize size) { move(*ends.reader, false, size); }

    Listener listener{};
    PipeEnds ends{};
};

using List = std::vector<Told>;
constexpr SignalReason kInput = SignalReason::In, kOutput = SignalReason::Out;

TEST_F(PipeSignalTest, each_transfer_tells_the_other_side)
{
    write(1);
    EXPECT_EQ(listener.take(), List{});
    MUST(ends.reader->start_signals(vfs->heap(), 3));
    MUST(ends.writer->start_signals(vfs->heap(), 4));
    EXPECT_EQ(ends.reader->flags() & kAsync, kAsync);
    write(1);
    EXPECT_EQ(listener.take(), (List{{3, kInput}}));
    read(1);
    EXPECT_EQ(listener.take(), (List{{4, kOutput}}));
    ends.reader->stop_signals();
    EXPECT_EQ(ends.reader->flags() & kAsync, 0u);
    write(1);
    EXPECT_EQ(listener.take(), List{});
}

TEST_F(PipeSignalTest, the_end_of_one_side_tells_the_other_and_not_itself)
{
    MUST(ends.reader->start_signals(vfs->heap(), 3));
    MUST(ends.writer->start_signals(vfs->heap(), 4));
    ends.writer.reset();
    EXPECT_EQ(listener.take(), (List{{3, kInput}}));
    ends.reader.reset();
    EXPECT_EQ(listener.take(), List{});
}

TEST_F(PipeSignalTest, the_latest_hears_first)
{
    std::vector<Ref<File>> copies;
    for (u32 i = 0; i < 3; ++i) {
        OpenRequest const request{
            ends.reader->inode_ref(), {}, kReadOnly | kNonBlock, &credentials};
        copies.push_back(MUST(ends.reader->inode().open(request)));
        MUST(copies.back()->start_signals(vfs->heap(), i));
    }
    write(1);
    EXPECT_EQ(listener.take(), (List{{2, kInput}, {1, kInput}, {0, kInput}}));
    copies[1].reset();
    write(1);
    EXPECT_EQ(listener.take(), (List{{2, kInput}, {0, kInput}}));
}

TEST_F(PipeSignalTest, without_memory_nothing_is_asked)
{
    saturate_heap();
    machine.fail_allocation(0);
    Result<void> const asked = ends.reader->start_signals(vfs->heap(), 3);
    machine.fail_nothing();
    release_fillers();
    if (asked.is_error()) {
        EXPECT_EQ(asked.error(), Errno::NoMem);
        EXPECT_EQ(ends.reader->flags() & kAsync, 0u);
    }
}

}  // namespace
}  // namespace drydock
