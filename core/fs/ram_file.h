#pragma once

// A regular file of RamFs: its bytes are its page cache. Bytes that came with the initramfs stay in
// the archive until their page is first used.

#include "core/fs/ram_node.h"

namespace drydock {

class RamFile final : public RamNode, private PageSource {
public:
    RamFile(RamFs& file_system, Creation const& creation);
    ~RamFile() override;

    InodeAttributes attributes() override;
    Result<void> change_attributes(AttributeChange const& change) override;
    Result<Ref<File>> open(OpenRequest const& request) override;
    Result<Ref<FileCache>> cache() override;
    u32* seals() override { return &seals_; }

    // The file's first contents, which stay where they are.
    void set_contents(ConstBytes contents);

    u64 size() const { return attributes_.size; }
    Result<usize> read_at(IoBuffer& target, u64 offset);
    Result<usize> write_at(IoBuffer& source, u64 offset);
    Result<void> resize(u64 size);
    // fallocate(2): room for [offset, offset + size), all of it or none; the file's size stays.
    // Errno::NoSpc, NoMem.
    Result<void> allocate(u64 offset, u64 size);
    // Zeroes that range, and gives back the pages that lie wholly in it.
    Result<void> punch(u64 offset, u64 size);
    // lseek(2) SEEK_DATA, SEEK_HOLE: Errno::Nxio behind the end.
    Result<u64> seek_data(u64 offset);
    Result<u64> seek_hole(u64 offset);

private:
    Result<void> load_page(u64 index, Bytes page) override;
    u64 source_pages() const { return page_ceil(contents_.size()) / kPageSize; }
    // The page takes no more room when it is written; it was written at some time.
    bool has_room(u64 index);
    bool has_data(u64 index);
    Result<usize> write_page(IoBuffer& source, u64 offset, usize size);
    Result<usize> read_page(IoBuffer& target, u64 offset, usize size);
    // Brings the file system's account up to the pages that the cache holds now.
    void settle();

    Ref<FileCache> cache_{};
    ConstBytes contents_{};
    u64 charged_pages_ = 0;
    // Only memfd_create(2) makes files that can be sealed (mm/shmem.c).
    u32 seals_ = file_seals::kSeal;
};

}  // namespace drydock
