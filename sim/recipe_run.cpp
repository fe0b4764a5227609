#include "sim/recipe_run.h"

#include "sim/file_bytes.h"

#include <stdexcept>

namespace drydock::sim {

SimulationOptions options_of(Recipe const& recipe, RunHooks const& hooks)
{
    SimulationOptions options;
    options.machine.slot = hooks.slot;
    options.machine.memory_bytes = recipe.memory_bytes;
    options.machine.stack_mode = recipe.stack_mode;
    options.machine.check_tlb = recipe.check_tlb;
    options.machine.check_tables = recipe.check_tables;
    options.machine.tag_bits = recipe.tag_bits;
    if (!recipe.costs.empty()) {
        options.machine.costs = find_costs(recipe.costs);
        if (options.machine.costs == nullptr) {
            throw std::runtime_error("no cost table is called " + recipe.costs);
        }
    }
    options.machine.seed = recipe.seed;
    options.machine.faults = recipe.faults;
    options.machine.recorded_choices = recipe.choices;
    if (recipe.time_limit_ns > 0) options.machine.time_limit_ns = recipe.time_limit_ns;
    options.machine.on_invalid_opcode = hooks.on_invalid_opcode;
    options.program = recipe.program;
    options.trace_path = hooks.trace_path;
    options.kernel_loop_seconds = hooks.kernel_loop_seconds;
    return options;
}

Recipe recipe_of(SimulationOptions const& options)
{
    Recipe recipe;
    recipe.build = this_build();
    recipe.program = options.program;
    recipe.tree_hash = content_hash({});
    recipe.memory_bytes = options.machine.memory_bytes;
    recipe.stack_mode = options.machine.stack_mode;
    bool const has_costs = options.machine.costs != nullptr;
    recipe.costs = (has_costs ? *options.machine.costs : reference_kvm_costs()).name;
    recipe.check_tlb = options.machine.check_tlb;
    recipe.check_tables = options.machine.check_tables;
    recipe.tag_bits = options.machine.tag_bits;
    recipe.seed = options.machine.seed;
    recipe.faults = options.machine.faults;
    recipe.choices = options.machine.recorded_choices;
    if (options.machine.time_limit_ns != kNever) {
        recipe.time_limit_ns = options.machine.time_limit_ns;
    }
    return recipe;
}

Expectation expectation_of(RunResult const& result)
{
    Expectation expected;
    expected.kind = result.outcome.kind;
    expected.status = result.outcome.exit_status;
    expected.summary = result.outcome.summary;
    expected.events = result.figures.events;
    expected.hash = result.figures.trace_hash;
    expected.marks = result.marks;
    expected.printed = result.printed;
    return expected;
}

RootArchive root_of(Recipe const& recipe, ChangedFiles changed)
{
    return rebuild_root_archive(recipe.root, recipe.imports, changed);
}

RecipeRun::RecipeRun(Recipe recipe, RootArchive const& root, RunHooks const& hooks)
    : recipe_(std::move(recipe))
    , console_(recipe_.console, hooks.output)
    , simulation_(options_of(recipe_, hooks), console_, {root.bytes.data(), root.bytes.size()})
{
    simulation_.set_trace_recipe([this, hash = root.hash] {
        Recipe written = recipe_;
        written.build = this_build();
        written.tree_hash = hash;
        written.expected.emplace().printed = console_.printed();
        return written;
    });
}

RunResult RecipeRun::finish()
{
    simulation_.run();
    return {simulation_.outcome(),
            simulation_.figures(),
            simulation_.machine().log().marks(),
            console_.printed()};
}

RunResult run_recipe(Recipe const& recipe, RunHooks const& hooks)
{
    RootArchive const root = root_of(recipe);
    RecipeRun run(recipe, root, hooks);
    return run.finish();
}

bool is_same_end(Expectation const& expected, Outcome const& outcome)
{
    return expected.kind == outcome.kind && expected.status == outcome.exit_status;
}

}  // namespace drydock::sim
