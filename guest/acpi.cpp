#include "guest/acpi.h"

#include "core/base/span.h"
#include "guest/boot_info.h"

namespace drydock::guest {

namespace {

// Fields are read by their offsets: tables are not aligned.
constexpr u64 kRootSize = 20, kRootRevision = 15, kRootRsdt = 16, kRootXsdt = 24;
constexpr u64 kNewRootSize = 36;
constexpr u64 kTableLength = 4, kTableHeader = 36;
constexpr u64 kFadtDsdt = 40, kFadtCommandPort = 48, kFadtEnable = 52, kFadtControl = 64;
constexpr u64 kFadtSize = 116, kFadtNewDsdt = 140, kFadtNewSize = 148;
constexpr u64 kMaximumTable = 16 * kMiB;
constexpr u16 kSleepEnable = 1u << 13;
constexpr unsigned kSleepTypeShift = 10;
// ACPI 6.4, 20.2: the codes of AML that \_S5 is made of.
constexpr u8 kNameOp = 0x08, kRootPrefix = '\\', kPackageOp = 0x12, kByteOp = 0x0a;
constexpr u8 kZeroOp = 0, kOneOp = 1;

u64 number_at(u64 address, unsigned bytes)
{
    u64 value = 0;
    for (unsigned i = bytes; i > 0; --i) {
        value = value << 8 | *reinterpret_cast<u8 const*>(address + i - 1);
    }
    return value;
}

bool starts_with(u64 address, StringView text)
{
    return StringView{reinterpret_cast<char const*>(address), text.size()} == text;
}

bool is_sum_zero(u64 address, u64 size)
{
    u8 sum = 0;
    for (u64 i = 0; i < size; ++i) {
        sum = static_cast<u8>(sum + *reinterpret_cast<u8 const*>(address + i));
    }
    return sum == 0;
}

// The length of a sound table with this signature; 0 if there is none.
u64 table_size(u64 address, StringView signature)
{
    if (address == 0 || !is_reachable(address, kTableHeader)) return 0;
    if (!starts_with(address, signature)) return 0;
    u64 const size = number_at(address + kTableLength, 4);
    bool const is_sound = size >= kTableHeader && size <= kMaximumTable &&
                          is_reachable(address, size) && is_sum_zero(address, size);
    return is_sound ? size : 0;
}

u64 find_fadt(u64 root)
{
    bool const is_new = number_at(root + kRootRevision, 1) >= 2 &&
                        is_reachable(root, kNewRootSize) && number_at(root + kRootXsdt, 8) != 0;
    unsigned const width = is_new ? 8 : 4;
    u64 const list = number_at(root + (is_new ? kRootXsdt : kRootRsdt), width);
    u64 const size = table_size(list, is_new ? "XSDT" : "RSDT");
    for (u64 at = kTableHeader; at + width <= size; at += width) {
        u64 const table = number_at(list + at, width);
        if (table_size(table, "FACP") >= kFadtSize) return table;
    }
    return 0;
}

// The sleep type of an \_S5 whose name starts here:
//   NameOp (\)? "_S5_" PackageOp PkgLength NumElements (BytePrefix)? type
// False if these bytes mean something else.
bool read_sleep_type(u64 name, u64 start, u64 end, u8& type)
{
    constexpr u64 kLongest = 4 + 1 + 4 + 1 + 2;
    if (name <= start || end - name < kLongest) return false;
    u64 const before = number_at(name - 1, 1);
    bool const is_name =
        before == kNameOp || (before == kRootPrefix && number_at(name - 2, 1) == kNameOp);
    if (!is_name || number_at(name + 4, 1) != kPackageOp) return false;
    // The two upper bits of PkgLength say how many bytes follow its first.
    u64 const element = name + 6 + (number_at(name + 5, 1) >> 6) + 1;
    auto const first = static_cast<u8>(number_at(element, 1));
    if (first != kByteOp && first != kZeroOp && first != kOneOp) return false;
    type = first == kByteOp ? static_cast<u8>(number_at(element + 1, 1)) : first;
    return type < 8;
}

bool find_sleep_type(u64 dsdt, u8& type)
{
    u64 const end = dsdt + table_size(dsdt, "DSDT");
    for (u64 at = dsdt + kTableHeader; at + 4 <= end; ++at) {
        if (starts_with(at, "_S5_") && read_sleep_type(at, dsdt + kTableHeader, end, type))
            return true;
    }
    return false;
}

}  // namespace

bool find_soft_off(u64 root_pointer, SoftOff& result)
{
    if (root_pointer == 0 || !is_reachable(root_pointer, kRootSize)) return false;
    if (!starts_with(root_pointer, "RSD PTR ") || !is_sum_zero(root_pointer, kRootSize))
        return false;
    u64 const fadt = find_fadt(root_pointer);
    if (fadt == 0) return false;
    u64 dsdt = number_at(fadt + kFadtDsdt, 4);
    if (dsdt == 0 && table_size(fadt, "FACP") >= kFadtNewSize) {
        dsdt = number_at(fadt + kFadtNewDsdt, 8);
    }
    u64 const control = number_at(fadt + kFadtControl, 4);
    u8 type = 0;
    if (control == 0 || control > 0xffff || !find_sleep_type(dsdt, type)) return false;
    result.control_port = static_cast<u16>(control);
    result.value = static_cast<u16>(kSleepEnable | type << kSleepTypeShift);
    result.command_port = static_cast<u16>(number_at(fadt + kFadtCommandPort, 2));
    result.enable_command = static_cast<u8>(number_at(fadt + kFadtEnable, 1));
    return true;
}

}  // namespace drydock::guest
