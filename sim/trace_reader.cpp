#include "sim/trace_reader.h"

#include "sim/file_bytes.h"
#include "sim/quoted_text.h"

#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <xxhash.h>
#include <zstd.h>

namespace drydock::sim {

namespace {

[[noreturn]] void fail(char const* what) { throw std::runtime_error(what); }

// Takes "\nend COUNT HASH\n" off the back; the hash is of what stands before it. Other bytes may
// decompress to the same records: they are not what was written all the same.
void take_end(std::string_view& text, u64 count)
{
    usize const at = text.rfind("\nend ");
    bool const has_end = at != std::string_view::npos && text.back() == '\n';
    if (!has_end) fail("the trace is cut off: it has no end record");
    std::string_view const end = text.substr(at);
    text.remove_suffix(end.size());
    if (end != fmt::format("\nend {} {}\n", count, content_hash(text))) {
        fail("the trace was altered: its end record does not fit its events");
    }
}

std::vector<TraceRecord> decompress(std::string_view text, u64 count)
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
        // What does not fit the announced number is not worth its memory.
        is_sound = is_sound && (bytes.size() + output.pos) / sizeof(TraceRecord) <= count;
        if (is_sound)
            bytes.insert(bytes.end(), part.begin(), part.begin() + static_cast<isize>(output.pos));
    }
    ZSTD_freeDCtx(context);
    bool const is_whole =
        is_sound && input.pos == input.size && bytes.size() == count * sizeof(TraceRecord);
    if (!is_whole) fail("the trace's records are damaged");
    std::vector<TraceRecord> records(count);
    if (!bytes.empty()) std::memcpy(records.data(), bytes.data(), bytes.size());
    return records;
}

std::vector<TraceRecord> read_records(std::string_view text, Recipe const& recipe)
{
    if (!recipe.expected) fail("the header does not say how the run ended");
    if (!text.starts_with('\n')) fail("the trace is cut off after its header");
    text.remove_prefix(1);
    u64 const count = recipe.expected->events;
    take_end(text, count);
    std::vector<TraceRecord> records = decompress(text, count);
    XXH128_hash_t const digest = XXH3_128bits(records.data(), records.size() * sizeof(TraceRecord));
    if (fmt::format("{:016x}{:016x}", digest.high64, digest.low64) != recipe.expected->hash) {
        fail("the trace was altered: its records do not have the hash that its header gives");
    }
    return records;
}

}  // namespace

Trace parse_trace(std::string_view text, Checksum checksum)
{
    ParsedRecipe parsed = parse_recipe(text, checksum);
    Trace trace;
    trace.recipe = std::move(parsed.recipe);
    trace.kind = parsed.kind;
    if (trace.kind == TraceKind::WithEvents) {
        trace.records = read_records(parsed.rest, trace.recipe);
    } else if (!parsed.rest.empty()) {
        fail("the header goes on after its checksum");
    }
    return trace;
}

Trace read_trace(std::string const& path, Checksum checksum)
{
    MappedFile const file(path);
    try {
        return parse_trace(file.text(), checksum);
    } catch (std::runtime_error const& error) {
        throw std::runtime_error(fmt::format("{}: {}", path, printable(error.what())));
    }
}

RecordedChoices choices_of(std::vector<TraceRecord> const& records)
{
    RecordedChoices choices;
    for (TraceRecord const& record : records) {
        bool const is_decision =
            record.kind == kRecordChoice && record.c != 0 && (record.a & 255) < kChoiceCount;
        if (!is_decision) continue;
        choices.push_back(
            {static_cast<Choice>(record.a & 255), record.b, static_cast<u32>(record.c)});
    }
    return choices;
}

}  // namespace drydock::sim
