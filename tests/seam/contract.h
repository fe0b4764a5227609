#pragma once

// The contract of the seam, as code that runs on both sides of it: freestanding, on a kernel stack,
// with its own TEST and EXPECT. A runner gives it a Platform and prints what it finds.

#include "core/platform/platform.h"

namespace drydock::seam {

struct Failure {
    char const* test = nullptr;
    char const* expression = nullptr;
    unsigned line = 0;
};

struct Report {
    static constexpr usize kMaximum = 32;
    Failure failures[kMaximum] = {};
    usize failure_count = 0;
    usize test_count = 0;
    char const* running = nullptr;
};

struct Context {
    Platform& platform;
    Report& report;
    PhysAddr free;  // Memory that the contract may use: at least 2 MiB, aligned to 64 KiB.
};

// Runs every test of the contract.
void run_contract(Platform& platform, Report& report);

void check(Report& report, bool holds, char const* expression, unsigned line);

}  // namespace drydock::seam

#define EXPECT(condition) ::drydock::seam::check(context.report, (condition), #condition, __LINE__)
#define TEST(name) static void name(::drydock::seam::Context& context)
