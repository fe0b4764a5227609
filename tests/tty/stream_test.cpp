#include "tests/tty/terminal.h"

#include <gtest/gtest.h>

namespace drydock {
namespace {

using test::Terminal;

struct Stream {
    explicit Stream(ConsoleStream stream) : file(terminal.device.open_stream(stream).take()) {}
    Terminal terminal{};
    Ref<File> file;
};

TEST(stream, looks_like_a_pipe)
{
    Stream stream(ConsoleStream::Input);
    EXPECT_EQ(stream.file->inode().attributes().type, InodeType::Fifo);
    EXPECT_EQ(stream.file->seek(0, 0).error(), Errno::Spipe);
    EXPECT_TRUE(stream.file->is_readable());
    EXPECT_FALSE(stream.file->is_writable());
}

TEST(stream, a_closed_output_is_a_broken_pipe)
{
    Stream stream(ConsoleStream::Error);
    std::string text = "hello";
    Bytes const bytes{reinterpret_cast<std::byte*>(text.data()), text.size()};
    IoBuffer first = IoBuffer::kernel(bytes);
    EXPECT_EQ(MUST(stream.file->write(first)), 5u);
    EXPECT_EQ(stream.terminal.machine.machine().console_output[2], "hello");
    stream.terminal.machine.machine().console_is_closed = true;
    IoBuffer second = IoBuffer::kernel(bytes);
    EXPECT_EQ(stream.file->write(second).error(), Errno::Pipe);
}

TEST(stream, long_output_is_whole)
{
    Stream stream(ConsoleStream::Output);
    std::string text(200'000, 'x');
    IoBuffer buffer = IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
    EXPECT_EQ(MUST(stream.file->write(buffer)), text.size());
    EXPECT_EQ(stream.terminal.machine.machine().console_output[1], text);
}

TEST(stream, gives_its_frames_back_when_the_heap_is_short)
{
    Stream stream(ConsoleStream::Output);
    u64 const free = stream.terminal.frames.free_frames();
    std::string text(8192, 'x');
    for (u64 nth = 0; nth < 3; ++nth) {
        stream.terminal.machine.fail_allocation(nth);
        IoBuffer buffer =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        Result<usize> const put = stream.file->write(buffer);
        static_cast<void>(put.is_ok());
        EXPECT_EQ(stream.terminal.frames.free_frames(), free);
    }
}

}  // namespace
}  // namespace drydock
