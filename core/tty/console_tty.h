#pragma once

// The terminal on the machine's console.

#include "core/tty/tty.h"

namespace drydock {

class ConsoleTty final : public TtyDevice {
public:
    ConsoleTty(Vfs& vfs, Platform& platform);

    // After each interrupt, too.
    void poll_input() override;
    void send(ConstBytes bytes) override;
    u64 device_number() const override { return make_device(5, 1); }
    // Host streams that are no terminals: files that read or write them directly, behaving as
    // pipes.
    Result<Ref<File>> open_stream(ConsoleStream stream);

private:
    void hang_up();

    Platform& platform_;
    ConsoleStream stream_ = ConsoleStream::Output;
    bool has_input_stream_ = false;
};

}  // namespace drydock
