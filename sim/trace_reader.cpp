#include "sim/trace_reader.h"

#include "sim/file_bytes.h"

#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <xxhash.h>
#include <zstd.h>

namespace drydock::sim {

namespace {

constexpr usize kHashDigits = 32;

[[noreturn]] void fail(std::string const& path, char const* what)
{
    throw std::runtime_error(fmt::format("{}: {}", path, what));
}

// Takes the header's lines off the front.
TraceHeader read_header(std::string const& path, std::string_view& text)
{
    TraceHeader header;
    std::string const magic = std::string(kTraceMagic) + "\n";
    if (!text.starts_with(magic)) fail(path, "not a drydock trace of version 1");
    text.remove_prefix(magic.size());
    for (;;) {
        usize const end = text.find('\n');
        if (end == std::string_view::npos) fail(path, "the trace is cut off in its header");
        std::string_view const line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.empty()) return header;
        usize const colon = line.find(": ");
        if (colon == std::string_view::npos) fail(path, "the trace's header is damaged");
        header.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
}

struct End {
    std::string hash{};
    u64 count = 0;
};

// Takes "\nend HASH COUNT\n" off the back.
End read_end(std::string const& path, std::string_view& text)
{
    constexpr std::string_view kStart = "\nend ";
    usize const at = text.rfind(kStart);
    if (at == std::string_view::npos || text.back() != '\n' ||
        text.size() - at < kStart.size() + kHashDigits + 3) {
        fail(path, "the trace is cut off: it has no end record");
    }
    std::string_view const line =
        text.substr(at + kStart.size(), text.size() - at - kStart.size() - 1);
    End end;
    end.hash = line.substr(0, kHashDigits);
    std::string_view const digits = line.substr(kHashDigits + 1);
    auto const parsed = std::from_chars(digits.data(), digits.data() + digits.size(), end.count);
    if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) {
        fail(path, "the trace's end record is damaged");
    }
    text.remove_suffix(text.size() - at);
    return end;
}

std::vector<TraceRecord> decompress(std::string const& path, std::string_view text)
{
    std::vector<char> bytes;
    std::vector<char> part(ZSTD_DStreamOutSize());
    ZSTD_DCtx* const context = ZSTD_createDCtx();
    ZSTD_inBuffer input{text.data(), text.size(), 0};
    usize left = 1;
    bool is_sound = true;
    while (left != 0 && is_sound) {
        ZSTD_outBuffer output{part.data(), part.size(), 0};
        usize const consumed = input.pos;
        left = ZSTD_decompressStream(context, &output, &input);
        is_sound = ZSTD_isError(left) == 0 && (output.pos > 0 || input.pos > consumed || left == 0);
        if (is_sound)
            bytes.insert(bytes.end(), part.begin(), part.begin() + static_cast<isize>(output.pos));
    }
    ZSTD_freeDCtx(context);
    bool const is_whole =
        is_sound && input.pos == input.size && bytes.size() % sizeof(TraceRecord) == 0;
    if (!is_whole) fail(path, "the trace's records are damaged");
    std::vector<TraceRecord> records(bytes.size() / sizeof(TraceRecord));
    if (!bytes.empty()) std::memcpy(records.data(), bytes.data(), bytes.size());
    return records;
}

}  // namespace

Trace read_trace(std::string const& path)
{
    MappedFile const file(path);
    std::string_view text = file.text();
    Trace trace;
    trace.header = read_header(path, text);
    End const end = read_end(path, text);
    trace.records = decompress(path, text);
    XXH128_hash_t const digest =
        XXH3_128bits(trace.records.data(), trace.records.size() * sizeof(TraceRecord));
    trace.hash = fmt::format("{:016x}{:016x}", digest.high64, digest.low64);
    if (trace.records.size() != end.count || trace.hash != end.hash) {
        fail(path, "the trace was altered: its records do not have the hash that it ends with");
    }
    return trace;
}

}  // namespace drydock::sim
