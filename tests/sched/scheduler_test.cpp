#include "core/mm/frame_allocator.h"
#include "core/sched/scheduler.h"
#include "tests/support/fake_platform.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace drydock {
namespace {

// A kernel thread whose life is a function of the test.
class Worker final : public Thread {
public:
    Worker(u32 tid, std::function<void()> body) : Thread(tid), body_(std::move(body)) {}
    std::function<void()> body_;
};

// One scheduler on a fake machine. run() goes on until every thread has ended or waits for ever.
class Lab {
public:
    Lab() = default;
    ~Lab()
    {
        for (auto& worker : workers_) {
            if (worker->state() == Thread::State::Dead) scheduler_.reclaim(*worker);
        }
        // The thread that watched over the others is still the running one.
        while (scheduler_.threads().pop_front() != nullptr) {
        }
    }

    Worker& add(std::function<void()> body, int nice = 0)
    {
        u32 const tid = static_cast<u32>(workers_.size()) + 1;
        workers_.push_back(std::make_unique<Worker>(tid, std::move(body)));
        Worker& worker = *workers_.back();
        worker.set_nice(nice);
        current_lab_ = this;
        MUST(scheduler_.start(worker, &Lab::enter, &worker));
        return worker;
    }

    void run()
    {
        // One more thread, of the lowest rank, lets time pass and comes back here when all is over.
        add(
            [this] {
                // What has not happened after a long quiet time never will.
                for (int quiet = 0; quiet < 100; ++quiet) {
                    if (scheduler_.ready_count() > 0) quiet = 0;
                    pass(1'000'000);
                    scheduler_.run_timers();
                    scheduler_.yield();
                }
                platform_.platform().switch_stack(workers_.back()->stack(), host_);
            },
            19);
        boot();
    }

    // Time passes while the running thread works.
    void pass(Ticks time) { platform_.machine().now += time; }
    Ticks now() const { return const_cast<Lab*>(this)->platform_.machine().now; }

    test::FakePlatform platform_;
    FrameAllocator frames_{platform_, platform_.layout()};
    Scheduler scheduler_{platform_, frames_};
    std::vector<std::unique_ptr<Worker>> workers_;
    std::string log_;

private:
    static void enter(void* argument)
    {
        auto* const worker = static_cast<Worker*>(argument);
        worker->body_();
        current_lab_->scheduler_.exit_current();
    }
    void boot()
    {
        // Scheduler::run() never returns, so it gets a stack of its own.
        MUST(prepare_boot());
        platform_.platform().switch_stack(host_, boot_);
    }
    Result<void> prepare_boot()
    {
        PhysAddr const frames = TRY(frames_.allocate(FrameUse::Stack, kKernelStackOrder, false));
        platform_.platform().prepare_stack(
            boot_, frames, [](void* lab) { static_cast<Lab*>(lab)->scheduler_.run(); }, this);
        return {};
    }

    inline static Lab* current_lab_ = nullptr;
    KernelStack host_{};
    KernelStack boot_{};
};

TEST(scheduler, threads_run_in_the_order_they_became_ready)
{
    Lab lab;
    for (char name = 'a'; name < 'e'; ++name) lab.add([&lab, name] { lab.log_ += name; });
    lab.run();
    EXPECT_EQ(lab.log_, "abcd");
}

TEST(scheduler, a_seeded_choice_may_pick_another)
{
    Lab lab;
    lab.platform_.machine().choose = [](Choice site, u32 count) {
        return site == Choice::NextThread ? count - 1 : 0;
    };
    for (char name = 'a'; name < 'd'; ++name) lab.add([&lab, name] { lab.log_ += name; });
    lab.add([&lab] { lab.log_ += 'z'; });
    lab.platform_.machine().choose = nullptr;
    lab.run();
    EXPECT_EQ(lab.log_, "abcz");
}

TEST(scheduler, a_wait_ends_when_its_condition_holds_and_not_before)
{
    Lab lab;
    WaitQueue queue;
    int value = 0;
    lab.add([&] {
        EXPECT_TRUE(lab.scheduler_.wait_until(queue, "test", [&] { return value == 2; }).is_ok());
        lab.log_ += "woken";
    });
    lab.add([&] {
        value = 1;
        queue.wake_all(lab.scheduler_);
        lab.scheduler_.yield();
        EXPECT_EQ(lab.log_, "");
        value = 2;
        queue.wake_all(lab.scheduler_);
    });
    lab.run();
    EXPECT_EQ(lab.log_, "woken");
    EXPECT_TRUE(queue.is_empty());
}

TEST(scheduler, a_deadline_ends_a_wait_with_a_timeout)
{
    Lab lab;
    WaitQueue queue;
    lab.add([&] {
        Ticks const deadline = lab.now() + 10'000'000;
        Result<void> const outcome = lab.scheduler_.wait_until(
            queue, "test", [] { return false; }, Thread::Wait::Interruptible, deadline);
        EXPECT_EQ(outcome.error(), Errno::TimedOut);
        EXPECT_GE(lab.now(), deadline);
        EXPECT_LE(lab.now(), deadline + 2'000'000);
        lab.log_ += "late";
    });
    lab.run();
    EXPECT_EQ(lab.log_, "late");
}

TEST(scheduler, an_interrupt_ends_only_an_interruptible_wait)
{
    Lab lab;
    WaitQueue queue;
    bool released = false;
    Worker& soft = lab.add([&] {
        EXPECT_EQ(lab.scheduler_.wait_until(queue, "soft", [] { return false; }).error(),
                  Errno::RestartSys);
        lab.log_ += 's';
    });
    Worker& hard = lab.add([&] {
        EXPECT_TRUE(lab.scheduler_
                        .wait_until(
                            queue, "hard", [&] { return released; }, Thread::Wait::Uninterruptible)
                        .is_ok());
        lab.log_ += 'h';
    });
    lab.add([&] {
        lab.scheduler_.interrupt(soft);
        lab.scheduler_.interrupt(hard);
        lab.scheduler_.yield();
        EXPECT_EQ(lab.log_, "s");
        released = true;
        queue.wake_all(lab.scheduler_);
    });
    lab.run();
    EXPECT_EQ(lab.log_, "sh");
}

TEST(scheduler, an_interrupt_that_comes_first_is_not_lost)
{
    Lab lab;
    WaitQueue queue;
    Worker* self = nullptr;
    self = &lab.add([&] {
        lab.scheduler_.interrupt(*self);
        EXPECT_EQ(lab.scheduler_.wait_until(queue, "test", [] { return false; }).error(),
                  Errno::RestartSys);
        self->set_interrupted(false);
    });
    lab.run();
}

TEST(scheduler, timers_run_in_order_of_their_deadlines_and_ties_in_order_of_arming)
{
    Lab lab;
    struct Named {
        Timer timer{};
        char name = 0;
        std::string* log = nullptr;
    };
    Named timers[4];
    Ticks const deadlines[] = {5'000'000, 2'000'000, 5'000'000, 3'000'000};
    for (int i = 0; i < 4; ++i) {
        timers[i].name = static_cast<char>('a' + i);
        timers[i].log = &lab.log_;
        timers[i].timer.argument = &timers[i];
        timers[i].timer.callback = [](Timer&, void* argument) {
            auto* const named = static_cast<Named*>(argument);
            *named->log += named->name;
        };
    }
    lab.add([&] {
        for (int i = 0; i < 4; ++i) lab.scheduler_.arm(timers[i].timer, deadlines[i]);
        lab.scheduler_.disarm(timers[3].timer);
        lab.pass(1'999'999);
        lab.scheduler_.run_timers();
        EXPECT_EQ(lab.log_, "");
        lab.pass(1);
        lab.scheduler_.run_timers();
        EXPECT_EQ(lab.log_, "b");
        lab.pass(10'000'000);
        lab.scheduler_.run_timers();
    });
    lab.run();
    EXPECT_EQ(lab.log_, "bac");
}

TEST(scheduler, the_cpu_is_shared_by_weight)
{
    Lab lab;
    u64 worked[2] = {};
    for (int who = 0; who < 2; ++who) {
        lab.add(
            [&, who] {
                while (worked[0] + worked[1] < 4000) {
                    lab.pass(1'000'000);
                    ++worked[who];
                    lab.scheduler_.yield_if_due();
                }
            },
            who == 0 ? 0 : 5);
    }
    lab.run();
    // nice 5 has a weight of 335 against 1024.
    EXPECT_NEAR(
        static_cast<double>(worked[0]) / static_cast<double>(worked[1]), 1024.0 / 335.0, 0.2);
}

TEST(scheduler, a_sleeper_gets_no_credit_for_its_sleep)
{
    Lab lab;
    WaitQueue queue;
    bool go = false;
    u64 after[2] = {};
    lab.add([&] {
        MUST(lab.scheduler_.wait_until(queue, "test", [&] { return go; }));
        while (after[0] + after[1] < 400) {
            lab.pass(1'000'000);
            ++after[0];
            lab.scheduler_.yield_if_due();
        }
    });
    lab.add([&] {
        for (int i = 0; i < 1000; ++i) {
            lab.pass(1'000'000);
            lab.scheduler_.yield_if_due();
        }
        go = true;
        queue.wake_all(lab.scheduler_);
        while (after[0] + after[1] < 400) {
            lab.pass(1'000'000);
            ++after[1];
            lab.scheduler_.yield_if_due();
        }
    });
    lab.run();
    EXPECT_NEAR(static_cast<double>(after[0]), static_cast<double>(after[1]), 20.0);
}

TEST(scheduler, a_stopped_thread_runs_only_after_it_is_continued)
{
    Lab lab;
    Worker& stopped = lab.add([&] {
        lab.log_ += 's';
        lab.scheduler_.stop_current();
        lab.log_ += 'c';
    });
    lab.add([&] {
        lab.scheduler_.wake(stopped);
        lab.scheduler_.interrupt(stopped);
        lab.scheduler_.yield();
        EXPECT_EQ(lab.log_, "s");
        lab.scheduler_.continue_thread(stopped);
        lab.scheduler_.yield();
        EXPECT_EQ(lab.log_, "sc");
    });
    lab.run();
}

TEST(scheduler, no_room_for_a_stack_is_an_error_and_takes_nothing)
{
    Lab lab;
    u64 const free_before = lab.frames_.free_frames();
    lab.platform_.machine().stacks_left = 0;
    Worker worker(99, [] {});
    EXPECT_EQ(lab.scheduler_
                  .start(
                      worker, [](void*) {}, nullptr)
                  .error(),
              Errno::NoMem);
    EXPECT_EQ(lab.frames_.free_frames(), free_before);
    EXPECT_EQ(lab.scheduler_.thread_count(), 0u);
    lab.platform_.machine().stacks_left = 10;
    MUST(lab.scheduler_.give_stack(
        worker, [](void*) {}, nullptr));
    EXPECT_EQ(lab.frames_.free_frames(), free_before - 4);
    lab.scheduler_.reclaim(worker);
    EXPECT_EQ(lab.frames_.free_frames(), free_before);
}

TEST(scheduler, a_spurious_end_of_a_wait_is_a_choice)
{
    Lab lab;
    WaitQueue queue;
    lab.platform_.machine().choose = [](Choice site, u32) {
        return site == Choice::InterruptWait ? 1u : 0u;
    };
    lab.add([&] {
        EXPECT_EQ(lab.scheduler_.wait_until(queue, "test", [] { return false; }).error(),
                  Errno::RestartSys);
        EXPECT_TRUE(queue.is_empty());
    });
    lab.run();
}

}  // namespace
}  // namespace drydock
