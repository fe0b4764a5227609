// Motorola MC146818A: seconds to years in registers 0 to 9, formats in register 11.

#include "guest/clock.h"
#include "guest/instructions.h"

namespace drydock::guest {

namespace {

constexpr u16 kIndex = 0x70, kData = 0x71;
constexpr u8 kSeconds = 0, kMinutes = 2, kHours = 4, kDay = 7, kMonth = 8, kYear = 9;
constexpr u8 kStatusA = 10, kStatusB = 11;
constexpr u8 kUpdating = 0x80, kBinary = 4, kFullDay = 2, kAfternoon = 0x80;

u8 read_register(u8 number)
{
    out8(kIndex, number);
    return in8(kData);
}

u64 decoded(u8 value, bool is_binary)
{
    if (is_binary) return value;
    return static_cast<u64>(value >> 4) * 10 + (value & 15);
}

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil.
u64 days_since_1970(u64 year, u64 month, u64 day)
{
    u64 const shifted_year = month <= 2 ? year - 1 : year;
    u64 const era = shifted_year / 400;
    u64 const year_of_era = shifted_year - era * 400;
    u64 const day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    u64 const day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

}  // namespace

u64 read_battery_clock()
{
    // An update takes 2 ms at most; a missing clock answers all ones.
    for (unsigned i = 0; i < 100'000 && (read_register(kStatusA) & kUpdating) != 0; ++i) {
    }
    u8 const format = read_register(kStatusB);
    bool const is_binary = (format & kBinary) != 0;
    u8 const hours = read_register(kHours);
    u64 const month = decoded(read_register(kMonth), is_binary);
    u64 const day = decoded(read_register(kDay), is_binary);
    if (month < 1 || month > 12 || day < 1 || day > 31) return 0;
    u64 hour = decoded(hours & static_cast<u8>(~kAfternoon), is_binary);
    if ((format & kFullDay) == 0) hour = hour % 12 + ((hours & kAfternoon) != 0 ? 12 : 0);
    u64 const year = 2000 + decoded(read_register(kYear), is_binary);
    u64 const days = days_since_1970(year, month, day);
    u64 const minute = decoded(read_register(kMinutes), is_binary);
    return ((days * 24 + hour) * 60 + minute) * 60 + decoded(read_register(kSeconds), is_binary);
}

}  // namespace drydock::guest
