#include "guest/input_stream.h"

#include "core/base/assert.h"
#include "guest/instructions.h"

namespace drydock::guest {

void InputStream::start()
{
    if (!serial_.is_there()) return;
    serial_.start(true);
    serial_.enable_receive_interrupt();
    has_ended_ = false;
}

std::byte InputStream::wait_for_byte()
{
    std::byte byte{};
    while (serial_.take({&byte, 1}) == 0) {
        // Asking the port again and again would keep QEMU from serving it.
        if (!serial_.receive()) enable_interrupts_and_pause();
    }
    return byte;
}

usize InputStream::read(Bytes target)
{
    ASSERT(target.size() > 0);
    if (left_ == 0 && !has_ended_) {
        serial_.write("?");
        auto const low = static_cast<usize>(wait_for_byte());
        auto const high = static_cast<usize>(wait_for_byte());
        left_ = low | high << 8;
        has_ended_ = left_ == 0;
    }
    usize done = 0;
    while (done < target.size() && left_ > 0) {
        target[done] = wait_for_byte();
        ++done;
        --left_;
    }
    return done;
}

}  // namespace drydock::guest
