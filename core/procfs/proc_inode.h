#pragma once

// An inode of /proc: a node of the table, for one process or for the system. Made anew at each
// lookup.

#include "core/procfs/node.h"
#include "core/vfs/text_file.h"

namespace drydock {

class ProcInode final : public TextInode {
public:
    ProcInode(ProcFs& file_system, Node const& node, ProcessReference reference, u32 descriptor)
        : file_system_(file_system), node_(node), reference_(reference), descriptor_(descriptor)
    {
        file_system_.enter();
    }
    ~ProcInode() override { file_system_.leave(); }
    static Result<Ref<Inode>> create(ProcFs& file_system,
                                     Node const& node,
                                     ProcessReference reference,
                                     u32 descriptor);

    InodeAttributes attributes() override;
    InodeType type() override { return node_.type; }
    FileSystem& file_system() override { return file_system_; }
    Result<void> change_attributes(AttributeChange const& change) override;
    Result<Ref<Inode>> lookup(StringView name) override;
    Result<u64> list(u64 position, u64 parent_number, DirectorySink& sink) override;
    bool has_stable_names() override { return false; }
    Result<usize> read_link(Span<char> target) override;
    Result<Path> follow_magic() override;
    Result<Ref<File>> open(OpenRequest const& request) override;

    // Errno::Srch once the process is gone.
    Result<void> generate(Text& text) override;
    Result<void> write(StringView text) override;
    Heap& heap() override { return system().heap; }
    System& system() { return file_system_.system(); }

private:
    Result<Subject> subject() const;
    Result<Ref<Inode>> child(Node const& node, ProcessReference reference, u32 descriptor)
    {
        return create(file_system_, node, reference, descriptor);
    }
    Result<Ref<Inode>> lookup_number(StringView name);
    bool list_table(u64& position, DirectorySink& sink);
    bool list_numbers(u64& position, DirectorySink& sink);
    // `entry`: a descriptor, or the system's number of a process or thread.
    bool add_number(u64& position, u32 entry, InodeType type, DirectorySink& sink);
    Process* next_process(u32 minimum);
    u64 number_of(Node const& node, ProcessReference const& reference, u32 descriptor) const;
    u32 descriptor_permissions(Subject const& subject) const;

    ProcFs& file_system_;
    Node const& node_;
    ProcessReference const reference_;
    u32 const descriptor_;
};

}  // namespace drydock
