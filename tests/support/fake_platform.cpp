#include "tests/support/fake_platform.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <sys/mman.h>
#include <ucontext.h>

namespace drydock {

namespace {

test::FakeMachine& machine_of(Platform const& platform)
{
    return *static_cast<test::FakeMachine*>(platform.implementation());
}

}  // namespace

// Weak, so that a test with one of its own can be linked into the same program. Death tests look
// for the text.
[[noreturn, gnu::weak]] void assertion_failed(char const* expression,
                                              char const* file,
                                              unsigned line)
{
    std::fprintf(stderr, "assertion failed: %s (%s:%u)\n", expression, file, line);
    std::abort();
}

Trap Platform::run_user(UserContext& context, PhysAddr root)
{
    auto& machine = machine_of(*this);
    return machine.run_user ? machine.run_user(context, root) : Trap{};
}

bool Platform::idle()
{
    auto& machine = machine_of(*this);
    if (machine.idle) return machine.idle();
    if (machine.timer == kNever) return false;
    if (machine.timer > machine.now) machine.now = machine.timer;
    machine.timer = kNever;
    return true;
}

namespace {

// A host stack and its registers: what a kernel stack is here. Large, as gtest runs on it too.
struct HostStack {
    static constexpr usize kSize = 256 * kKiB;
    ucontext_t context{};
    std::unique_ptr<std::byte[]> memory{};
    void (*entry)(void*) = nullptr;
    void* argument = nullptr;
};

HostStack& host_stack_of(test::FakeMachine& machine, KernelStack& stack)
{
    // The stack that a test itself runs on has none yet.
    if (stack.private_data == 0) {
        auto host = std::make_shared<HostStack>();
        stack.private_data = reinterpret_cast<u64>(host.get());
        machine.host_stacks.emplace(stack.private_data, std::move(host));
    }
    return *reinterpret_cast<HostStack*>(stack.private_data);
}

void enter_stack(unsigned high, unsigned low)
{
    auto& stack = *reinterpret_cast<HostStack*>(u64{high} << 32 | low);
    stack.entry(stack.argument);
    std::abort();
}

}  // namespace

bool Platform::prepare_stack(KernelStack& stack,
                             PhysAddr frames,
                             void (*entry)(void*),
                             void* argument)
{
    if (machine_of(*this).stacks_left == 0) return false;
    --machine_of(*this).stacks_left;
    HostStack& host = host_stack_of(machine_of(*this), stack);
    host.memory = std::make_unique<std::byte[]>(HostStack::kSize);
    host.entry = entry;
    host.argument = argument;
    getcontext(&host.context);
    host.context.uc_stack.ss_sp = host.memory.get();
    host.context.uc_stack.ss_size = HostStack::kSize;
    auto const address = reinterpret_cast<u64>(&host);
    makecontext(&host.context,
                reinterpret_cast<void (*)()>(enter_stack),
                2,
                static_cast<unsigned>(address >> 32),
                static_cast<unsigned>(address));
    stack.frames = frames;
    stack.base = reinterpret_cast<u64>(data(frames));
    stack.stack_pointer = data(frames) + kKernelStackSize;
    return true;
}

void Platform::release_stack(KernelStack& stack)
{
    ++machine_of(*this).stacks_left;
    machine_of(*this).host_stacks.erase(stack.private_data);
    stack = {};
}

void Platform::switch_stack(KernelStack& from, KernelStack& to)
{
    auto& machine = machine_of(*this);
    swapcontext(&host_stack_of(machine, from).context, &host_stack_of(machine, to).context);
}

void Platform::flush_page(u64, UserAddr page)
{
    auto& machine = machine_of(*this);
    if (machine.at_flush) machine.at_flush();
    machine.flushes.push_back({false, page});
}

void Platform::flush_all(u64)
{
    auto& machine = machine_of(*this);
    if (machine.at_flush) machine.at_flush();
    machine.flushes.push_back({true, {}});
}

MemoryLayout const& Platform::memory_layout() const { return machine_of(*this).layout; }

Ticks Platform::now() { return machine_of(*this).now; }

ClockTimes Platform::times() { return {machine_of(*this).now, machine_of(*this).user_time}; }

void Platform::set_timer(Ticks deadline) { machine_of(*this).timer = deadline; }

u32 Platform::choose(Choice site, u32 count)
{
    auto& machine = machine_of(*this);
    u32 const answer = machine.choose ? machine.choose(site, count) : 0;
    ASSERT(answer < count);
    return answer;
}

void Platform::fill_entropy(Bytes target)
{
    u64& state = machine_of(*this).entropy;
    for (std::byte& byte : target) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        byte = static_cast<std::byte>(state >> 56);
    }
}

ConsoleMode Platform::console_mode() { return machine_of(*this).console_mode; }

ConsoleRead Platform::console_input(Bytes target)
{
    auto& machine = machine_of(*this);
    if (machine.console_input.empty()) {
        bool const is_terminal = machine.console_mode.is_terminal[0];
        return {is_terminal ? ConsoleRead::Status::Nothing : ConsoleRead::Status::EndOfFile, 0};
    }
    std::string& next = machine.console_input.front();
    usize const size = next.size() < target.size() ? next.size() : target.size();
    memcpy(target.data(), next.data(), size);
    next.erase(0, size);
    if (next.empty()) machine.console_input.pop_front();
    return {ConsoleRead::Status::Data, size};
}

bool Platform::console_output(ConsoleStream stream, ConstBytes bytes)
{
    auto& machine = machine_of(*this);
    if (machine.console_is_closed) return false;
    machine.console_output[static_cast<usize>(stream)].append(
        reinterpret_cast<char const*>(bytes.data()), bytes.size());
    return true;
}

void Platform::record(Event const& event) { machine_of(*this).events.push_back(event); }

void Platform::halt(int status)
{
    std::fprintf(stderr, "halt(%d)\n", status);
    std::abort();
}

void Platform::fail(StringView reason)
{
    std::fprintf(stderr, "fail: %.*s\n", static_cast<int>(reason.size()), reason.data());
    std::abort();
}

namespace test {

FakePlatform::FakePlatform(usize memory_bytes) : size_(memory_bytes)
{
    void* const wanted = reinterpret_cast<void*>(kDirectMap);
    int const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
    void* const memory = mmap(wanted, size_, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory != wanted) throw std::runtime_error("the place of the direct map is taken");
    machine_.layout.first_free = {kPageSize};
    machine_.layout.end = {size_};
    platform_ = std::make_unique<Platform>(static_cast<std::byte*>(memory), &machine_);
}

FakePlatform::~FakePlatform() { munmap(reinterpret_cast<void*>(kDirectMap), size_); }

usize FakePlatform::count(EventKind kind) const
{
    usize total = 0;
    for (Event const& event : machine_.events) total += event.kind == kind ? 1 : 0;
    return total;
}

Event FakePlatform::last(EventKind kind) const
{
    for (usize i = machine_.events.size(); i > 0; --i) {
        if (machine_.events[i - 1].kind == kind) return machine_.events[i - 1];
    }
    throw std::runtime_error("no such event");
}

void FakePlatform::forget()
{
    machine_.events.clear();
    machine_.flushes.clear();
}

void FakePlatform::fail_allocation(u64 nth)
{
    until_failure_ = nth;
    has_failed_ = false;
    machine_.choose = [this](Choice site, u32) -> u32 {
        if (site != Choice::FailAllocation || has_failed_) return 0;
        if (until_failure_ > 0) {
            --until_failure_;
            return 0;
        }
        has_failed_ = true;
        return 1;
    };
}

void FakePlatform::fail_nothing() { machine_.choose = nullptr; }

}  // namespace test

}  // namespace drydock
