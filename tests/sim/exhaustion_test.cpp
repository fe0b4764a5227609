// Out of memory, out of luck: the kernel goes on, and every frame comes back.

#include "tests/sim/run_support.h"

#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

// What may end a run in which programs fail: the program itself, never an oracle.
void expect_sound(test::Finished const& finished, std::string const& what)
{
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::Exited)
        << what << ": " << finished.outcome.summary << "\n"
        << finished.outcome.report;
    EXPECT_EQ(finished.figures.avoidable_faults, 0u) << what;
}

SimulationOptions small_machine(std::string const& script)
{
    SimulationOptions options = test::options_for({"sh", "-c", script});
    options.machine.memory_bytes = 16 * kMiB;
    return options;
}

TEST(exhaustion, a_shell_that_takes_all_memory_ends_and_leaves_nothing)
{
    test::Finished const finished = test::run(small_machine("x=a; while true; do x=$x$x; done"));
    expect_sound(finished, "doubling");
    EXPECT_NE(finished.outcome.exit_status, 0);
}

TEST(exhaustion, processes_without_end_meet_an_error_and_the_rest_goes_on)
{
    test::Finished const finished =
        test::run(small_machine("f() { f | f & }; f; sleep 0.02; echo done"));
    expect_sound(finished, "fork bomb");
    EXPECT_NE(finished.output.find("done"), std::string::npos);
    EXPECT_NE(finished.errors.find("can't fork"), std::string::npos);
}

TEST(exhaustion, a_full_file_system_is_an_error_and_can_be_emptied)
{
    test::Finished const finished =
        test::run(small_machine("cd /tmp; dd if=/dev/zero of=big bs=64k 2>/dev/null; echo $?; rm "
                                "big; echo small > f; cat f"));
    expect_sound(finished, "full");
    EXPECT_EQ(finished.output, "1\nsmall\n");
}

TEST(exhaustion, failures_at_random_places_never_hurt_the_kernel)
{
    std::string const script =
        "seq 100 | sort -rn | head -n 2; cd /tmp; mkdir a; echo x > a/f; tar cf t.tar a; tar tf "
        "t.tar;"
        "(sleep 0.01; echo y) & wait; gzip < t.tar | wc -c; ps | wc -l; ls -l /proc/self/fd;"
        "sh -c 'trap \"echo t\" TERM; kill -TERM $$'; mkfifo p; cat p & echo z > p; wait;"
        "cp -r /etc b; mv b c; rm -r c; find / -xdev | wc -l";
    u64 with_failures = 0;
    for (u64 seed = 1; seed <= 40; ++seed) {
        SimulationOptions options = test::options_for({"sh", "-c", script});
        options.machine.seed = seed;
        options.machine.faults = {true, true, true, static_cast<u32>(3 + seed * 7)};
        // A program whose wait was cut short may wait for ever: that is its own business.
        options.machine.time_limit_ns = 20'000'000'000;
        test::Finished const finished = test::run(options);
        bool const is_patient = finished.outcome.kind == OutcomeKind::TimeLimit ||
                                finished.outcome.kind == OutcomeKind::NoProgress;
        if (!is_patient) expect_sound(finished, "seed " + std::to_string(seed));
        with_failures += finished.outcome.exit_status != 0;
    }
    // The failures were there.
    EXPECT_GT(with_failures, 0u);
}

}  // namespace
}  // namespace drydock::sim
