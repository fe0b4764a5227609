#pragma once

// The results of all programs in all places, judged: what is equal to what.

#include "sim/contracts/contract_places.h"

#include <map>
#include <string>
#include <vector>

namespace drydock::sim {

class ContractTable {
public:
    ContractTable(std::vector<std::string> names, std::vector<ContractPlace> places)
        : names_(std::move(names)), places_(std::move(places))
    {}

    void add(ContractPlace place, ContractResult result);
    // Why nothing runs there.
    void lose(ContractPlace place, std::string reason);

    usize count() const;
    // Every name in every place.
    usize most() const { return names_.size() * places_.size(); }
    // 0, 1 or 125, as the command's exit status.
    int status() const;

    // For people. The table has a line for each program.
    std::string describe_differences() const;
    std::string describe_table() const;
    // Places that were lost, and one line of sums at the end.
    std::string describe_sums() const;
    // What every program printed: for one place, where nothing is compared.
    std::string describe_outputs() const;
    std::string json_report(double seconds) const;

private:
    enum class Verdict { NotRun, Ran, Equal, Different };

    ContractResult const* find(ContractPlace place, std::string const& name) const;
    // The first place that ran the program: all others are compared with it.
    ContractPlace const* reference_of(std::string const& name) const;
    std::string difference_of(std::string const& name, ContractPlace place) const;
    Verdict verdict_of(std::string const& name, ContractPlace place) const;
    static char const* word_of(Verdict verdict);

    std::vector<std::string> names_;
    std::vector<ContractPlace> places_;
    std::map<ContractPlace, std::map<std::string, ContractResult>> results_{};
    std::map<ContractPlace, std::string> lost_{};
};

}  // namespace drydock::sim
