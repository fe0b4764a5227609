#include "sim/search/campaign_record.h"

#include "sim/file_bytes.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <poll.h>
#include <stdexcept>
#include <sys/file.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr char const* kFileName = "/campaign.jsonl";

[[noreturn]] void fail(std::string const& path, char const* what)
{
    throw std::runtime_error(fmt::format("{}: {} ({})", path, what, std::strerror(errno)));
}

// The state that whole lines tell, and how many bytes those are: a campaign that was killed may
// have left part of one.
usize read_events(std::string const& path, CampaignState& state)
{
    MappedFile const file(path);
    std::string_view const text = file.text();
    usize whole = 0;
    u64 number = 0;
    for (;;) {
        usize const end = text.find('\n', whole);
        if (end == std::string_view::npos) return whole;
        ++number;
        Json const event = Json::parse(text.substr(whole, end - whole), nullptr, false);
        if (event.is_discarded()) {
            throw std::runtime_error(fmt::format("{}: line {} is damaged", path, number));
        }
        state.apply(event);
        whole = end + 1;
    }
}

// The workers of a search that was killed are killed too, but hold its lock until they are gone.
bool lock(int descriptor)
{
    constexpr int kPauseMilliseconds = 50;
    constexpr int kTries = 40;
    for (int i = 0; i < kTries; ++i) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
        poll(nullptr, 0, kPauseMilliseconds);
    }
    return false;
}

}  // namespace

CampaignRecord::CampaignRecord(std::string folder, Json const& identity)
    : folder_(std::move(folder))
{
    std::string const path = folder_ + kFileName;
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail(path, "cannot be written");
    try {
        if (!lock(descriptor_)) {
            throw std::runtime_error(folder_ + ": another search works on this campaign");
        }
        usize const whole = read_events(path, state_);
        if (ftruncate(descriptor_, static_cast<off_t>(whole)) != 0 ||
            lseek(descriptor_, 0, SEEK_END) < 0) {
            fail(path, "cannot be written");
        }
        has_resumed_ = whole > 0;
        if (has_resumed_ && state_.identity != identity) {
            throw std::runtime_error(
                folder_ + ": holds a campaign with other options or another kernel; give another "
                          "folder by --out, or remove it");
        }
        if (!has_resumed_) add(campaign_event::begin(identity));
    } catch (...) {
        close(descriptor_);
        throw;
    }
}

CampaignRecord::~CampaignRecord() { close(descriptor_); }

void CampaignRecord::add(Json const& event)
{
    std::string const line = event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    for (usize done = 0; done < line.size();) {
        isize const written = write(descriptor_, line.data() + done, line.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail(folder_ + kFileName, "cannot be written");
        done += static_cast<usize>(written);
    }
    state_.apply(event);
}

CampaignState CampaignRecord::read(std::string const& folder)
{
    CampaignState state;
    read_events(folder + kFileName, state);
    if (state.identity.is_null()) throw std::runtime_error(folder + ": holds no campaign");
    return state;
}

}  // namespace drydock::sim
