#include "sim/search/minimize.h"

#include "core/base/assert.h"

#include <algorithm>
#include <optional>
#include <set>

namespace drydock::sim {

namespace {

class Minimizer {
public:
    Minimizer(Places places, StillFails const& still_fails, u64* tests_left)
        : places_(std::move(places)), still_fails_(still_fails), tests_left_(*tests_left)
    {}

    Minimized run()
    {
        usize parts = 2;
        while (places_.size() > 1) {
            if (reduce_to_part(parts)) {
                parts = 2;
            } else if (parts > 2 && reduce_to_rest(parts)) {
                --parts;
            } else if (has_run_out_) {
                return {places_, false};
            } else if (parts == places_.size()) {
                break;
            } else {
                parts = std::min(parts * 2, places_.size());
            }
        }
        return {places_, true};
    }

private:
    Places part(usize number, usize parts) const
    {
        usize const first = places_.size() * number / parts;
        usize const end = places_.size() * (number + 1) / parts;
        return {places_.begin() + static_cast<isize>(first),
                places_.begin() + static_cast<isize>(end)};
    }

    Places rest(usize number, usize parts) const
    {
        Places const left_out = part(number, parts);
        Places result;
        std::set_difference(places_.begin(),
                            places_.end(),
                            left_out.begin(),
                            left_out.end(),
                            std::back_inserter(result));
        return result;
    }

    bool fails(Places const& candidate)
    {
        if (passed_.contains(candidate)) return false;
        if (tests_left_ == 0) {
            has_run_out_ = true;
            return false;
        }
        --tests_left_;
        if (still_fails_(candidate)) return true;
        passed_.insert(candidate);
        return false;
    }

    // From the back: what happened last before a failure is the likeliest.
    bool reduce_to_part(usize parts)
    {
        for (usize number = parts; number-- > 0;) {
            if (take(part(number, parts))) return true;
        }
        return false;
    }

    bool reduce_to_rest(usize parts)
    {
        for (usize number = 0; number < parts; ++number) {
            if (take(rest(number, parts))) return true;
        }
        return false;
    }

    bool take(Places candidate)
    {
        if (!fails(candidate)) return false;
        places_ = std::move(candidate);
        return true;
    }

    Places places_;
    StillFails const& still_fails_;
    u64& tests_left_;
    std::set<Places> passed_{};
    bool has_run_out_ = false;
};

}  // namespace

Minimized minimize(Places places, StillFails const& still_fails, u64* tests_left)
{
    ASSERT(std::is_sorted(places.begin(), places.end()));
    return Minimizer(std::move(places), still_fails, tests_left).run();
}

}  // namespace drydock::sim
