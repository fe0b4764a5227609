#pragma once

// The console of a simulation on the host's standard streams.

#include "sim/console.h"

#include <vector>

namespace drydock::sim {

class HostConsole final : public Console {
public:
    // A standard input that is a terminal is put into raw mode if `may_be_raw`, and back when the
    // console goes, however the process ends.
    explicit HostConsole(bool may_be_raw);
    ~HostConsole() override;
    HostConsole(HostConsole const&) = delete;
    HostConsole& operator=(HostConsole const&) = delete;

    ConsoleMode mode() override { return mode_; }
    ConsoleRead read(Bytes target) override;
    bool write(ConsoleStream stream, ConstBytes bytes) override;
    void flush() override;
    bool has_input(u64 now_ps) override;
    u64 wait_for_input(u64 now_ps, u64 timeout_ns) override;

private:
    bool send(int descriptor, char const* data, usize size);

    ConsoleMode mode_{};
    // Output not yet written, all of one stream: the order between streams is kept.
    std::vector<char> pending_;
    ConsoleStream pending_stream_ = ConsoleStream::Output;
    bool is_closed_[3] = {};
};

}  // namespace drydock::sim
