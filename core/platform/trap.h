#pragma once

// Why user code stopped running.

#include "core/base/integers.h"

namespace drydock {

struct Trap {
    enum class Kind : u8 {
        Syscall,    // SYSCALL: rax is the number, rcx the return address, r11 the flags.
        PageFault,  // Vector 14: address is CR2, error_code as in the Intel SDM vol. 3, 4.7.
        Exception,  // Any other vector. Of vector 1 the address is DR6.
        Interrupt,  // The timer or the console: Platform::now() and console_input() tell more.
    };

    Kind kind = Kind::Interrupt;
    u8 vector = 0;
    u32 error_code = 0;
    u64 address = 0;
};

// Set in DR6 by a single step (Intel SDM vol. 3, 17.2.3).
inline constexpr u64 kDebugStep = u64{1} << 14;

namespace page_fault {
inline constexpr u32 kPresent = 1u << 0;
inline constexpr u32 kWrite = 1u << 1;
inline constexpr u32 kUser = 1u << 2;
inline constexpr u32 kReserved = 1u << 3;
inline constexpr u32 kFetch = 1u << 4;
}  // namespace page_fault

}  // namespace drydock
