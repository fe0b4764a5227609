#pragma once

// What the terminal needs to know of processes: groups, sessions, signals, the controlling
// terminal.

#include "core/process/process_table.h"
#include "core/tty/tty.h"

namespace drydock {

class ProcessTtyClient final : public TtyClient {
public:
    explicit ProcessTtyClient(System& system) : system_(system) {}

    void signal_group(u32 group_id, u32 signal) override;
    u32 current_group() override;
    u32 current_session() override;
    bool can_stop_current(u32 signal) override;
    Result<void> acquire(void* tty, bool steal) override;
    void give_up(void* tty) override;
    bool group_is_in_session(u32 group_id, u32 session_id) override;
    u32 seen_number(u32 id) override;
    u32 meant_number(u32 seen) override;
    TtyDevice* current_terminal() override;
    void hang_up(TtyDevice& device) override;
    void lose_terminal(TtyDevice& device) override;

private:
    UserThread* current();

    System& system_;
};

}  // namespace drydock
