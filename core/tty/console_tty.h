#pragma once

// The terminal on the machine's console.

#include "core/tty/tty.h"

namespace drydock {

class ConsoleTty final : public TtyDevice {
public:
    ConsoleTty(Vfs& vfs, Platform& platform);

    // After each interrupt, too.
    void poll_input() override;
    // Standard input that is no terminal is what is typed here, byte by byte, when somebody reads;
    // after its end nothing more is typed, as on a line that is quiet.
    void type_from_stream();
    bool ask_for_input() override;
    // Whether somebody waits for input although none will come.
    bool waits_in_vain() const { return has_ended_ && has_waiting_reader(); }
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
    bool is_typed_from_stream_ = false;
    bool has_ended_ = false;  // The input, of either kind.
};

}  // namespace drydock
