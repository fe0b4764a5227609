#include "sim/host/worker_pool.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

// A line of its own kind: why the work ended early.
constexpr char kReason = '!';

void say(int descriptor, std::string const& line)
{
    std::string const text = line + "\n";
    for (usize done = 0; done < text.size();) {
        isize const written = write(descriptor, text.data() + done, text.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) _exit(1);  // Nobody listens any more.
        done += static_cast<usize>(written);
    }
}

[[noreturn]] void work_in_child(int descriptor, WorkerPool::Work const& work)
{
    try {
        work([descriptor](std::string const& line) { say(descriptor, line); });
    } catch (std::exception const& error) {
        std::string reason = error.what();
        for (char& character : reason) {
            if (character == '\n') character = ' ';
        }
        say(descriptor, kReason + reason);
        _exit(1);
    }
    _exit(0);
}

}  // namespace

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::start(u64 number, Work const& work)
{
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) throw std::runtime_error("no descriptors for a worker");
    pid_t const parent = getpid();
    pid_t const child = fork();
    if (child < 0) {
        int const error = errno;
        close(ends[0]);
        close(ends[1]);
        throw std::runtime_error(fmt::format("no process for a worker ({})", std::strerror(error)));
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
        close(ends[0]);
        for (Worker const& other : workers_) close(other.descriptor);
        work_in_child(ends[1], work);
    }
    close(ends[1]);
    workers_.push_back({number, child, ends[0], {}, false});
}

std::optional<WorkerPool::News> WorkerPool::take_line(Worker& worker)
{
    usize const end = worker.pending.find('\n');
    if (end == std::string::npos || worker.pending[0] == kReason) return {};
    News news{worker.number, false, worker.pending.substr(0, end)};
    worker.pending.erase(0, end + 1);
    return news;
}

void WorkerPool::read_from(Worker& worker)
{
    char chunk[65536];
    isize const size = read(worker.descriptor, chunk, sizeof(chunk));
    if (size > 0) worker.pending.append(chunk, static_cast<usize>(size));
    if (size == 0 || (size < 0 && errno != EINTR)) worker.has_closed = true;
}

WorkerPool::News WorkerPool::end_of(usize index)
{
    Worker const worker = workers_[index];
    workers_.erase(workers_.begin() + static_cast<isize>(index));
    close(worker.descriptor);
    int status = 0;
    while (waitpid(worker.process, &status, 0) < 0 && errno == EINTR) {
    }
    News news{worker.number, true, {}};
    if (!worker.pending.empty() && worker.pending[0] == kReason) {
        news.line = worker.pending.substr(1, worker.pending.find('\n') - 1);
    } else if (WIFSIGNALED(status)) {
        news.line = fmt::format("ended by signal {}", WTERMSIG(status));
    } else if (WEXITSTATUS(status) != 0) {
        news.line = fmt::format("ended with status {}", WEXITSTATUS(status));
    }
    return news;
}

std::optional<WorkerPool::News> WorkerPool::wait(u64 milliseconds)
{
    for (Worker& worker : workers_) {
        if (std::optional<News> news = take_line(worker)) return news;
    }
    for (usize i = 0; i < workers_.size(); ++i) {
        if (workers_[i].has_closed) return end_of(i);
    }
    std::vector<pollfd> waiting;
    for (Worker const& worker : workers_) waiting.push_back({worker.descriptor, POLLIN, 0});
    if (poll(waiting.data(), waiting.size(), static_cast<int>(milliseconds)) <= 0) return {};
    for (usize i = 0; i < waiting.size(); ++i) {
        if (waiting[i].revents != 0) read_from(workers_[i]);
    }
    for (Worker& worker : workers_) {
        if (std::optional<News> news = take_line(worker)) return news;
    }
    return {};
}

void WorkerPool::stop(u64 number)
{
    for (usize i = 0; i < workers_.size(); ++i) {
        if (workers_[i].number != number) continue;
        kill(workers_[i].process, SIGKILL);
        end_of(i);
        return;
    }
}

void WorkerPool::stop()
{
    for (Worker const& worker : workers_) kill(worker.process, SIGKILL);
    while (!workers_.empty()) end_of(workers_.size() - 1);
}

}  // namespace drydock::sim
