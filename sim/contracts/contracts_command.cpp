#include "sim/contracts/contracts_command.h"

#include "sim/command_line.h"
#include "sim/contracts/contract_list.h"
#include "sim/contracts/contract_session.h"
#include "sim/host/host_usage.h"
#include "sim/image_inputs.h"
#include "sim/option_values.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kMostJobs = 64;

ContractPlace parse_place(std::string const& text)
{
    for (ContractPlace const place : kContractPlaces) {
        if (text == contract_place_name(place)) return place;
    }
    throw UsageError(fmt::format("--on {}: give linux, sim or image", text));
}

std::vector<ContractPlace> parse_places(std::vector<std::string> const& words)
{
    std::vector<ContractPlace> asked;
    for (std::string const& word : words) asked.push_back(parse_place(word));
    std::vector<ContractPlace> places;
    for (ContractPlace const place : kContractPlaces) {
        bool const is_asked = std::find(asked.begin(), asked.end(), place) != asked.end();
        if (is_asked || words.empty()) places.push_back(place);
    }
    return places;
}

}  // namespace

ContractsCommand::ContractsCommand(CommandLine& line)
    : command_(line.add_command("contracts",
                                "Run the contract programs on Linux, in the simulator and on the "
                                "image, and compare: drydock contracts [options] [NAME...]"))
{
    Command contracts = command_;
    ContractOptions& to = options_;
    contracts.add_option("--on", to.places, "linux, sim or image; again for more (default: all)");
    contracts.add_option("--jobs", to.jobs, "So many at a time (default: one per processor)");
    contracts.add_option("--report", to.report_path, "Write all results to this file, as JSON");
    contracts.add_option("--seconds", to.seconds, "Time of each program, 1 to 600 (default 20)");
    contracts.add_option("--image", to.image, "The image, if not the one built with this program");
    contracts.add_flag("--list", to.is_list, "Print the programs' names and stop");
    contracts.add_flag("--quiet", to.is_quiet, "Print only what differs, and the last line");
    contracts.add_words("names", to.names, "FAMILY/NAME, FAMILY or a glob; none means all");
}

int ContractsCommand::run(char const* kernel) const
{
    ContractList const list = find_contracts();
    std::vector<std::string> const names = select_contracts(list.names, options_.names);
    if (options_.is_list) {
        for (std::string const& name : names) fmt::print("{}\n", name);
        return 0;
    }
    ContractRequest request;
    request.names = names;
    request.places = parse_places(options_.places);
    request.ground.driver = find_contract_driver();
    request.ground.folder = list.folder;
    request.ground.seconds = parse_between("--seconds", options_.seconds, 1, 600);
    request.jobs = options_.jobs.empty() ? host_processors()
                                         : parse_between("--jobs", options_.jobs, 1, kMostJobs);
    request.report_path = options_.report_path;
    request.is_quiet = options_.is_quiet;
    check_writable(request.report_path);
    try {
        request.ground.image = find_image(options_.image, kernel);
    } catch (UsageError const& error) {
        if (!options_.image.empty()) throw;
        request.image_problem = error.what();
    }
    return run_contract_session(request);
}

}  // namespace drydock::sim
