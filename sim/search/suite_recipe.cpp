#include "sim/search/suite_recipe.h"

#include "sim/suite/suite_run.h"

#include <algorithm>

namespace drydock::sim {

namespace {

bool is_option(std::string const& argument) { return argument.starts_with('-'); }

bool reads_names(std::vector<std::string> const& arguments)
{
    return std::find(arguments.begin(), arguments.end(), "-") != arguments.end();
}

std::string lines_of(Order const& order)
{
    std::string text;
    for (usize const place : order) text += std::string(benchmarks()[place].name) + "\n";
    return text;
}

}  // namespace

std::optional<Order> order_of(Recipe const& recipe)
{
    std::vector<std::string> const& arguments = recipe.program.arguments;
    if (recipe.program.path != kSuitePath || arguments.empty()) return {};
    std::string names;
    if (reads_names(arguments)) {
        if (!recipe.console.is_input_kept()) return {};
        names = recipe.console.input;
    } else {
        for (usize i = 1; i < arguments.size(); ++i) {
            if (!is_option(arguments[i])) names += arguments[i] + "\n";
        }
        if (names.empty()) return suite_order();
    }
    try {
        return parse_order(names, "the recorded order");
    } catch (OrderError const&) {
        return {};
    }
}

Recipe with_order(Recipe recipe, Order const& order)
{
    std::vector<std::string>& arguments = recipe.program.arguments;
    if (reads_names(arguments)) {
        recipe.console.input = lines_of(order);
        recipe.console.input_size = recipe.console.input.size();
        return recipe;
    }
    std::vector<std::string> changed = {arguments.at(0)};
    std::copy_if(arguments.begin() + 1, arguments.end(), std::back_inserter(changed), is_option);
    for (usize const place : order) changed.emplace_back(benchmarks()[place].name);
    arguments = std::move(changed);
    return recipe;
}

}  // namespace drydock::sim
