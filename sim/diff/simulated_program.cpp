#include "sim/diff/simulated_program.h"

#include "core/platform/event.h"
#include "hwmodel/mmu.h"
#include "sim/diff/call_rules.h"
#include "sim/host/isolated.h"
#include "sim/loss_report.h"
#include "sim/simulation.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

// CPU seconds of the host for the whole run.
constexpr unsigned kMostSeconds = 600;
constexpr u64 kCloneThread = 0x10000;  // clone(2), CLONE_THREAD

class CallCollector final : public EventObserver {
public:
    explicit CallCollector(Machine& machine) : machine_(machine) {}

    void saw(TraceRecord const& record) override
    {
        if (is(record, EventKind::SyscallEnter)) enter(record);
        if (is(record, EventKind::SyscallExit))
            add(CallEvent::Kind::Exit, record.tid, record.a, record.b);
        if (is(record, EventKind::Fork)) {
            bool const is_thread = (record.b & kCloneThread) != 0;
            add(CallEvent::Kind::Fork, record.tid, record.a, is_thread ? 1 : 0);
        }
        // The one that starts a handler (core/platform/event.h).
        if (is(record, EventKind::Signal) && record.c == 1)
            add(CallEvent::Kind::Handler, static_cast<u32>(record.b), record.a, 0);
        if (is(record, EventKind::Exec)) {
            // A thread that was not its process's first is called by the process's number from here
            // on; until the next switch its records are not.
            renamed_ = machine_.current_thread();
            renamed_to_ = record.tid;
            add(CallEvent::Kind::Exec, record.tid, 0, 0);
        }
        if (is(record, EventKind::Exit)) add(CallEvent::Kind::End, record.pid, record.a, 0);
    }
    void saw_depth(u32 /*what*/, u64 /*bytes*/) override {}

    std::vector<CallEvent> const& events() const { return events_; }

private:
    static bool is(TraceRecord const& record, EventKind kind)
    {
        return record.kind == static_cast<u32>(kind);
    }

    void add(CallEvent::Kind kind, u32 tid, u64 a, u64 b)
    {
        CallEvent event;
        event.kind = kind;
        event.tid = tid == renamed_ ? renamed_to_ : tid;
        event.a = a;
        event.b = b;
        events_.push_back(event);
    }

    void enter(TraceRecord const& record)
    {
        UserContext const& context = *machine_.last_context();
        add(CallEvent::Kind::Enter, record.tid, record.a, 0);
        CallEvent& event = events_.back();
        constexpr Gpr kArguments[] = {Gpr::Rdi, Gpr::Rsi, Gpr::Rdx, Gpr::R10, Gpr::R8, Gpr::R9};
        for (usize i = 0; i < 6; ++i) event.arguments[i] = context.reg(kArguments[i]);
        int const path = path_argument(event.a);
        if (path >= 0) read_text(event.arguments[path], event.text);
    }

    // As far as the pages are there.
    void read_text(u64 address, char (&text)[CallEvent::kTextSize])
    {
        hwmodel::Mmu const mmu(machine_.memory());
        for (usize done = 0; done < sizeof(text); ++done) {
            hwmodel::Translation translation;
            u64 const at = address + done;
            if (mmu.inspect(at, machine_.last_root(), translation) != hwmodel::WalkResult::Found)
                return;
            auto const byte =
                *mmu.data(translation.frame + at % (u64{1} << translation.page_shift));
            if (byte == std::byte{0}) return;
            text[done] = static_cast<char>(byte);
        }
    }

    Machine& machine_;
    std::vector<CallEvent> events_;
    u32 renamed_ = 0;
    u32 renamed_to_ = 0;
};

// What a run hands over from its process to this one: the numbers, then the three texts.
struct Lengths {
    u64 events = 0;
    u64 output = 0;
    u64 errors = 0;
    i64 status = 0;
};

std::string simulate(SimulatedRequest const& request, BlackBox& box)
{
    MemoryConsole console(request.input);
    SimulationOptions options;
    options.machine.memory_bytes = request.memory_bytes;
    options.machine.time_limit_ns = request.time_limit_ns;
    options.machine.boot_seconds = request.date;
    options.program = request.program;
    Simulation simulation(std::move(options), console, request.initramfs);
    simulation.machine().log().collect_in(box.ring);
    CallCollector collector(simulation.machine());
    simulation.machine().set_observer(&collector);
    Outcome const& outcome = simulation.run();
    std::string failure;
    if (outcome.kind != OutcomeKind::Exited) failure = outcome.summary + "\n" + outcome.report;

    Lengths lengths;
    lengths.events = collector.events().size();
    lengths.output = console.output().size();
    lengths.errors = console.errors().size();
    lengths.status = outcome.exit_status;
    std::string text(reinterpret_cast<char const*>(&lengths), sizeof(lengths));
    text.append(reinterpret_cast<char const*>(collector.events().data()),
                collector.events().size() * sizeof(CallEvent));
    return text + console.output() + console.errors() + failure;
}

std::string take(std::string_view& text, usize size)
{
    std::string const taken(text.substr(0, size));
    text.remove_prefix(taken.size());
    return taken;
}

}  // namespace

ProgramRun run_simulated(SimulatedRequest const& request)
{
    // getppid(2) is 0 where nobody inside is the parent.
    ProgramRun run{"simulator", CallLog(0)};
    SharedBlackBox box;
    IsolatedEnd const end =
        run_isolated(*box, kMostSeconds, [&] { return simulate(request, *box); });
    if (end.loss) {
        Outcome const outcome = describe_loss(*box, *end.loss);
        run.failure = outcome.summary + "\n" + outcome.report;
        run.status = outcome.exit_status;
        return run;
    }
    std::string_view text = end.text;
    Lengths lengths;
    std::memcpy(&lengths, text.data(), sizeof(lengths));
    text.remove_prefix(sizeof(lengths));
    for (u64 i = 0; i < lengths.events; ++i) {
        CallEvent event;
        std::memcpy(&event, text.data(), sizeof(event));
        text.remove_prefix(sizeof(event));
        run.log.add(event);
    }
    run.output = take(text, lengths.output);
    run.errors = take(text, lengths.errors);
    run.failure = std::string(text);
    run.status = static_cast<int>(lengths.status);
    return run;
}

}  // namespace drydock::sim
