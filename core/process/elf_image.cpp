#include "core/process/elf_image.h"

namespace drydock {

namespace {

constexpr u8 kMagic[4] = {0x7f, 'E', 'L', 'F'};
constexpr u16 kMachineX86 = 62;
// fs/binfmt_elf.c, load_elf_phdrs.
constexpr usize kHeadersMaximum = 65536;
constexpr u64 kInterpreterMaximum = 4096;

bool is_for_this_machine(ElfHeader const& header)
{
    if (memcmp(header.identification, kMagic, sizeof(kMagic)) != 0) return false;
    // The class and data bytes are not looked at, as in Linux (fs/binfmt_elf.c, elf_check_arch).
    if (header.type != kElfExecutable && header.type != kElfShared) return false;
    return header.machine == kMachineX86;
}

Result<void> check_segment(ElfProgramHeader const& segment)
{
    if (segment.file_size > segment.memory_size) return Errno::Inval;
    if (segment.memory_size > kUserEnd) return Errno::Inval;
    if (segment.address > kUserEnd - segment.memory_size) return Errno::Inval;
    // Pages of the file become pages of memory, so both must start at the same place in a page.
    if (((segment.address ^ segment.offset) & kPageMask) != 0) return Errno::Inval;
    constexpr u64 kLargestOffset = u64{1} << 62;
    if (segment.offset > kLargestOffset) return Errno::Inval;
    return {};
}

}  // namespace

Span<ElfProgramHeader const> ElfImage::headers() const
{
    return {reinterpret_cast<ElfProgramHeader const*>(headers_.data()),
            header_.program_header_count};
}

Result<ElfImage> ElfImage::parse(Heap& heap, ProgramFile const& file, ConstBytes start)
{
    ElfImage image;
    if (start.size() < sizeof(ElfHeader)) return Errno::NoExec;
    memcpy(&image.header_, start.data(), sizeof(ElfHeader));
    if (!is_for_this_machine(image.header_)) return Errno::NoExec;
    if (image.header_.program_header_size != sizeof(ElfProgramHeader)) return Errno::NoExec;
    usize const size = usize{image.header_.program_header_count} * sizeof(ElfProgramHeader);
    if (size == 0 || size > kHeadersMaximum) return Errno::NoExec;
    image.headers_ = TRY(Buffer::create(heap, size));
    usize const count = TRY(file.read(image.header_.program_headers, image.headers_.bytes()));
    if (count < size) return Errno::NoExec;
    for (ElfProgramHeader const& header : image.headers()) {
        if (header.type == kElfGnuStack) {
            image.wants_executable_stack_ = (header.flags & kElfExecuteFlag) != 0;
        }
        if (header.type == kElfInterpreter && !image.has_interpreter()) {
            TRY(image.read_interpreter(heap, file, header));
        }
    }
    TRY(image.check_segments());
    return image;
}

Result<void> ElfImage::check_segments()
{
    for (ElfProgramHeader const& segment : headers()) {
        if (segment.type != kElfLoad) continue;
        TRY(check_segment(segment));
        if (segment.memory_size == 0) continue;
        u64 const first = page_floor(segment.address);
        u64 const end = page_ceil(segment.address + segment.memory_size);
        if (first < lowest_) lowest_ = first;
        if (end > highest_) highest_ = end;
        u64 const alignment = segment.alignment;
        bool const is_power = alignment != 0 && (alignment & (alignment - 1)) == 0;
        if (is_power && alignment > alignment_ && alignment < kGiB) alignment_ = alignment;
        u64 const table = header_.program_headers;
        bool const holds_table =
            segment.offset <= table && table - segment.offset < segment.file_size;
        if (holds_table && headers_address_ == 0) {
            headers_address_ = table - segment.offset + segment.address;
        }
    }
    // Without anything to load there is nothing to run.
    if (highest_ == 0) return Errno::NoExec;
    ASSERT(lowest_ < highest_);
    return {};
}

Result<void> ElfImage::read_interpreter(Heap& heap,
                                        ProgramFile const& file,
                                        ElfProgramHeader const& entry)
{
    if (entry.file_size < 2 || entry.file_size > kInterpreterMaximum) return Errno::NoExec;
    interpreter_ = TRY(Buffer::create(heap, static_cast<usize>(entry.file_size)));
    usize const count = TRY(file.read(entry.offset, interpreter_.bytes()));
    if (count < interpreter_.size()) return Errno::Io;
    StringView const text = interpreter_.text();
    if (text[text.size() - 1] != '\0') return Errno::NoExec;
    // The name ends at its first zero.
    usize const length = StringView::from_c_string(text.data()).size();
    if (length + 1 == text.size()) return {};
    Buffer shorter = TRY(Buffer::copy_of(heap, text.first(length + 1)));
    interpreter_ = std::move(shorter);
    return {};
}

}  // namespace drydock
