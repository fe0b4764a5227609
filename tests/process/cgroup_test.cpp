#include "core/process/cgroup.h"
#include "tests/process/process_fixture.h"

namespace drydock {
namespace {

class CountingNode final : public CgroupNode {
public:
    CountingNode(Cgroup& group, CgroupFileKind kind) : CgroupNode(kind) { group.add_node(*this); }
    ~CountingNode()
    {
        if (node_hook.is_linked()) node_hook.unlink();
    }
    void changed() override { ++changes; }
    void gone() override { is_gone = true; }

    int changes = 0;
    bool is_gone = false;
};

class CgroupTest : public test::ProcessTest {
protected:
    CgroupTest() : top(MUST(Cgroup::create(parts().heap, {}, "", {}))) {}

    Ref<Cgroup> add(Ref<Cgroup> const& parent, StringView name)
    {
        Ref<Cgroup> child = MUST(Cgroup::create(parts().heap, parent, name, {}));
        parent->add_child(*child, next_number_);
        next_number_ += Cgroup::kNumberStep;
        return child;
    }
    void control(Cgroup& group, bool on)
    {
        MUST(group.may_control_pids(on));
        group.control_pids(on, 0, 0);
    }
    static Errno error_of(Result<void> result)
    {
        return result.is_error() ? result.error() : Errno{};
    }
    std::string path(Ref<Cgroup> const& group, Ref<Cgroup> const& from)
    {
        Text text(parts().heap);
        append_cgroup_path(group.get(), from.get(), text);
        return {text.view().data(), text.view().size()};
    }
    // Destroyed groups are out of the tree.
    void remove(Ref<Cgroup> const& group) { MUST(group->remove()); }

    Ref<Cgroup> top;

private:
    u64 next_number_ = 1 + Cgroup::kNumberStep;
};

// Documentation/admin-guide/cgroup-v2.rst, "[Un]populated Notification".
TEST_F(CgroupTest, is_populated_by_what_lives_below_it_and_says_so_once)
{
    Ref<Cgroup> const a = add(top, "a");
    Ref<Cgroup> const b = add(a, "b");
    Ref<Cgroup> const c = add(a, "c");
    CountingNode events(*a, CgroupFileKind::Events);
    b->enter();
    EXPECT_TRUE(a->is_populated());
    EXPECT_FALSE(a->has_processes());
    EXPECT_EQ(events.changes, 1);
    c->enter();
    b->enter();
    b->leave();
    b->leave();
    EXPECT_FALSE(b->is_populated());
    EXPECT_TRUE(a->is_populated());
    EXPECT_EQ(events.changes, 1);
    c->leave();
    EXPECT_FALSE(a->is_populated());
    EXPECT_EQ(events.changes, 2);
    remove(b);
    remove(c);
    remove(a);
}

// kernel/cgroup/cgroup.c, cgroup_destroy_locked().
TEST_F(CgroupTest, is_removed_only_when_it_is_empty)
{
    Ref<Cgroup> a = add(top, "a");
    Ref<Cgroup> b = add(a, "b");
    EXPECT_EQ(error_of(a->remove()), Errno::Busy);
    b->enter();
    EXPECT_EQ(error_of(b->remove()), Errno::Busy);
    b->leave();
    CountingNode node(*b, CgroupFileKind::Type);
    remove(b);
    EXPECT_TRUE(node.is_gone);
    EXPECT_EQ(a->find_child("b"), nullptr);
    EXPECT_EQ(top->descendants(), 1u);
    EXPECT_EQ(top->dying_descendants(), 1u);
    b.reset();
    EXPECT_EQ(top->dying_descendants(), 0u);
    remove(a);
    EXPECT_EQ(top->descendants(), 0u);
}

// kernel/cgroup/cgroup.c, cgroup_check_hierarchy_limits().
TEST_F(CgroupTest, limits_of_depth_and_number_hold_for_all_below)
{
    Ref<Cgroup> const a = add(top, "a");
    Ref<Cgroup> const b = add(a, "b");
    a->maximum_depth = 1;
    EXPECT_EQ(error_of(b->may_have_child()), Errno::Again);
    EXPECT_TRUE(a->may_have_child().is_ok());
    a->maximum_depth = Cgroup::kNoLimit;
    top->maximum_descendants = 2;
    EXPECT_EQ(error_of(b->may_have_child()), Errno::Again);
    top->maximum_descendants = 3;
    EXPECT_TRUE(b->may_have_child().is_ok());
    remove(b);
    remove(a);
}

// kernel/cgroup/pids.c of Linux 6.1, pids_can_fork(): "events_limit" of the cgroup that forks.
TEST_F(CgroupTest, a_limit_above_refuses_a_task_and_the_event_counts_where_it_forked)
{
    control(*top, true);
    Ref<Cgroup> const a = add(top, "a");
    control(*a, true);
    Ref<Cgroup> const b = add(a, "b");
    CountingNode events(*b, CgroupFileKind::PidsEvents);
    a->pids_limit = 2;
    MUST(b->try_charge());
    MUST(a->try_charge());
    EXPECT_EQ(error_of(b->try_charge()), Errno::Again);
    EXPECT_EQ(b->charged(), 1u);
    EXPECT_EQ(a->charged(), 2u);
    EXPECT_EQ(b->pids_events(), 1u);
    EXPECT_EQ(a->pids_events(), 0u);
    EXPECT_EQ(events.changes, 1);
    // Moves are not limited (pids_can_attach).
    b->charge(5);
    EXPECT_EQ(a->charged(), 7u);
    b->uncharge(6);
    a->uncharge(1);
    EXPECT_EQ(a->charged(), 0u);
    remove(b);
    remove(a);
}

TEST_F(CgroupTest, an_event_without_the_controller_counts_at_the_nearest_that_has_it)
{
    control(*top, true);
    Ref<Cgroup> const a = add(top, "a");
    Ref<Cgroup> const b = add(a, "b");
    a->pids_limit = 0;
    EXPECT_EQ(error_of(b->try_charge()), Errno::Again);
    EXPECT_EQ(a->pids_events(), 1u);
    remove(b);
    remove(a);
}

// kernel/cgroup/cgroup.c, cgroup_subtree_control_write().
TEST_F(CgroupTest, the_controller_is_handed_down_step_by_step)
{
    Ref<Cgroup> const a = add(top, "a");
    EXPECT_FALSE(a->has_file(CgroupFileKind::PidsMaximum));
    EXPECT_EQ(error_of(a->may_control_pids(true)), Errno::NoEnt);
    control(*top, true);
    EXPECT_TRUE(a->has_file(CgroupFileKind::PidsMaximum));
    EXPECT_FALSE(top->has_file(CgroupFileKind::PidsMaximum));
    control(*a, true);
    EXPECT_EQ(error_of(top->may_control_pids(false)), Errno::Busy);
    control(*a, false);
    a->pids_limit = 7;
    CountingNode file(*a, CgroupFileKind::PidsMaximum);
    CountingNode other(*a, CgroupFileKind::Processes);
    control(*top, false);
    EXPECT_TRUE(file.is_gone);
    EXPECT_FALSE(other.is_gone);
    control(*top, true);
    EXPECT_EQ(a->pids_limit, Cgroup::kNoPidsLimit);
    remove(a);
}

// cgroup_vet_subtree_control_enable(), cgroup_migrate_vet_dst(): pids is a threaded controller, so
// that processes may stay inside as long as no child has any.
TEST_F(CgroupTest,
       processes_inside_and_the_controller_exclude_each_other_once_children_are_populated)
{
    control(*top, true);
    Ref<Cgroup> const a = add(top, "a");
    Ref<Cgroup> const b = add(a, "b");
    a->enter();
    EXPECT_TRUE(a->may_control_pids(true).is_ok());
    b->enter();
    EXPECT_EQ(error_of(a->may_control_pids(true)), Errno::Busy);
    a->leave();
    control(*a, true);
    EXPECT_EQ(error_of(a->may_host()), Errno::Busy);
    b->leave();
    EXPECT_TRUE(a->may_host().is_ok());
    a->enter();
    EXPECT_EQ(a->type(), StringView("domain threaded"));
    EXPECT_EQ(b->type(), StringView("domain invalid"));
    EXPECT_EQ(error_of(b->may_host()), Errno::OpNotSupp);
    a->leave();
    EXPECT_EQ(b->type(), StringView("domain"));
    EXPECT_TRUE(top->may_host().is_ok());
    remove(b);
    remove(a);
}

// fs/kernfs/dir.c, kernfs_path_from_node_locked().
TEST_F(CgroupTest, paths_lead_up_where_they_must)
{
    Ref<Cgroup> const a = add(top, "a");
    Ref<Cgroup> const b = add(a, "b");
    Ref<Cgroup> const c = add(top, "c");
    EXPECT_EQ(path(top, top), "/");
    EXPECT_EQ(path({}, {}), "/");
    EXPECT_EQ(path(b, {}), "/a/b");
    EXPECT_EQ(path(b, a), "/b");
    EXPECT_EQ(path(a, b), "/..");
    EXPECT_EQ(path(c, b), "/../../c");
    EXPECT_EQ(path({}, b), "/../..");
    EXPECT_EQ(&common_cgroup(*b, *c), top.get());
    EXPECT_EQ(&common_cgroup(*b, *a), a.get());
    remove(c);
    remove(b);
    remove(a);
}

// What a process counts for goes with it; a first thread that has exited counts on.
TEST_F(CgroupTest, a_process_moves_with_its_charges)
{
    control(*top, true);
    Ref<Cgroup> const a = add(top, "a");
    Ref<Cgroup> const b = add(top, "b");
    a->pids_limit = 0;
    process->move_to(*a);
    EXPECT_EQ(a->charged(), 1u);
    EXPECT_EQ(process->cgroup, a);
    process->move_to(*a);
    EXPECT_EQ(a->charged(), 1u);
    process->move_to(*b);
    EXPECT_EQ(a->charged(), 0u);
    EXPECT_FALSE(a->is_populated());
    EXPECT_TRUE(b->is_populated());
    process->move_to(*top);
    EXPECT_FALSE(process->cgroup);
    EXPECT_EQ(b->charged(), 0u);
    remove(a);
    remove(b);
}

// kernel/cgroup/freezer.c: frozen is what has to be, once all its threads have halted and all below
// it is.
TEST_F(CgroupTest, is_frozen_when_every_thread_in_it_and_below_has_halted)
{
    ProcessTable& processes = parts().processes;
    Ref<Cgroup> const a = add(top, "a");
    Ref<Cgroup> const b = add(a, "b");
    CountingNode events(*a, CgroupFileKind::Events);
    processes.move_process(*process, *b);
    EXPECT_EQ(events.changes, 1);
    processes.set_freeze(*a, true);
    EXPECT_TRUE(process->is_to_freeze());
    EXPECT_TRUE(thread().is_interrupted());
    EXPECT_FALSE(b->is_frozen());
    EXPECT_FALSE(a->is_frozen());
    thread().is_frozen = true;
    processes.update_frozen(*b);
    EXPECT_TRUE(b->is_frozen());
    EXPECT_TRUE(a->is_frozen());
    EXPECT_EQ(events.changes, 2);
    // What is made there is frozen from the start, and changes nothing.
    Ref<Cgroup> const c = add(a, "c");
    EXPECT_TRUE(c->is_frozen());
    processes.set_freeze(*b, true);
    processes.set_freeze(*a, false);
    EXPECT_FALSE(a->is_frozen());
    EXPECT_FALSE(c->is_frozen());
    EXPECT_TRUE(b->is_frozen());
    EXPECT_TRUE(process->is_to_freeze());
    processes.move_process(*process, *top);
    EXPECT_FALSE(process->is_to_freeze());
    EXPECT_TRUE(b->is_frozen());
    processes.set_freeze(*b, false);
    EXPECT_FALSE(b->is_frozen());
    remove(c);
    remove(b);
    remove(a);
}

}  // namespace
}  // namespace drydock
