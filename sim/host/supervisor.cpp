#include "sim/host/supervisor.h"

#include "sim/host/running.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <initializer_list>
#include <new>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

// A report takes its time with a debugger's amount of symbols, but ends.
constexpr unsigned kReportSeconds = 60;
// How often the heartbeat is looked at.
constexpr timespec kPeriod{1, 0};

constexpr int kForwarded[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGUSR1, SIGUSR2};

BlackBox* create_box()
{
    void* const memory =
        mmap(nullptr, sizeof(BlackBox), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory for the run's supervisor");
    return new (memory) BlackBox;
}

sigset_t watched_signals()
{
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    for (int const number : kForwarded) sigaddset(&set, number);
    return set;
}

// The terminal as it was before the child, put back when the child could not do so itself.
class SavedTerminal {
public:
    SavedTerminal() : is_saved_(tcgetattr(STDIN_FILENO, &settings_) == 0) {}
    void put_back() const
    {
        if (!is_saved_) return;
        // In the background this would stop the process (termios(3)).
        std::signal(SIGTTOU, SIG_IGN);  // NOLINT(cert-err33-c)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_);
    }

private:
    termios settings_{};
    bool is_saved_;
};

u64 cpu_ns_of(pid_t child)
{
    clockid_t clock{};
    timespec now{};
    if (clock_getcpuclockid(child, &clock) != 0 || clock_gettime(clock, &now) != 0) return 0;
    return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

u64 monotonic_seconds()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<u64>(now.tv_sec);
}

bool is_ignored(int number)
{
    struct sigaction action {};
    return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Ends this process by a signal, as the child ended.
[[noreturn]] void die_by(int number)
{
    rlimit const no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, nullptr);
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &set, nullptr);
    _exit(128 + number);
}

bool is_self_inflicted(int number)
{
    for (int const own : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS}) {
        if (number == own) return true;
    }
    return false;
}

class Supervisor {
public:
    Supervisor(SupervisorOptions const& options, pid_t child, BlackBox const& box)
        : options_(options), child_(child), box_(box)
    {}

    // The child's status as waitpid(2) tells it.
    int wait_for_end()
    {
        sigset_t const set = watched_signals();
        for (;;) {
            siginfo_t info{};
            int const number = sigtimedwait(&set, &info, &kPeriod);
            if (number > 0 && number != SIGCHLD) forward(number, info);
            int status = 0;
            pid_t const changed = waitpid(child_, &status, WNOHANG | WUNTRACED);
            if (changed < 0 && errno != EINTR) {
                throw std::runtime_error(fmt::format("waitpid: {}", std::strerror(errno)));
            }
            if (changed != child_) {
                end_if_stuck();
            } else if (WIFSTOPPED(status)) {
                raise(SIGSTOP);
            } else {
                return status;
            }
        }
    }
    // CPU seconds without progress if the child was ended for that, otherwise 0.
    unsigned stuck_seconds() const { return stuck_seconds_; }

private:
    // A signal of the terminal reached the child as well; one that a process sent may not have.
    void forward(int number, siginfo_t const& info) const
    {
        if (info.si_code <= 0 && !is_ignored(number)) kill(child_, number);
    }

    void end_if_stuck()
    {
        u64 const beats = box_.beats.load(std::memory_order_relaxed);
        u64 const cpu_ns = cpu_ns_of(child_);
        bool const is_reporting = box_.is_reporting.load(std::memory_order_relaxed);
        u64 const now = monotonic_seconds();
        if (beats != beats_ || cpu_ns < cpu_ns_at_beat_) {
            beats_ = beats;
            cpu_ns_at_beat_ = cpu_ns;
        }
        if (!is_reporting) report_began_ = now;
        u64 const without_beat = (cpu_ns - cpu_ns_at_beat_) / 1'000'000'000;
        bool const is_stuck = without_beat >= options_.stuck_seconds;
        if (!is_stuck && now - report_began_ < kReportSeconds) return;
        stuck_seconds_ = without_beat > 0 ? static_cast<unsigned>(without_beat) : 1;
        kill(child_, SIGKILL);
    }

    SupervisorOptions const& options_;
    pid_t const child_;
    BlackBox const& box_;
    u64 beats_ = 0;
    u64 cpu_ns_at_beat_ = 0;
    u64 report_began_ = monotonic_seconds();
    unsigned stuck_seconds_ = 0;
};

int simulate_in_child(BlackBox& box, std::function<int(BlackBox&)> const& simulate)
{
    set_black_box(&box);
    install_fault_handlers();
    try {
        int const status = simulate(box);
        box.has_verdict = true;
        return status;
    } catch (...) {
        box.has_verdict = true;
        throw;
    }
}

}  // namespace

int run_supervised(SupervisorOptions const& options,
                   std::function<int(BlackBox&)> const& simulate,
                   std::function<int(BlackBox const&, Loss const&)> const& on_loss)
{
    BlackBox* const box = create_box();
    SavedTerminal const terminal;
    sigset_t const watched = watched_signals();
    sigset_t before{};
    sigprocmask(SIG_BLOCK, &watched, &before);
    pid_t const supervisor = getpid();
    pid_t const child = fork();
    if (child < 0) {
        throw std::runtime_error(
            fmt::format("no process for the run ({}); try --unsupervised", std::strerror(errno)));
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != supervisor) _exit(1);
        sigprocmask(SIG_SETMASK, &before, nullptr);
        return simulate_in_child(*box, simulate);
    }
    Supervisor watch(options, child, *box);
    int const status = watch.wait_for_end();
    if (WIFEXITED(status) && box->has_verdict) return WEXITSTATUS(status);
    terminal.put_back();
    if (watch.stuck_seconds() > 0) {
        return on_loss(*box, {Loss::Kind::Stuck, static_cast<int>(watch.stuck_seconds())});
    }
    if (WIFEXITED(status)) return on_loss(*box, {Loss::Kind::Vanished, WEXITSTATUS(status)});
    if (is_self_inflicted(WTERMSIG(status))) {
        return on_loss(*box, {Loss::Kind::Crashed, WTERMSIG(status)});
    }
    die_by(WTERMSIG(status));
}

}  // namespace drydock::sim
