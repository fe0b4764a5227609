#include "core/process/program_loader.h"

namespace drydock {

namespace {

Rights rights_of(ElfProgramHeader const& segment)
{
    Rights rights;
    rights.read = (segment.flags & kElfReadFlag) != 0;
    rights.write = (segment.flags & kElfWriteFlag) != 0;
    rights.execute = (segment.flags & kElfExecuteFlag) != 0;
    return rights;
}

// What comes from the file; returns where the pages end.
Result<u64> map_file_part(AddressSpace& space,
                          ElfProgramHeader const& segment,
                          ProgramFile const& file,
                          u64 base)
{
    u64 const address = base + segment.address;
    u64 const in_page = address & kPageMask;
    if (segment.file_size == 0) return page_floor(address);
    MapRequest request;
    request.address = {address - in_page};
    request.length = segment.file_size + in_page;
    request.rights = rights_of(segment);
    request.fixed = true;
    request.kind = Region::Kind::File;
    request.cache = file.cache;
    request.file_offset = segment.offset - in_page;
    // Memory behind the file's part starts as zeros in the middle of its last page.
    if (segment.memory_size > segment.file_size) {
        request.file_bytes_end = segment.offset + segment.file_size;
    }
    request.holder = file.file;
    request.by_exec = true;
    TRY(space.map(request));
    return page_ceil(address + segment.file_size);
}

Result<void> map_segment(AddressSpace& space,
                         ElfProgramHeader const& segment,
                         ProgramFile const& file,
                         u64 base)
{
    if (segment.memory_size == 0) return {};
    u64 const file_end = TRY(map_file_part(space, segment, file, base));
    u64 const end = page_ceil(base + segment.address + segment.memory_size);
    if (end <= file_end) return {};
    MapRequest request;
    request.address = {file_end};
    request.length = end - file_end;
    request.rights = rights_of(segment);
    request.fixed = true;
    TRY(space.map(request));
    return {};
}

void note_layout(AddressSpace::Layout& layout, ElfProgramHeader const& segment, u64 base)
{
    u64 const start = base + segment.address;
    u64 const file_end = start + segment.file_size;
    bool const is_code = (segment.flags & kElfExecuteFlag) != 0;
    if (layout.code_start.is_null() || start < layout.code_start.value) layout.code_start = {start};
    if (is_code && file_end > layout.code_end.value) layout.code_end = {file_end};
    if (start > layout.data_start.value) layout.data_start = {start};
    if (file_end > layout.data_end.value) layout.data_end = {file_end};
}

Result<LoadedProgram> map_segments(AddressSpace& space,
                                   ElfImage const& image,
                                   ProgramFile const& file,
                                   u64 base)
{
    for (ElfProgramHeader const& segment : image.headers()) {
        if (segment.type == kElfLoad) TRY(map_segment(space, segment, file, base));
    }
    LoadedProgram loaded;
    loaded.base = base;
    loaded.entry = base + image.entry();
    loaded.headers_address = image.headers_address() == 0 ? 0 : base + image.headers_address();
    loaded.end = base + image.highest();
    return loaded;
}

}  // namespace

Result<LoadedProgram> load_program(AddressSpace& space,
                                   ElfImage const& image,
                                   ProgramFile const& file)
{
    u64 base = 0;
    if (image.is_position_independent()) {
        base = (kProgramBase & ~(image.alignment() - 1)) - image.lowest();
        if (image.highest() - image.lowest() > kUserEnd - kProgramBase) return Errno::NoMem;
    }
    LoadedProgram loaded = TRY(map_segments(space, image, file, base));
    for (ElfProgramHeader const& segment : image.headers()) {
        if (segment.type == kElfLoad) note_layout(space.layout(), segment, base);
    }
    return loaded;
}

Result<LoadedProgram> load_interpreter(AddressSpace& space,
                                       ElfImage const& image,
                                       ProgramFile const& file)
{
    if (!image.is_position_independent()) return map_segments(space, image, file, 0);
    // Finds room for all of it, then lets the segments have it.
    u64 const slack = image.alignment() - kPageSize;
    MapRequest request;
    request.length = image.highest() - image.lowest() + slack;
    UserAddr const place = TRY(space.map(request));
    TRY(space.unmap(place, request.length));
    u64 const start = (place.value + slack) & ~(image.alignment() - 1);
    return map_segments(space, image, file, start - image.lowest());
}

}  // namespace drydock
