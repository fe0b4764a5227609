#include "sim/suite/result_parser.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

// No line of the suite is longer.
constexpr usize kLongestLine = 4096;

std::vector<std::string_view> words_of(std::string_view line)
{
    std::vector<std::string_view> words;
    for (usize at = 0; at <= line.size();) {
        usize const end = std::min(line.find(' ', at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

bool parse(std::string_view text, u64& value)
{
    auto const result = std::from_chars(text.data(), text.data() + text.size(), value);
    return result.ec == std::errc{} && result.ptr == text.data() + text.size() && !text.empty();
}

}  // namespace

void ResultParser::complain(std::string_view line, std::string const& why)
{
    if (problem_.empty()) problem_ = fmt::format("the suite printed \"{}\": {}", line, why);
}

usize ResultParser::take(std::string_view piece)
{
    usize const before = results_.size();
    for (char const character : piece) {
        if (character != '\n') {
            pending_ += character;
            if (pending_.size() < kLongestLine) continue;
            other_ += pending_;  // No line of ours.
        } else {
            take_line(pending_);
        }
        pending_.clear();
    }
    return results_.size() - before;
}

bool ResultParser::take_result(std::vector<std::string_view> const& words, std::string_view line)
{
    BenchmarkResult result;
    result.is_skipped = words[0] == "BENCH_SKIP";
    if (result.is_skipped) {
        if (words.size() < 3) return false;
        result.reason = line.substr(words[0].size() + words[1].size() + 2);
    } else {
        bool const is_sound = words.size() == 5 && parse(words[2], result.iterations) &&
                              parse(words[3], result.total_ns) &&
                              parse(words[4], result.ns_per_iteration);
        if (!is_sound || result.iterations == 0) return false;
        if (result.ns_per_iteration != result.total_ns / result.iterations) return false;
    }
    std::optional<usize> const place = find_benchmark(words[1]);
    if (!place) return false;
    result.benchmark = *place;
    result.output = std::move(other_);
    other_.clear();
    results_.push_back(std::move(result));
    return true;
}

void ResultParser::take_line(std::string_view line)
{
    std::vector<std::string_view> const words = words_of(line);
    if (line == "BENCH_START") {
        if (state_ != State::Expecting) complain(line, "it had started already");
        state_ = State::Running;
    } else if (line == "BENCH_END") {
        bool const is_whole = state_ == State::Running && results_.size() == order_.size();
        if (!is_whole) {
            complain(line, fmt::format("{} of {} results", results_.size(), order_.size()));
        }
        state_ = State::Ended;
    } else if (words[0] == "BENCH" || words[0] == "BENCH_SKIP") {
        if (state_ != State::Running) return complain(line, "a result outside start and end");
        if (words.size() < 2 || !take_result(words, line)) {
            return complain(line, "not a result line");
        }
        usize const index = results_.size() - 1;
        bool const is_expected =
            index < order_.size() && order_[index] == results_[index].benchmark;
        if (!is_expected) complain(line, "not the benchmark whose turn it was");
    } else {
        other_ += line;
        other_ += '\n';
    }
}

}  // namespace drydock::sim
