#include "sim/compare/linux_counts.h"

#include "sim/host/places.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr char const* kFormat = "drydock linux counts 1";
constexpr char const* kFolder = "benchmarks/linux_icount";

LinuxCounts::Counts counts_of(Json const& items)
{
    LinuxCounts::Counts counts;
    for (auto const& [name, item] : items.items()) {
        LinuxCounts::Count count;
        count.iterations = item.at("iterations").get<u64>();
        count.instructions = item.at("instructions").get<u64>();
        if (count.iterations == 0) throw std::runtime_error("no iterations");
        counts[name] = count;
    }
    return counts;
}

LinuxCounts read(Json const& file)
{
    LinuxCounts counts;
    counts.package = file.at("package").get<std::string>();
    counts.version = file.at("version").get<std::string>();
    counts.qemu = file.at("qemu").get<std::string>();
    counts.cpu = file.at("cpu").get<std::string>();
    counts.memory_bytes = file.at("memory_bytes").get<u64>();
    counts.suite = file.at("suite").at("built_with").get<std::string>();
    counts.suite_hash = file.at("suite").at("hash").get<std::string>();
    counts.busybox_hash = file.at("busybox").at("hash").get<std::string>();
    for (auto const& [mitigations, items] : file.at("mitigations").items()) {
        counts.by_mitigations[mitigations] = counts_of(items);
    }
    return counts;
}

}  // namespace

LinuxCounts parse_linux_counts(std::string_view text, std::string const& name)
{
    Json const file = Json::parse(text, nullptr, false);
    if (!file.is_object() || file.value("format", Json()) != kFormat) {
        throw std::runtime_error(
            fmt::format("{}: not Linux's counts; write it with drydock compare --store", name));
    }
    try {
        return read(file);
    } catch (std::exception const&) {
        throw std::runtime_error(
            fmt::format("{}: damaged; write it anew with drydock compare --store", name));
    }
}

std::string print_linux_counts(LinuxCounts const& counts)
{
    Json file = {{"format", kFormat},
                 {"package", counts.package},
                 {"version", counts.version},
                 {"qemu", counts.qemu},
                 {"cpu", counts.cpu},
                 {"memory_bytes", counts.memory_bytes},
                 {"suite", {{"built_with", counts.suite}, {"hash", counts.suite_hash}}},
                 {"busybox", {{"hash", counts.busybox_hash}}},
                 {"mitigations", Json::object()}};
    for (auto const& [mitigations, items] : counts.by_mitigations) {
        Json& target = file["mitigations"][mitigations];
        target = Json::object();
        for (Benchmark const& benchmark : benchmarks()) {
            auto const found = items.find(benchmark.name);
            if (found == items.end()) continue;
            target[std::string(benchmark.name)] = {{"iterations", found->second.iterations},
                                                   {"instructions", found->second.instructions}};
        }
    }
    return file.dump(1) + "\n";
}

Measurements stored_measurements(LinuxCounts const& counts,
                                 std::string const& mitigations,
                                 Order const& order)
{
    auto const items = counts.by_mitigations.find(mitigations);
    if (items == counts.by_mitigations.end()) {
        throw std::runtime_error(fmt::format("no counts of Linux {} are stored for --mitigations "
                                             "{}; give --linux run, with --store to keep them",
                                             counts.version,
                                             mitigations));
    }
    Measurements measurements;
    for (usize const place : order) {
        auto const found = items->second.find(benchmarks()[place].name);
        if (found == items->second.end()) {
            throw std::runtime_error(
                fmt::format("no count of Linux {} is stored for {}; give --linux run",
                            counts.version,
                            benchmarks()[place].name));
        }
        measurements.push_back({place, {}, found->second.iterations, {found->second.instructions}});
    }
    return measurements;
}

std::vector<std::string> notes_on(LinuxCounts const& counts, Conditions const& conditions)
{
    std::vector<std::string> notes;
    auto const compare = [&notes](char const* what, auto const& stored, auto const& now) {
        if (stored == now) return;
        notes.push_back(
            fmt::format("Linux was counted with another {}: {}, now {}", what, stored, now));
    };
    compare("QEMU", counts.qemu, conditions.qemu);
    compare("CPU model", counts.cpu, conditions.cpu);
    compare("size of memory", counts.memory_bytes, conditions.memory_bytes);
    compare("suite", counts.suite_hash, conditions.suite_hash);
    compare("BusyBox", counts.busybox_hash, conditions.busybox_hash);
    return notes;
}

std::string linux_counts_folder() { return find_above_program(kFolder); }

std::string newest_linux_counts(std::string const& folder)
{
    namespace fs = std::filesystem;
    std::vector<std::string> names;
    if (fs::is_directory(folder)) {
        for (fs::directory_entry const& entry : fs::directory_iterator(folder)) {
            if (entry.path().extension() == ".json") names.push_back(entry.path().filename());
        }
    }
    if (names.empty()) {
        throw std::runtime_error(
            fmt::format("{}: no counts of Linux; give --linux run --store", folder));
    }
    auto const is_older = [](std::string const& left, std::string const& right) {
        return strverscmp(left.c_str(), right.c_str()) < 0;
    };
    return folder + "/" + *std::max_element(names.begin(), names.end(), is_older);
}

}  // namespace drydock::sim
