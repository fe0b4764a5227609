#include "sim/event_log.h"

#include "sim/file_bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <xxhash.h>
#include <zstd.h>

namespace drydock::sim {

struct EventLog::Hasher {
    XXH3_state_t* state = XXH3_createState();
    Hasher() { XXH3_128bits_reset(state); }
    ~Hasher() { XXH3_freeState(state); }
    Hasher(Hasher const&) = delete;
    Hasher& operator=(Hasher const&) = delete;
};

// A trace under construction: written beside its final name, renamed at the end.
class TraceFile {
public:
    explicit TraceFile(std::string path) : path_(std::move(path)), temporary_(path_ + ".events")
    {
        file_ = std::fopen(temporary_.c_str(), "wb+");
        if (file_ == nullptr) {
            throw std::runtime_error(
                fmt::format("{}: cannot write the trace ({})", path_, std::strerror(errno)));
        }
        context_ = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, 1);
        ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
        output_.resize(ZSTD_CStreamOutSize());
        XXH3_64bits_reset(bytes_hash_.get());
        std::remove(temporary_.c_str());  // Lives as long as it is open, however the process ends.
    }
    ~TraceFile()
    {
        std::fclose(file_);
        ZSTD_freeCCtx(context_);
    }
    TraceFile(TraceFile const&) = delete;
    TraceFile& operator=(TraceFile const&) = delete;

    void add(TraceRecord const* records, usize count) { compress(records, count, ZSTD_e_continue); }

    // What the header says is known only now: it is written, then the events after it.
    void finish(std::string const& header, u64 count)
    {
        compress(nullptr, 0, ZSTD_e_end);
        write(fmt::format("\nend {} {:016x}\n", count, XXH3_64bits_digest(bytes_hash_.get())));
        usize const size = static_cast<usize>(std::ftell(file_));
        std::rewind(file_);
        write_file(path_, [&](std::FILE* target) {
            bool is_sound = std::fwrite(header.data(), 1, header.size(), target) == header.size();
            is_sound = std::fputc('\n', target) != EOF && is_sound;
            usize copied = 0;
            for (usize got = 1; got > 0; copied += got) {
                got = std::fread(output_.data(), 1, output_.size(), file_);
                is_sound = std::fwrite(output_.data(), 1, got, target) == got && is_sound;
            }
            return is_sound && copied == size;
        });
    }

private:
    void compress(TraceRecord const* records, usize count, ZSTD_EndDirective directive)
    {
        ZSTD_inBuffer input{records, count * sizeof(TraceRecord), 0};
        for (;;) {
            ZSTD_outBuffer output{output_.data(), output_.size(), 0};
            usize const left = ZSTD_compressStream2(context_, &output, &input, directive);
            if (ZSTD_isError(left) != 0) throw std::runtime_error("cannot compress the trace");
            XXH3_64bits_update(bytes_hash_.get(), output_.data(), output.pos);
            write({output_.data(), output.pos});
            bool const is_done = directive == ZSTD_e_end ? left == 0 : input.pos == input.size;
            if (is_done) return;
        }
    }
    void write(std::string_view text)
    {
        if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail();
    }
    [[noreturn]] void fail()
    {
        throw std::runtime_error(
            fmt::format("{}: cannot write the trace ({})", path_, std::strerror(errno)));
    }

    std::string path_;
    std::string temporary_;
    std::FILE* file_ = nullptr;
    ZSTD_CCtx* context_ = nullptr;
    // Of the compressed bytes.
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> const bytes_hash_{XXH3_createState(),
                                                                               XXH3_freeState};
    std::vector<char> output_;
};

EventLog::EventLog()
    : hasher_(std::make_unique<Hasher>())
    , own_ring_(std::make_unique<Ring>())
    , ring_(own_ring_.get())
{}
EventLog::~EventLog() = default;

void EventLog::open_file(std::string const& path) { file_ = std::make_unique<TraceFile>(path); }

// At each multiple of the spacing; when there are too many, every other one goes.
void EventLog::mark()
{
    if (ring_->flushed % marks_.spacing != 0) return;
    if (marks_.hashes.size() == EventMarks::kMaximum) {
        for (usize i = 0; i < EventMarks::kMaximum / 2; ++i) {
            marks_.hashes[i] = marks_.hashes[2 * i + 1];
        }
        marks_.hashes.resize(EventMarks::kMaximum / 2);
        marks_.spacing *= 2;
        if (ring_->flushed % marks_.spacing != 0) return;
    }
    marks_.hashes.push_back(XXH3_128bits_digest(hasher_->state).low64);
}

void EventLog::collect_in(Ring& ring)
{
    ring_ = &ring;
    own_ring_.reset();
}

void EventLog::flush()
{
    usize const used = ring_->used;
    if (used == 0) return;
    XXH3_128bits_update(hasher_->state, ring_->records, used * sizeof(TraceRecord));
    if (file_) file_->add(ring_->records, used);
    usize const kept = std::min(used, kKept);
    usize const older = std::min(previous_.size(), kKept - kept);
    previous_.erase(previous_.begin(), previous_.end() - static_cast<isize>(older));
    TraceRecord const* const end = ring_->records + used;
    previous_.insert(previous_.end(), end - kept, end);
    ring_->flushed += used;
    ring_->used = 0;
    limit_ = Ring::kRecords - ring_->flushed % Ring::kRecords;
    mark();
}

std::string EventLog::hash()
{
    flush();
    XXH128_hash_t const digest = XXH3_128bits_digest(hasher_->state);
    return fmt::format("{:016x}{:016x}", digest.high64, digest.low64);
}

void EventLog::close_file(std::string const& header)
{
    if (!file_) return;
    flush();
    file_->finish(header, count());
    file_.reset();
}

std::vector<TraceRecord> EventLog::last(usize count) const
{
    std::vector<TraceRecord> all = previous_;
    all.insert(all.end(), ring_->records, ring_->records + ring_->used);
    usize const surplus = all.size() > count ? all.size() - count : 0;
    all.erase(all.begin(), all.begin() + static_cast<isize>(surplus));
    return all;
}

}  // namespace drydock::sim
