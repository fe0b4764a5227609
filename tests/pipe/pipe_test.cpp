#include "core/pipe/pipe_state.h"
#include "tests/vfs/vfs_fixture.h"

#include <deque>

namespace drydock {
namespace {

using test::kOk;
using namespace open_flags;
using namespace poll_events;

class PipeTest : public test::VfsTest {
protected:
    PipeEnds make_pipe(u32 flags = kNonBlock)
    {
        return MUST(create_pipe(*vfs, flags, credentials));
    }
    // As the audit of a stopped kernel counts them.
    u64 held_frames()
    {
        u64 count = 0;
        for (FrameHolder& holder : frames.holders()) count += holder.held_frames();
        return count;
    }
    static std::string bytes(test::Random& random, usize size)
    {
        std::string text(size, '\0');
        for (char& letter : text) letter = static_cast<char>(random.next());
        return text;
    }
    static Result<usize> read_from(File& file, std::string& text)
    {
        IoBuffer buffer =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        return file.read(buffer);
    }
};

// The slots of a pipe as Linux fills them: their ends within their pages, and what is unread.
class SlotModel {
public:
    bool is_full() const { return slots_.size() == capacity_; }
    usize used() const { return slots_.size(); }
    void resize(usize slots) { capacity_ = slots; }
    // What a non-blocking write of `size` bytes moves.
    usize room_for(usize size) const
    {
        usize const odd = odd_part(size);
        usize const free = (capacity_ - slots_.size()) * kPageSize;
        return odd + (size - odd < free ? size - odd : free);
    }
    // `size` bytes of a write that wanted `wanted` went in.
    void write(usize wanted, usize size)
    {
        usize const odd = odd_part(wanted);
        if (odd > 0) {
            slots_.back().end += odd;
            size -= odd;
        }
        for (; size > 0; size -= slots_.back().end) {
            slots_.push_back({0, size < kPageSize ? size : kPageSize});
        }
    }
    void read(usize size)
    {
        while (size > 0) {
            Slot& slot = slots_.front();
            usize const part = size < slot.end - slot.start ? size : slot.end - slot.start;
            slot.start += part;
            size -= part;
            if (slot.start == slot.end) slots_.pop_front();
        }
    }

private:
    struct Slot {
        usize start = 0;
        usize end = 0;
    };
    usize odd_part(usize size) const
    {
        usize const odd = size % kPageSize;
        return !slots_.empty() && slots_.back().end + odd <= kPageSize ? odd : 0;
    }
    std::deque<Slot> slots_;
    usize capacity_ = kPipeFrames;
};

TEST_F(PipeTest, random_transfers_agree_with_a_queue)
{
    for (u64 seed = 1; seed <= 40; ++seed) {
        test::Random random(seed);
        bool const is_short = seed % 2 == 0;
        machine.machine().choose = [&random, is_short](Choice site, u32 count) -> u32 {
            bool const asks = site == Choice::ShortTransfer && is_short;
            return asks ? static_cast<u32>(random.below(count)) : 0;
        };
        PipeEnds const ends = make_pipe();
        std::string model;
        SlotModel slots;
        u64 const largest = seed % 3 == 0 ? 100 : (seed % 3 == 1 ? 5000 : 80000);
        for (int step = 0; step < 500; ++step) {
            usize const size = 1 + random.below(largest);
            if (random.below(20) == 0) {
                // fcntl(2), F_SETPIPE_SZ: EBUSY where the pipe holds more.
                usize const wanted = usize{1} << random.below(7);
                Result<void> const resized = ends.reader->set_pipe_capacity(wanted * kPageSize);
                ASSERT_EQ(resized.is_ok(), wanted >= slots.used());
                if (resized.is_ok()) slots.resize(wanted);
            }
            if (random.below(2) == 0) {
                std::string const text = bytes(random, size);
                Result<usize> written = write_to(*ends.writer, text);
                // pipe(7): up to PIPE_BUF all or nothing; above as much as there is room for.
                usize const most = slots.room_for(size);
                ASSERT_EQ(written.is_ok(), most > 0);
                if (written.is_error()) {
                    ASSERT_EQ(written.error(), Errno::Again);
                    continue;
                }
                if (size <= kPipeAtomic) {
                    ASSERT_EQ(written.value(), size) << seed;
                }
                if (!is_short) {
                    ASSERT_EQ(written.value(), most) << seed;
                }
                ASSERT_LE(written.value(), most);
                ASSERT_GT(written.value(), 0u);
                // What was shortened went in as if no more had been asked for.
                slots.write(written.value() < most ? written.value() : size, written.value());
                model += text.substr(0, written.value());
            } else {
                std::string text(size, '?');
                Result<usize> moved = read_from(*ends.reader, text);
                ASSERT_EQ(moved.is_ok(), !model.empty());
                if (model.empty()) {
                    ASSERT_EQ(moved.error(), Errno::Again);
                    continue;
                }
                usize const most = size < model.size() ? size : model.size();
                ASSERT_LE(moved.value(), most);
                ASSERT_GT(moved.value(), 0u);
                if (!is_short) {
                    ASSERT_EQ(moved.value(), most);
                }
                ASSERT_EQ(text.substr(0, moved.value()), model.substr(0, moved.value()));
                slots.read(moved.value());
                model.erase(0, moved.value());
            }
            u32 const readable = model.empty() ? 0 : kIn | kRdNorm;
            ASSERT_EQ(ends.reader->poll(nullptr), readable);
            ASSERT_EQ(ends.writer->poll(nullptr), slots.is_full() ? 0 : kOut | kWrNorm);
        }
        machine.machine().choose = nullptr;
    }
}

TEST_F(PipeTest, empty_without_writers_reads_end_of_file)
{
    PipeEnds ends = make_pipe();
    std::string text(8, '?');
    EXPECT_EQ(read_from(*ends.reader, text).error(), Errno::Again);
    MUST(write_to(*ends.writer, "rest"));
    ends.writer.reset();
    EXPECT_EQ(ends.reader->poll(nullptr), kIn | kRdNorm | kHup);
    EXPECT_EQ(MUST(read_from(*ends.reader, text)), 4u);
    EXPECT_EQ(MUST(read_from(*ends.reader, text)), 0u);
    EXPECT_EQ(ends.reader->poll(nullptr), kHup);
}

TEST_F(PipeTest, without_readers_writes_fail)
{
    PipeEnds ends = make_pipe(0);
    ends.reader.reset();
    EXPECT_EQ(write_to(*ends.writer, "x").error(), Errno::Pipe);
    EXPECT_EQ(MUST(write_to(*ends.writer, "")), 0u);
    EXPECT_EQ(ends.writer->poll(nullptr), kOut | kWrNorm | kErr);
    EXPECT_EQ(ends.writer->seek(0, 0).error(), Errno::Spipe);
}

TEST_F(PipeTest, frames_are_taken_as_needed_and_given_back)
{
    PipeEnds ends = make_pipe();
    EXPECT_EQ(frames.counts().pipe, 0u);
    EXPECT_EQ(held_frames(), 0u);
    MUST(write_to(*ends.writer, "x"));
    EXPECT_EQ(frames.counts().pipe, 1u);
    EXPECT_EQ(held_frames(), 1u);
    MUST(write_to(*ends.writer, std::string(65535, 'y')));
    EXPECT_EQ(frames.counts().pipe, 16u);
    EXPECT_EQ(held_frames(), 16u);
    EXPECT_EQ(write_to(*ends.writer, "z").error(), Errno::Again);
    ends.reader.reset();
    ends.writer.reset();
    EXPECT_EQ(frames.counts().pipe, 0u);
    EXPECT_EQ(held_frames(), 0u);
}

TEST_F(PipeTest, a_new_end_comes_from_the_place_of_an_old_one)
{
    PipeEnds ends = make_pipe();
    Path const place = MUST(vfs->path_of(*ends.reader));
    EXPECT_EQ(name_of(place), "?");
    Ref<File> second = MUST(vfs->open_path(place, kWriteOnly | kNonBlock, credentials));
    ends.writer.reset();
    MUST(write_to(*second, "through"));
    std::string text(7, '?');
    EXPECT_EQ(MUST(read_from(*ends.reader, text)), 7u);
    EXPECT_EQ(text, "through");
    InodeAttributes const attributes = ends.reader->inode().attributes();
    EXPECT_EQ(attributes.type, InodeType::Fifo);
    PipeEnds const others = make_pipe();
    EXPECT_NE(others.reader->inode().attributes().number, attributes.number);
    EXPECT_EQ(MUST(ends.reader->pipe_capacity()), 65536u);
}

// pipe(2), O_DIRECT.
TEST_F(PipeTest, packets_are_read_one_by_one_and_what_is_left_of_one_is_lost)
{
    PipeEnds ends = make_pipe(kNonBlock | kDirect);
    EXPECT_EQ(ends.reader->flags() & kDirect, 0u);
    MUST(write_to(*ends.writer, "first"));
    MUST(write_to(*ends.writer, "second"));
    ends.writer->set_flags(ends.writer->flags() & ~kDirect);
    MUST(write_to(*ends.writer, "str"));
    MUST(write_to(*ends.writer, "eam"));
    std::string text(64, '?');
    EXPECT_EQ(MUST(read_from(*ends.reader, text)), 5u);
    std::string part(3, '?');
    EXPECT_EQ(MUST(read_from(*ends.reader, part)), 3u);
    EXPECT_EQ(part, "sec");
    EXPECT_EQ(MUST(read_from(*ends.reader, text)), 6u);
    EXPECT_EQ(text.substr(0, 6), "stream");
    EXPECT_EQ(read_from(*ends.reader, text).error(), Errno::Again);
}

// fifo(7).
TEST_F(PipeTest, fifos_open_without_waiting_when_asked)
{
    ASSERT_EQ(kOk, error_of(vfs->make_node(resolver(), "/fifo", InodeType::Fifo, 0600, 0)));
    EXPECT_EQ(open("/fifo", kWriteOnly | kNonBlock), Errno::Nxio);
    Ref<File> reader = opened("/fifo", kReadOnly | kNonBlock);
    EXPECT_EQ(reader->poll(nullptr), 0u);
    std::string text(4, '?');
    EXPECT_EQ(MUST(read_from(*reader, text)), 0u);
    Ref<File> writer = opened("/fifo", kWriteOnly | kNonBlock);
    MUST(write_to(*writer, "data"));
    writer.reset();
    EXPECT_EQ(reader->poll(nullptr), kIn | kRdNorm | kHup);
    EXPECT_EQ(MUST(read_from(*reader, text)), 4u);
    reader.reset();
    // What nobody has open holds no data.
    Ref<File> both = opened("/fifo", kReadWrite);
    MUST(write_to(*both, "left"));
    both.reset();
    both = opened("/fifo", kReadWrite | kNonBlock);
    EXPECT_EQ(read_from(*both, text).error(), Errno::Again);
}

TEST_F(PipeTest, running_out_of_memory_gives_everything_back)
{
    bool has_succeeded = false;
    for (u64 nth = 0; nth < 50 && !has_succeeded; ++nth) {
        saturate_heap();
        machine.fail_allocation(nth);
        Result<PipeEnds> ends = create_pipe(*vfs, kNonBlock, credentials);
        if (ends.is_ok()) {
            PipeEnds const made = ends.take();
            Result<usize> written = write_to(*made.writer, std::string(10000, 'x'));
            if (machine.has_failed() && written.is_ok()) {
                EXPECT_LT(written.value(), 10000u);
            }
        }
        has_succeeded = !machine.has_failed();
        machine.fail_nothing();
        release_fillers();
    }
    EXPECT_TRUE(has_succeeded);
}

}  // namespace
}  // namespace drydock
