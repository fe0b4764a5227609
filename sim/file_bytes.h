#pragma once

// Files of the host, as bytes. Errors are std::runtime_error with a text for people.

#include "core/base/integers.h"

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

namespace drydock::sim {

// A file mapped for reading.
class MappedFile {
public:
    explicit MappedFile(std::string const& path);
    ~MappedFile();
    MappedFile(MappedFile const&) = delete;
    MappedFile& operator=(MappedFile const&) = delete;

    std::string_view text() const { return {data_, size_}; }

private:
    char const* data_ = nullptr;
    usize size_ = 0;
};

// Writes beside the final name and renames: the file is whole or not there.
void write_file(std::string const& path, std::string_view content);
// The same with a function that writes; it says whether that went well.
void write_file(std::string const& path, std::function<bool(std::FILE*)> const& write);

// The hash by which traces name contents: 16 hexadecimal digits.
std::string content_hash(std::string_view content);

}  // namespace drydock::sim
