// How fast the simulator is, measured on the program that users run: each iteration starts `drydock
// run` (and, beside it, the same work on this machine's own Linux) and reads the figures of its
// report.
//
// The instruction rates leave out the start of the process; wall times are of the whole process.

#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace {

struct Run {
    double seconds = 0;
    long peak_kib = 0;
    nlohmann::json report{};
};

Run run_command(std::vector<std::string> const& words)
{
    std::vector<char*> arguments;
    for (std::string const& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    auto const start = std::chrono::steady_clock::now();
    pid_t child = 0;
    int const error =
        posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error("cannot start " + words[0]);
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    Run run;
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    run.peak_kib = usage.ru_maxrss;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error(words[0] + " failed");
    return run;
}

Run run_drydock(std::vector<std::string> const& words)
{
    std::string report = "/tmp/drydock-benchmark-XXXXXX";
    int const file = mkstemp(report.data());
    if (file >= 0) close(file);
    std::vector<std::string> command = {DRYDOCK_BINARY, "run", "--quiet", "--report", report};
    command.insert(command.end(), words.begin(), words.end());
    Run run = run_command(command);
    std::ifstream(report) >> run.report;
    unlink(report.c_str());
    return run;
}

// --- user code
// -------------------------------------------------------------------------------------

void user_code(benchmark::State& state, std::vector<std::string> const& words)
{
    double instructions = 0;
    double seconds = 0;
    double const start_up = run_drydock({"--", "true"}).seconds;
    for (auto _ : state) {
        Run const run = run_drydock(words);
        state.SetIterationTime(run.seconds);
        instructions += run.report.at("user_instructions").get<double>();
        seconds += run.seconds - start_up;
    }
    state.counters["user_MIPS"] = instructions / 1e6 / seconds;
}

std::vector<std::string> shell(std::string const& script) { return {"--", "sh", "-c", script}; }

void sh_loop(benchmark::State& state)
{
    user_code(state, shell("i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done"));
}
void awk(benchmark::State& state)
{
    user_code(state, shell("awk 'BEGIN { for (i = 0; i < 200000; i++) s += i % 7; print s }'"));
}
void sort(benchmark::State& state) { user_code(state, shell("seq 200000 | sort -r | tail -n 1")); }
void md5sum(benchmark::State& state)
{
    user_code(state, shell("dd if=/dev/zero bs=64k count=256 2>/dev/null | md5sum"));
}

// --- system calls and processes
// ----------------------------------------------------------------------

std::string program(std::string const& name) { return std::string(PROGRAM_DIRECTORY) + "/" + name; }

void null_call(benchmark::State& state)
{
    std::string const in = program("null_call") + ":/null_call";
    double const base = run_drydock({"--in", in, "--", "/null_call", "0"}).seconds;
    long const calls = 2'000'000;
    for (auto _ : state) {
        Run const run = run_drydock({"--in", in, "--", "/null_call", std::to_string(calls)});
        state.SetIterationTime((run.seconds - base) / static_cast<double>(calls));
    }
}

void spawn_true(benchmark::State& state)
{
    std::string const in = program("spawn") + ":/spawn";
    double const base =
        run_drydock({"--in", in, "--", "/spawn", "0", "/bin/busybox", "true"}).seconds;
    int const rounds = 500;
    for (auto _ : state) {
        Run const run = run_drydock(
            {"--in", in, "--", "/spawn", std::to_string(rounds), "/bin/busybox", "true"});
        state.SetIterationTime((run.seconds - base) / rounds);
    }
}

void spawn_true_on_this_linux(benchmark::State& state)
{
    int const rounds = 500;
    for (auto _ : state) {
        Run const run =
            run_command({program("spawn"), std::to_string(rounds), "/bin/busybox", "true"});
        state.SetIterationTime(run.seconds / rounds);
    }
}

void start_to_exit(benchmark::State& state)
{
    long peak_kib = 0;
    for (auto _ : state) {
        Run const run = run_command({DRYDOCK_BINARY, "run", "--", "true"});
        state.SetIterationTime(run.seconds);
        peak_kib = std::max(peak_kib, run.peak_kib);
    }
    state.counters["peak_MiB"] = static_cast<double>(peak_kib) / 1024;
}

BENCHMARK(sh_loop)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(awk)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(sort)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(md5sum)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(null_call)->UseManualTime()->Iterations(5)->Unit(benchmark::kNanosecond);
BENCHMARK(spawn_true)->UseManualTime()->Iterations(5)->Unit(benchmark::kMicrosecond);
BENCHMARK(spawn_true_on_this_linux)->UseManualTime()->Iterations(5)->Unit(benchmark::kMicrosecond);
BENCHMARK(start_to_exit)->UseManualTime()->Iterations(20)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
