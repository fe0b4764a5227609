#include "core/pipe/splice.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

class SpliceTest : public test::VfsTest {
protected:
    PipeEnds make() { return MUST(create_pipe(*vfs, 0, credentials)); }
    static PipeState& state(PipeEnds const& ends)
    {
        return static_cast<PipeFile&>(*ends.reader).state();
    }
    static usize write(File& file, std::string text)
    {
        IoBuffer source =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        return MUST(file.write(source));
    }
    static std::string read(File& file, usize size)
    {
        std::string text(size, '?');
        IoBuffer target = IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), size});
        text.resize(MUST(file.read(target)));
        return text;
    }
};

TEST_F(SpliceTest, a_copy_keeps_the_source_and_a_move_does_not)
{
    PipeEnds const first = make(), second = make();
    write(*first.writer, "abc");
    write(*first.writer, std::string(4096, 'x'));
    EXPECT_EQ(MUST(splice_pipes(state(first), state(second), 10, true, true)), 10u);
    EXPECT_EQ(state(first).buffered(), 4099u);
    EXPECT_EQ(read(*second.reader, 100), "abcxxxxxxx");
    EXPECT_EQ(MUST(splice_pipes(state(first), state(second), 5, false, true)), 5u);
    EXPECT_EQ(state(first).buffered(), 4094u);
    EXPECT_EQ(read(*second.reader, 100), "abcxx");
}

TEST_F(SpliceTest, a_full_pipe_takes_nothing)
{
    PipeEnds const first = make(), second = make();
    while (!state(second).is_full()) write(*second.writer, std::string(4096, 'x'));
    write(*first.writer, "abc");
    EXPECT_EQ(splice_pipes(state(first), state(second), 10, false, true).error(), Errno::Again);
    EXPECT_EQ(state(first).buffered(), 3u);
}

TEST_F(SpliceTest, an_empty_pipe_is_at_its_end_only_without_writers)
{
    PipeEnds first = make();
    PipeEnds const second = make();
    EXPECT_EQ(splice_pipes(state(first), state(second), 10, false, true).error(), Errno::Again);
    first.writer.reset();
    EXPECT_EQ(MUST(splice_pipes(state(first), state(second), 10, false, true)), 0u);
}

TEST_F(SpliceTest, without_readers_a_pipe_is_broken)
{
    PipeEnds const first = make();
    PipeEnds second = make();
    write(*first.writer, "abc");
    PipeState& target = static_cast<PipeFile&>(*second.writer).state();
    second.reader.reset();
    EXPECT_EQ(splice_pipes(state(first), target, 10, false, true).error(), Errno::Pipe);
}

TEST_F(SpliceTest, what_the_file_does_not_take_stays_in_the_pipe)
{
    class Target final : public SpliceTarget {
    public:
        ~Target() = default;
        Result<usize> write(IoBuffer& source) override
        {
            if (taken.size() >= 5) return Errno::NoSpc;
            std::string piece(source.remaining() < 3 ? source.remaining() : 3, '?');
            usize const moved =
                TRY(source.take({reinterpret_cast<std::byte*>(piece.data()), piece.size()}));
            taken += piece;
            return moved;
        }
        std::string taken{};
    };
    PipeEnds const pipe = make();
    write(*pipe.writer, "0123456789");
    Target target;
    EXPECT_EQ(MUST(splice_to_file(state(pipe), target, 100, true)), 3u);
    EXPECT_EQ(MUST(splice_to_file(state(pipe), target, 2, true)), 2u);
    EXPECT_EQ(splice_to_file(state(pipe), target, 100, true).error(), Errno::NoSpc);
    EXPECT_EQ(target.taken, "01234");
    EXPECT_EQ(read(*pipe.reader, 100), "56789");
}

TEST_F(SpliceTest, without_memory_nothing_is_moved)
{
    PipeEnds const first = make(), second = make();
    write(*first.writer, "abc");
    machine.fail_allocation(0);
    Result<usize> const moved = splice_pipes(state(first), state(second), 10, false, true);
    machine.fail_nothing();
    EXPECT_EQ(moved.error(), Errno::NoMem);
    EXPECT_EQ(state(first).buffered(), 3u);
    EXPECT_EQ(state(second).buffered(), 0u);
}

}  // namespace
}  // namespace drydock
