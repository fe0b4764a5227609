// Linked into every program of a mutation run: takes the number of the deleted site from the
// environment (DRYDOCK_MUTANT), and the file that keeps which sites were reached
// (DRYDOCK_MUTANTS_REACHED), which processes that are forked, or lost, share.

#include "tests/mutation/mutants.h"

#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

unsigned drydock_mutant = 0;
unsigned char* drydock_mutants_reached = nullptr;

namespace {

unsigned char* map_file(char const* path)
{
    int const file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return nullptr;
    struct stat status {};
    void* mapped = MAP_FAILED;
    if (fstat(file, &status) == 0 && status.st_size > 0) {
        auto const size = static_cast<std::size_t>(status.st_size);
        mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    close(file);
    return mapped == MAP_FAILED ? nullptr : static_cast<unsigned char*>(mapped);
}

__attribute__((constructor)) void take_from_environment()
{
    if (char const* const number = std::getenv("DRYDOCK_MUTANT")) {
        drydock_mutant = static_cast<unsigned>(std::strtoul(number, nullptr, 10));
    }
    if (char const* const path = std::getenv("DRYDOCK_MUTANTS_REACHED")) {
        drydock_mutants_reached = map_file(path);
    }
}

}  // namespace
