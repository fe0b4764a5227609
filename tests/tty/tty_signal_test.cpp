// Whom a terminal tells of its input by a signal (fcntl(2), O_ASYNC).

#include "tests/tty/terminal.h"

#include <gtest/gtest.h>

namespace drydock {
namespace {

class Listener final : public SignalClient {
public:
    ~Listener() = default;
    void tell(SignalOwner const&, SignalReason reason) override
    {
        EXPECT_EQ(reason, SignalReason::In);
        ++count;
    }
    int take() { return std::exchange(count, 0); }
    int count = 0;
};

TEST(tty_signals, a_line_tells_and_half_a_line_does_not)
{
    test::Terminal terminal;
    Listener listener;
    terminal.vfs.set_signal_client(&listener);
    SignalList& list = terminal.device.signalled();
    EXPECT_TRUE(list.is_empty());
    OpenRequest request;
    request.flags = open_flags::kReadWrite;
    {
        Ref<File> const file = MUST(terminal.device.open(request));
        MUST(file->start_signals(terminal.heap, 0));
        terminal.type("half");
        EXPECT_EQ(listener.take(), 0);
        terminal.type(" a line\n");
        EXPECT_EQ(listener.take(), 1);
        file->stop_signals();
        terminal.type("more\n");
        EXPECT_EQ(listener.take(), 0);
        MUST(file->start_signals(terminal.heap, 0));
    }
    // The file has gone.
    EXPECT_TRUE(list.is_empty());
}

}  // namespace
}  // namespace drydock
