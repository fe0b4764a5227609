#include "sim/event_log.h"

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
    TraceFile(std::string path, TraceHeader const& header)
        : path_(std::move(path)), temporary_(path_ + ".partial")
    {
        file_ = std::fopen(temporary_.c_str(), "wb");
        if (file_ == nullptr) {
            throw std::runtime_error(
                fmt::format("{}: cannot write the trace ({})", path_, std::strerror(errno)));
        }
        context_ = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, 1);
        ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
        output_.resize(ZSTD_CStreamOutSize());
        std::string text = fmt::format("{}\n", kTraceMagic);
        for (auto const& [key, value] : header) text += fmt::format("{}: {}\n", key, value);
        text += "\n";
        write(text.data(), text.size());
    }
    ~TraceFile()
    {
        if (file_ != nullptr) {
            std::fclose(file_);
            std::remove(temporary_.c_str());
        }
        ZSTD_freeCCtx(context_);
    }
    TraceFile(TraceFile const&) = delete;
    TraceFile& operator=(TraceFile const&) = delete;

    void add(TraceRecord const* records, usize count) { compress(records, count, ZSTD_e_continue); }

    void finish(std::string const& hash, u64 count)
    {
        compress(nullptr, 0, ZSTD_e_end);
        std::string const end = fmt::format("\nend {} {}\n", hash, count);
        write(end.data(), end.size());
        bool const is_closed = std::fclose(file_) == 0;
        file_ = nullptr;
        if (!is_closed || std::rename(temporary_.c_str(), path_.c_str()) != 0) fail();
    }

private:
    void compress(TraceRecord const* records, usize count, ZSTD_EndDirective directive)
    {
        ZSTD_inBuffer input{records, count * sizeof(TraceRecord), 0};
        for (;;) {
            ZSTD_outBuffer output{output_.data(), output_.size(), 0};
            usize const left = ZSTD_compressStream2(context_, &output, &input, directive);
            if (ZSTD_isError(left) != 0) throw std::runtime_error("cannot compress the trace");
            write(output_.data(), output.pos);
            bool const is_done = directive == ZSTD_e_end ? left == 0 : input.pos == input.size;
            if (is_done) return;
        }
    }
    void write(void const* data, usize size)
    {
        if (std::fwrite(data, 1, size, file_) != size) fail();
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
    std::vector<char> output_;
};

EventLog::EventLog()
    : hasher_(std::make_unique<Hasher>())
    , own_ring_(std::make_unique<Ring>())
    , ring_(own_ring_.get())
{}
EventLog::~EventLog() = default;

void EventLog::open_file(std::string const& path, TraceHeader const& header)
{
    file_ = std::make_unique<TraceFile>(path, header);
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
    TraceRecord const* const end = ring_->records + used;
    previous_.assign(end - std::min(used, kKept), end);
    ring_->flushed += used;
    ring_->used = 0;
}

std::string EventLog::hash()
{
    flush();
    XXH128_hash_t const digest = XXH3_128bits_digest(hasher_->state);
    return fmt::format("{:016x}{:016x}", digest.high64, digest.low64);
}

void EventLog::close_file()
{
    if (!file_) return;
    std::string const final_hash = hash();
    file_->finish(final_hash, count());
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
