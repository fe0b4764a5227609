#include "core/fs/device_nodes.h"

namespace drydock {

namespace {

// Numbers as in null(4), random(4), tty(4), console(4), pts(4).
constexpr DeviceNode kNodes[] = {
    {"null", 0666, make_device(1, 3)},
    {"zero", 0666, make_device(1, 5)},
    {"full", 0666, make_device(1, 7)},
    {"random", 0666, make_device(1, 8)},
    {"urandom", 0666, make_device(1, 9)},
    {"tty", 0666, make_device(5, 0)},
    {"console", 0600, make_device(5, 1)},
    {"ptmx", 0666, make_device(5, 2)},
};

}  // namespace

Span<DeviceNode const> device_nodes() { return {kNodes, sizeof(kNodes) / sizeof(kNodes[0])}; }

Result<void> create_device_nodes(Inode& directory)
{
    for (DeviceNode const& node : kNodes) {
        Inode::Creation creation;
        creation.name = node.name;
        creation.type = InodeType::CharacterDevice;
        creation.permissions = node.permissions;
        creation.device = node.device;
        TRY(directory.create(creation));
    }
    return {};
}

}  // namespace drydock
