#include "core/process/signal_file.h"
#include "tests/process/process_fixture.h"

namespace drydock {
namespace {

TEST(signal_file, a_signal_of_kill_names_its_sender)
{
    SignalFileInfo const info =
        describe_signal(SignalInfo::from_user(Signal::Usr1, kSiUser, 12, 1000));
    EXPECT_EQ(info.number, 10u);
    EXPECT_EQ(info.code, kSiUser);
    EXPECT_EQ(info.pid, 12u);
    EXPECT_EQ(info.uid, 1000u);
    EXPECT_EQ(info.pointer, 0u);
}

TEST(signal_file, a_queued_signal_carries_its_value)
{
    SignalInfo sent = SignalInfo::from_user(Signal::RtMin, kSiQueue, 12, 0);
    sent.fields[1] = 0x1'2345'6789;
    SignalFileInfo const info = describe_signal(sent);
    EXPECT_EQ(info.pointer, 0x1'2345'6789u);
    EXPECT_EQ(info.integer, 0x2345'6789);
}

TEST(signal_file, a_child_and_a_fault_are_told_apart_by_their_codes)
{
    SignalInfo child = SignalInfo::from_user(Signal::Chld, kCldKilled, 12, 0);
    child.fields[1] = 9;
    child.fields[2] = 3;
    EXPECT_EQ(describe_signal(child).status, 9);
    EXPECT_EQ(describe_signal(child).user_time, 3u);
    SignalFileInfo const fault =
        describe_signal(SignalInfo::from_fault(Signal::Segv, kSegvMaperr, 0x1000));
    EXPECT_EQ(fault.address, 0x1000u);
    EXPECT_EQ(fault.pid, 0u);
    // Sent by kill(2) it is no fault.
    EXPECT_EQ(describe_signal(SignalInfo::from_user(Signal::Segv, kSiUser, 5, 0)).pid, 5u);
}

TEST(signal_file, of_a_timer_the_overruns_are_told)
{
    SignalInfo sent = SignalInfo::from_user(Signal::Alrm, kSiTimer, 3, 44);
    SignalFileInfo const info = describe_signal(sent);
    EXPECT_EQ(info.timer, 3u);
    EXPECT_EQ(info.overrun, 44u);
    EXPECT_EQ(info.pid, 0u);
}

using SignalFileTest = test::ProcessTest;

TEST_F(SignalFileTest, without_memory_there_is_none)
{
    System& system = parts().system;
    // The inode that all share is there from now on.
    Ref<File> const first = MUST(SignalFile::create(system, {}, 0));
    EXPECT_EQ(first->kind(), FileKind::Signals);
    EXPECT_EQ(MUST(first->seek(5, 0)), 0u);
}

}  // namespace
}  // namespace drydock
