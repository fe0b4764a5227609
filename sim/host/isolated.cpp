#include "sim/host/isolated.h"

#include "sim/host/running.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

constexpr char kReturned = '=';
constexpr char kThrew = '!';

void write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        isize const written = write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<usize>(written));
    }
}

std::string read_all(int descriptor)
{
    std::string text;
    char chunk[4096];
    for (;;) {
        isize const size = read(descriptor, chunk, sizeof(chunk));
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return text;
        text.append(chunk, static_cast<usize>(size));
    }
}

void limit_cpu(unsigned seconds)
{
    // The second signal cannot be ignored.
    rlimit const limit{seconds, seconds + 1};
    setrlimit(RLIMIT_CPU, &limit);
    rlimit const no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
}

[[noreturn]] void work_in_child(int descriptor,
                                BlackBox& box,
                                unsigned cpu_seconds,
                                std::function<std::string()> const& work)
{
    limit_cpu(cpu_seconds);
    set_black_box(&box);
    rearm_watch();
    std::string text;
    try {
        text = kReturned + work();
    } catch (std::exception const& error) {
        text = kThrew + std::string(error.what());
    }
    write_all(descriptor, text);
    // Nothing of the parent's is flushed or destroyed twice.
    _exit(0);
}

int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

Loss loss_of(int status, unsigned cpu_seconds)
{
    if (!WIFSIGNALED(status)) return {Loss::Kind::Vanished, WEXITSTATUS(status)};
    bool const is_over_time = WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL;
    if (is_over_time) return {Loss::Kind::Stuck, static_cast<int>(cpu_seconds)};
    return {Loss::Kind::Crashed, WTERMSIG(status)};
}

}  // namespace

SharedBlackBox::SharedBlackBox()
{
    void* const memory =
        mmap(nullptr, sizeof(BlackBox), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory to watch a run from");
    box_ = new (memory) BlackBox;
}

SharedBlackBox::~SharedBlackBox() { munmap(box_, sizeof(BlackBox)); }

void SharedBlackBox::reset() { new (box_) BlackBox; }

IsolatedEnd run_isolated(BlackBox& box,
                         unsigned cpu_seconds,
                         std::function<std::string()> const& work)
{
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) throw std::runtime_error("no descriptors for a run");
    pid_t const parent = getpid();
    pid_t const child = fork();
    if (child < 0) {
        int const error = errno;
        close(ends[0]);
        close(ends[1]);
        throw std::runtime_error(fmt::format("no process for the run ({})", std::strerror(error)));
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
        close(ends[0]);
        work_in_child(ends[1], box, cpu_seconds, work);
    }
    close(ends[1]);
    std::string text = read_all(ends[0]);
    close(ends[0]);
    int const status = wait_for(child);
    bool const is_whole = WIFEXITED(status) && WEXITSTATUS(status) == 0 && !text.empty();
    if (!is_whole) return {{}, loss_of(status, cpu_seconds)};
    if (text[0] == kThrew) throw std::runtime_error(text.substr(1));
    return {text.substr(1), {}};
}

}  // namespace drydock::sim
