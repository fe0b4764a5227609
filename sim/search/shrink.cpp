#include "sim/search/shrink.h"

#include "sim/search/minimize.h"
#include "sim/search/suite_recipe.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <numeric>

namespace drydock::sim {

namespace {

Places all_places(usize count)
{
    Places places(count);
    std::iota(places.begin(), places.end(), usize{0});
    return places;
}

template <typename Item>
std::vector<Item> chosen(std::vector<Item> const& items, Places const& places)
{
    std::vector<Item> result;
    for (usize const place : places) result.push_back(items[place]);
    return result;
}

// Whether something else than option 0 may be taken.
bool has_decisions(Recipe const& recipe)
{
    if (recipe.choices) return !recipe.choices->empty();
    return recipe.seed != 0 || recipe.faults != FaultPlan{};
}

class Shrinker {
public:
    Shrinker(TrialRunner& runner, ShrinkLimits const& limits, ShrinkProgress const& progress)
        : runner_(runner), progress_(progress), left_(limits.executions)
    {}

    Shrunk run(Recipe const& recipe)
    {
        u64 const before = runner_.count();
        Shrunk shrunk;
        best_ = runner_.run(recipe);
        shrunk.has_failed = is_failure(best_);
        shrunk.steps_before = steps_of(recipe).value_or(Steps{}).size();
        shrunk.choices_before = best_.choices.size();
        if (shrunk.has_failed) {
            wanted_ = best_;
            --left_;
            leave_out_decisions();
            shrink_steps();
            shorten_steps();
            shrink_decisions();
            leave_out_seed();
            shrunk.is_verified = verify();
        }
        shrunk.is_minimal = is_minimal_;
        shrunk.executions = runner_.count() - before;
        shrunk.trial = best_;
        return shrunk;
    }

private:
    // Runs it, and keeps it if it fails as wanted.
    bool attempt(Recipe const& recipe)
    {
        Trial trial = runner_.run(recipe);
        if (!is_same_failure(wanted_, trial)) return false;
        best_ = std::move(trial);
        if (progress_) progress_(describe());
        return true;
    }

    // The same outside of minimize().
    bool attempt_once(Recipe const& recipe)
    {
        if (left_ == 0) {
            is_minimal_ = false;
            return false;
        }
        --left_;
        return attempt(recipe);
    }

    std::string describe() const
    {
        std::optional<Steps> const steps = steps_of(best_.recipe);
        std::string text = steps ? fmt::format("{} steps, ", steps->size()) : std::string();
        return text + fmt::format("{} decisions", best_.choices.size());
    }

    void leave_out_decisions()
    {
        if (!has_decisions(best_.recipe)) return;
        Recipe calm = best_.recipe;
        calm.choices.emplace();
        calm.faults = {};
        attempt_once(calm);
    }

    // Of a script nobody knows how many lines went well: all of them are asked about.
    usize sound_steps(Steps const& steps) const
    {
        return order_of(best_.recipe) ? std::min(best_.results, steps.size()) : steps.size();
    }

    void shrink_steps()
    {
        std::optional<Steps> const whole = steps_of(best_.recipe);
        if (!whole || whole->size() < 2) return;
        Recipe const base = best_.recipe;
        // What comes after the benchmark that fails has never run.
        usize const sound = sound_steps(*whole);
        bool const has_victim = sound < whole->size();
        Steps const victim = has_victim ? Steps{(*whole)[sound]} : Steps{};
        Steps const others(whole->begin(), whole->begin() + static_cast<isize>(sound));
        auto const recipe_of_places = [&](Places const& places) {
            Steps steps = chosen(others, places);
            steps.insert(steps.end(), victim.begin(), victim.end());
            return with_steps(base, steps);
        };
        if (has_victim && attempt_once(recipe_of_places({}))) return;
        if (others.empty()) return;
        Minimized const kept = minimize(
            all_places(others.size()),
            [&](Places const& places) { return attempt(recipe_of_places(places)); },
            &left_);
        if (!kept.is_minimal) is_minimal_ = false;
        // The one that was kept may be the run as it was, with what never ran at its end.
        Recipe const left = recipe_of_places(kept.places);
        if (steps_of(left) != steps_of(best_.recipe)) attempt_once(left);
    }

    // Each step by itself, as long as there is a shorter one.
    void shorten_steps()
    {
        Steps steps = steps_of(best_.recipe).value_or(Steps{});
        for (usize place = 0; place < steps.size();) {
            bool is_shorter = false;
            for (std::string const& shorter : shorter_steps(steps[place])) {
                Steps candidate = steps;
                candidate[place] = shorter;
                is_shorter = attempt_once(with_steps(best_.recipe, candidate));
                if (!is_shorter) continue;
                steps = candidate;
                break;
            }
            if (!is_shorter) ++place;
        }
    }

    void shrink_decisions()
    {
        if (!has_decisions(best_.recipe)) return;
        Recipe base = best_.recipe;
        base.faults = {};
        base.choices.emplace();
        if (attempt_once(base)) return;
        RecordedChoices const made = best_.recipe.choices.value_or(best_.choices);
        if (made.empty()) return;
        Minimized const kept = minimize(
            all_places(made.size()),
            [&](Places const& places) {
                base.choices = chosen(made, places);
                return attempt(base);
            },
            &left_);
        if (!kept.is_minimal) is_minimal_ = false;
    }

    void leave_out_seed()
    {
        if (best_.recipe.seed == 0 || !best_.recipe.choices) return;
        Recipe plain = best_.recipe;
        plain.seed = 0;
        attempt_once(plain);
    }

    bool verify()
    {
        Trial const again = runner_.run(best_.recipe);
        Expectation const& first = best_.found();
        Expectation const& second = again.found();
        return first.kind == second.kind && first.status == second.status &&
               first.events == second.events && first.hash == second.hash;
    }

    TrialRunner& runner_;
    ShrinkProgress const& progress_;
    u64 left_;
    Trial wanted_{};
    Trial best_{};
    bool is_minimal_ = true;
};

}  // namespace

Shrunk shrink(Recipe const& recipe,
              TrialRunner& runner,
              ShrinkLimits const& limits,
              ShrinkProgress const& progress)
{
    return Shrinker(runner, limits, progress).run(recipe);
}

std::string name_of_failure(Trial const& trial)
{
    std::optional<Steps> const steps = steps_of(trial.recipe);
    if (!steps) return fmt::format("{}", fmt::join(trial.recipe.program.arguments, " "));
    bool const is_suite = order_of(trial.recipe).has_value();
    // Of a script that is minimal the last line is where it shows.
    return name_pair(*steps, is_suite || steps->empty() ? trial.results : steps->size() - 1);
}

}  // namespace drydock::sim
