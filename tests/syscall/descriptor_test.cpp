#include "tests/syscall/caller.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/uio.h>

namespace drydock {
namespace {

using test::Caller;

class Descriptors : public testing::Test {
protected:
    u64 open(std::string const& path, u32 flags)
    {
        i64 const result = caller.call(SYS_open, {caller.put(path, 4096), flags, 0644});
        EXPECT_GE(result, 0) << path;
        return static_cast<u64>(result);
    }
    struct Pipe {
        u64 reader = 0;
        u64 writer = 0;
    };
    Pipe pipe()
    {
        EXPECT_EQ(caller.call(SYS_pipe2, {Caller::kMemory + 512, 0}), 0);
        return {caller.value<u32>(Caller::kMemory + 512), caller.value<u32>(Caller::kMemory + 516)};
    }
    u32 poll_one(u64 descriptor, i16 events)
    {
        pollfd request{static_cast<int>(descriptor), events, 0x7fff};
        u64 const address = caller.put(&request, sizeof(request));
        i64 const ready = caller.call(SYS_poll, {address, 1, 0});
        u32 const returned = static_cast<u16>(caller.value<pollfd>(address).revents);
        EXPECT_EQ(ready, returned == 0 ? 0 : 1);
        return returned;
    }

    Caller caller{};
};

TEST_F(Descriptors, unknown_calls_are_reported)
{
    EXPECT_EQ(caller.call(450), -ENOSYS);
    EXPECT_EQ(caller.call(100'000), -ENOSYS);
    EXPECT_EQ(caller.machine.count(EventKind::UnknownSyscall), 2u);
    EXPECT_EQ(caller.machine.count(EventKind::SyscallEnter), 2u);
    Event const last = caller.machine.last(EventKind::SyscallExit);
    EXPECT_EQ(last.a, 100'000u);
    EXPECT_EQ(static_cast<i64>(last.b), -ENOSYS);
}

TEST_F(Descriptors, only_the_low_half_of_the_number_counts)
{
    EXPECT_EQ(caller.call(0x1'0000'0000 + SYS_close, {77}), -EBADF);
}

TEST_F(Descriptors, read_and_write_check_their_arguments)
{
    u64 const file = open("/f", O_RDWR | O_CREAT);
    EXPECT_EQ(caller.call(SYS_write, {file, caller.put("hello"), 5}), 5);
    EXPECT_EQ(caller.call(SYS_lseek, {file, 0, SEEK_SET}), 0);
    EXPECT_EQ(caller.call(SYS_read, {file, 0xffff'8000'0000'0000, 5}), -EFAULT);
    EXPECT_EQ(caller.call(SYS_read, {file, 0x1000, 5}), -EFAULT);
    EXPECT_EQ(caller.call(SYS_read, {file, Caller::kMemory + 64, 100}), 5);
    EXPECT_EQ(caller.call(SYS_read, {file, Caller::kMemory, 100}), 0);
    EXPECT_EQ(caller.call(SYS_pread64, {file, Caller::kMemory, 1, ~u64{0}}), -EINVAL);
    EXPECT_EQ(caller.call(SYS_lseek, {file, 0, 9}), -EINVAL);
    u64 const read_only = open("/f", O_RDONLY);
    EXPECT_EQ(caller.call(SYS_write, {read_only, Caller::kMemory, 1}), -EBADF);
    u64 const write_only = open("/f", O_WRONLY);
    EXPECT_EQ(caller.call(SYS_read, {write_only, Caller::kMemory, 1}), -EBADF);
    EXPECT_EQ(caller.call(SYS_read, {1000, Caller::kMemory, 1}), -EBADF);
}

TEST_F(Descriptors, vectors_are_checked_before_anything_moves)
{
    u64 const file = open("/f", O_RDWR | O_CREAT);
    iovec vectors[2] = {};
    vectors[0] = {reinterpret_cast<void*>(Caller::kMemory), 3};
    vectors[1] = {reinterpret_cast<void*>(Caller::kMemory + 3), static_cast<size_t>(-1)};
    caller.put("abcdef");
    u64 const address = caller.put(vectors, sizeof(vectors), 1024);
    EXPECT_EQ(caller.call(SYS_writev, {file, address, 2}), -EINVAL);
    EXPECT_EQ(caller.call(SYS_writev, {file, address, 1}), 3);
    EXPECT_EQ(caller.call(SYS_writev, {file, address, 1025}), -EINVAL);
    EXPECT_EQ(caller.call(SYS_writev, {file, address, 0}), 0);
    EXPECT_EQ(caller.call(SYS_writev, {file, 8, 1}), -EFAULT);
}

TEST_F(Descriptors, duplicates_follow_the_manual)
{
    u64 const file = open("/f", O_RDWR | O_CREAT);
    EXPECT_EQ(caller.call(SYS_dup2, {file, file}), static_cast<i64>(file));
    EXPECT_EQ(caller.call(SYS_dup3, {file, file, 0}), -EINVAL);
    EXPECT_EQ(caller.call(SYS_dup2, {99, 99}), -EBADF);
    EXPECT_EQ(caller.call(SYS_dup2, {file, 1 << 21}), -EBADF);
    EXPECT_EQ(caller.call(SYS_fcntl, {file, F_DUPFD_CLOEXEC, 20}), 20);
    EXPECT_EQ(caller.call(SYS_fcntl, {20, F_GETFD}), FD_CLOEXEC);
    EXPECT_EQ(caller.call(SYS_fcntl, {file, F_GETFD}), 0);
    EXPECT_EQ(caller.call(SYS_fcntl, {file, F_DUPFD, 1 << 21}), -EINVAL);
    EXPECT_EQ(caller.call(SYS_close_range, {3, 2, 0}), -EINVAL);
    EXPECT_EQ(caller.call(SYS_close_range, {0, ~0u, 0}), 0);
    EXPECT_EQ(caller.thread->files->open_count(), 0u);
}

TEST_F(Descriptors, a_writer_without_readers_gets_a_signal)
{
    Pipe const ends = pipe();
    EXPECT_EQ(caller.call(SYS_close, {ends.reader}), 0);
    EXPECT_EQ(caller.call(SYS_write, {ends.writer, caller.put("x"), 1}), -EPIPE);
    EXPECT_TRUE(caller.thread->pending.has(Signal::Pipe) ||
                caller.process->pending.has(Signal::Pipe));
}

TEST_F(Descriptors, poll_tells_the_state_of_pipes)
{
    Pipe const ends = pipe();
    EXPECT_EQ(poll_one(ends.reader, POLLIN), 0u);
    EXPECT_EQ(poll_one(ends.writer, POLLOUT), static_cast<u32>(POLLOUT));
    EXPECT_EQ(caller.call(SYS_write, {ends.writer, caller.put(std::string("x"), 2048), 1}), 1);
    EXPECT_EQ(poll_one(ends.reader, POLLIN), static_cast<u32>(POLLIN));
    EXPECT_EQ(caller.call(SYS_close, {ends.writer}), 0);
    EXPECT_EQ(poll_one(ends.reader, POLLIN), static_cast<u32>(POLLIN | POLLHUP));
    EXPECT_EQ(poll_one(99, POLLIN), static_cast<u32>(POLLNVAL));
}

TEST_F(Descriptors, poll_ignores_negative_descriptors)
{
    pollfd request{-1, POLLIN, 0x7fff};
    u64 const address = caller.put(&request, sizeof(request));
    EXPECT_EQ(caller.call(SYS_poll, {address, 1, 0}), 0);
    EXPECT_EQ(caller.value<pollfd>(address).revents, 0);
    EXPECT_EQ(caller.call(SYS_poll, {address, 1 << 21, 0}), -EINVAL);
}

TEST_F(Descriptors, select_answers_in_its_sets)
{
    Pipe const ends = pipe();
    EXPECT_EQ(caller.call(SYS_write, {ends.writer, caller.put(std::string("x"), 2048), 1}), 1);
    u64 sets[2] = {u64{1} << ends.reader | u64{1} << 60, u64{1} << ends.writer};
    timeval const timeout{0, 0};
    u64 const in = caller.put(&sets[0], 8, 0);
    u64 const out = caller.put(&sets[1], 8, 8);
    u64 const time = caller.put(&timeout, sizeof(timeout), 16);
    // Bits at and above the count are not looked at, and come back clear.
    EXPECT_EQ(caller.call(SYS_select, {10, in, out, 0, time}), 2);
    EXPECT_EQ(caller.value<u64>(in), u64{1} << ends.reader);
    EXPECT_EQ(caller.value<u64>(out), u64{1} << ends.writer);
    caller.put(&sets[0], 8, 0);
    EXPECT_EQ(caller.call(SYS_select, {64, in, 0, 0, time}), -EBADF);
    EXPECT_EQ(caller.call(SYS_select, {static_cast<u64>(-1), in, 0, 0, time}), -EINVAL);
    timeval const negative{-1, 0};
    caller.put(&negative, sizeof(negative), 16);
    EXPECT_EQ(caller.call(SYS_select, {0, 0, 0, 0, time}), -EINVAL);
}

TEST_F(Descriptors, directories_list_in_exact_records)
{
    open("/a", O_CREAT);
    open("/long_name", O_CREAT);
    u64 const directory = open("/", O_RDONLY | O_DIRECTORY);
    EXPECT_EQ(caller.call(SYS_getdents64, {directory, Caller::kMemory, 23}), -EINVAL);
    i64 const size = caller.call(SYS_getdents64, {directory, Caller::kMemory, 4096});
    ASSERT_GT(size, 0);
    std::vector<u8> const bytes = caller.get(Caller::kMemory, static_cast<usize>(size));
    std::vector<std::string> names;
    for (usize at = 0; at < bytes.size();) {
        dirent64 record{};
        std::memcpy(&record, &bytes[at], offsetof(dirent64, d_name));
        std::string const name(reinterpret_cast<char const*>(&bytes[at + 19]));
        EXPECT_EQ(record.d_reclen, (19 + name.size() + 1 + 7) / 8 * 8);
        EXPECT_EQ(record.d_type, name[0] == '.' ? DT_DIR : DT_REG) << name;
        names.push_back(name);
        at += record.d_reclen;
    }
    // The newest first, as Linux's tmpfs has it.
    EXPECT_EQ(names, (std::vector<std::string>{".", "..", "long_name", "a"}));
    EXPECT_EQ(caller.call(SYS_getdents64, {directory, Caller::kMemory, 4096}), 0);
    EXPECT_EQ(caller.call(SYS_getdents64, {open("/a", O_RDONLY), Caller::kMemory, 4096}), -ENOTDIR);
}

TEST_F(Descriptors, a_listing_goes_on_where_the_buffer_was_full)
{
    for (int i = 0; i < 30; ++i) open("/file" + std::to_string(i), O_CREAT);
    u64 const directory = open("/", O_RDONLY | O_DIRECTORY);
    usize records = 0;
    for (;;) {
        i64 const size = caller.call(SYS_getdents64, {directory, Caller::kMemory, 64});
        ASSERT_GE(size, 0);
        if (size == 0) break;
        std::vector<u8> const bytes = caller.get(Caller::kMemory, static_cast<usize>(size));
        for (usize at = 0; at < bytes.size(); at += bytes[at + 16]) ++records;
    }
    EXPECT_EQ(records, 32u);
}

TEST_F(Descriptors, flock_excludes_other_open_files)
{
    u64 const first = open("/f", O_RDWR | O_CREAT);
    u64 const second = open("/f", O_RDWR);
    EXPECT_EQ(caller.call(SYS_flock, {first, LOCK_SH}), 0);
    EXPECT_EQ(caller.call(SYS_flock, {second, LOCK_SH}), 0);
    EXPECT_EQ(caller.call(SYS_flock, {second, LOCK_EX | LOCK_NB}), -EAGAIN);
    EXPECT_EQ(caller.call(SYS_close, {first}), 0);
    EXPECT_EQ(caller.call(SYS_flock, {second, LOCK_EX | LOCK_NB}), 0);
    EXPECT_EQ(caller.call(SYS_flock, {second, 77}), -EINVAL);
}

TEST_F(Descriptors, record_locks_of_open_files_split_and_conflict)
{
    u64 const first = open("/f", O_RDWR | O_CREAT);
    u64 const second = open("/f", O_RDWR);
    auto const lock = [&](u64 file, u64 command, short type, i64 start, i64 length) {
        struct flock request {};
        request.l_type = type;
        request.l_start = start;
        request.l_len = length;
        return caller.call(SYS_fcntl, {file, command, caller.put(&request, sizeof(request))});
    };
    EXPECT_EQ(lock(first, F_OFD_SETLK, F_WRLCK, 0, 100), 0);
    EXPECT_EQ(lock(second, F_OFD_SETLK, F_RDLCK, 50, 1), -EAGAIN);
    EXPECT_EQ(lock(first, F_OFD_SETLK, F_UNLCK, 40, 20), 0);
    EXPECT_EQ(lock(second, F_OFD_SETLK, F_WRLCK, 40, 20), 0);
    EXPECT_EQ(lock(second, F_OFD_SETLK, F_WRLCK, 60, 1), -EAGAIN);
    EXPECT_EQ(lock(second, F_OFD_GETLK, F_WRLCK, 0, 0), 0);
    auto const found = caller.value<struct flock>(Caller::kMemory);
    EXPECT_EQ(found.l_type, F_WRLCK);
    EXPECT_EQ(found.l_pid, -1);
    // A process has one set of locks, whatever descriptor it uses.
    EXPECT_EQ(lock(first, F_SETLK, F_WRLCK, 200, 10), 0);
    EXPECT_EQ(lock(second, F_SETLK, F_WRLCK, 200, 10), 0);
    EXPECT_EQ(lock(second, F_SETLK, F_WRLCK, -1, 10), -EINVAL);
    EXPECT_EQ(lock(second, F_SETLK, 9, 0, 10), -EINVAL);
}

TEST_F(Descriptors, sockets_of_other_families_are_refused)
{
    EXPECT_EQ(caller.call(SYS_socket, {2, 1, 0}), -EAFNOSUPPORT);
    EXPECT_EQ(caller.call(SYS_socketpair, {2, 1, 0, Caller::kMemory}), -EAFNOSUPPORT);
    EXPECT_EQ(caller.call(SYS_connect, {99, 0, 0}), -EBADF);
    u64 const file = open("/f", O_RDWR | O_CREAT);
    EXPECT_EQ(caller.call(SYS_listen, {file, 0}), -ENOTSOCK);
}

}  // namespace
}  // namespace drydock
