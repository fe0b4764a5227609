#pragma once

// Sends the signals of files that can be read or written (fcntl(2), O_ASYNC; fs/fcntl.c,
// send_sigio).

#include "core/process/process_table.h"
#include "core/vfs/signal_owner.h"

namespace drydock {

class IoSignals final : public SignalClient {
public:
    explicit IoSignals(System& system) : system_(system) {}
    void tell(SignalOwner const& owner, SignalReason reason) override;

private:
    // To the process, or to its one thread if that is not null.
    void send(SignalOwner const& owner,
              SignalReason reason,
              Process& process,
              UserThread* thread,
              Credentials const& target);

    System& system_;
};

}  // namespace drydock
