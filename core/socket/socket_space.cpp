#include "core/socket/socket_space.h"

#include "core/socket/socket.h"

namespace drydock {

SocketSpace::~SocketSpace()
{
    ASSERT(bound_.is_empty());
    ASSERT(in_flight_.is_empty());
    ASSERT(dropped_.is_empty());
}

Result<Ref<SocketSpace>> SocketSpace::of(Vfs& vfs)
{
    if (!vfs.sockets) vfs.sockets = TRY(vfs.heap().create_ref<SocketSpace>(vfs));
    return Ref<SocketSpace>(static_cast<SocketSpace*>(vfs.sockets.get()));
}

// --- names
// ----------------------------------------------------------------------------------------

namespace {

bool is_same(SocketAddress const& left, SocketAddress const& right)
{
    if (left.inode || right.inode) return left.inode == right.inode;
    return left.size == right.size && memcmp(left.bytes, right.bytes, left.size) == 0;
}

}  // namespace

Socket* SocketSpace::find(SocketAddress const& address, SocketType type)
{
    for (SocketLink& link : bound_) {
        if (!address.inode && link.socket->type() != type) continue;
        if (is_same(link.socket->name()->address, address)) return link.socket;
    }
    return nullptr;
}

Result<SocketAddress> SocketSpace::choose_name(SocketType type)
{
    constexpr u32 kNames = 1 << 20;
    constexpr char kDigits[] = "0123456789abcdef";
    for (u32 tries = 0; tries < kNames; ++tries) {
        SocketAddress address;
        address.size = 6;
        u32 rest = next_name_;
        next_name_ = (next_name_ + 1) % kNames;
        for (u32 i = 5; i > 0; --i) {
            address.bytes[i] = kDigits[rest % 16];
            rest /= 16;
        }
        if (find(address, type) == nullptr) return address;
    }
    return Errno::NoSpc;
}

// --- files in messages
// ----------------------------------------------------------------------------

namespace {

Socket* as_socket(Ref<File> const& file)
{
    if (file->kind() != FileKind::Socket) return nullptr;
    return static_cast<Socket*>(file.get());
}

}  // namespace

void SocketSpace::enter(PassedFiles& files)
{
    for (Ref<File> const& file : files.files()) {
        ++passed_files_;
        Socket* const socket = as_socket(file);
        if (socket == nullptr) continue;
        FlightState& flight = socket->flight();
        if (flight.count == 0) in_flight_.push_back(flight.link);
        ++flight.count;
    }
}

void SocketSpace::leave(PassedFiles& files)
{
    for (Ref<File> const& file : files.files()) {
        ASSERT(passed_files_ > 0);
        --passed_files_;
        Socket* const socket = as_socket(file);
        if (socket == nullptr) continue;
        FlightState& flight = socket->flight();
        ASSERT(flight.count > 0);
        --flight.count;
        if (flight.count == 0) in_flight_.remove(flight.link);
    }
}

void SocketSpace::discard(Own<Message> message)
{
    if (message->files) {
        leave(*message->files);
        drop(std::move(message->files));
    }
    Sender& sender = *message->sender;
    ASSERT(sender.used >= message->cost);
    sender.used -= message->cost;
    if (sender.owner != nullptr) sender.owner->has_room_again();
}

void SocketSpace::discard_all(MessageList& messages)
{
    while (Message* const message = messages.pop_front()) discard(Own<Message>(message));
}

void SocketSpace::drop(Own<PassedFiles> files)
{
    dropped_.push_back(*files.take_pointer());
    expect_unreachable();
    drop_dropped();
}

// The end of a file may end the messages of a socket, whose files then join the list.
void SocketSpace::drop_dropped()
{
    if (is_dropping_) return;
    is_dropping_ = true;
    while (PassedFiles* const files = dropped_.pop_front()) {
        Own<PassedFiles> const ends(files);
    }
    is_dropping_ = false;
}

// --- unreachable sockets
// --------------------------------------------------------------------------

void SocketSpace::expect_unreachable()
{
    if (!in_flight_.is_empty()) vfs_.has_lost_sockets = true;
}

namespace {

// Calls visit(flight state) for each socket that lies in the messages of this one.
template <typename Visit>
void for_each_inside(Socket& socket, Visit visit)
{
    auto const look_at = [&visit](MessageList& messages) {
        for (Message& message : messages) {
            if (!message.files) continue;
            for (Ref<File> const& file : message.files->files()) {
                Socket* const inside = as_socket(file);
                if (inside != nullptr) visit(inside->flight());
            }
        }
    };
    look_at(socket.messages());
    // Connections that nobody has accepted yet hang on their listener.
    for (SocketLink& link : socket.pending()) look_at(link.socket->messages());
}

}  // namespace

// Spreads from the sockets in the list to all suspects in their messages; the list is empty then.
void SocketSpace::find_reached(SocketList& reached)
{
    while (SocketLink* const link = reached.pop_front()) {
        for_each_inside(*link->socket, [&reached](FlightState& inside) {
            if (!inside.is_suspect) return;
            inside.is_suspect = false;
            reached.push_back(inside.work_link);
        });
    }
}

void SocketSpace::collect()
{
    // Suspects are referred to by nothing but messages.
    for (SocketLink& link : in_flight_) {
        FlightState& flight = link.socket->flight();
        flight.is_suspect = link.socket->references() == flight.count;
        flight.inside = 0;
    }
    for (SocketLink& link : in_flight_) {
        if (!link.socket->flight().is_suspect) continue;
        for_each_inside(*link.socket, [](FlightState& inside) { ++inside.inside; });
    }
    // One that lies in the message of a socket in use can still be received, and what lies in it.
    SocketList reached;
    for (SocketLink& link : in_flight_) {
        FlightState& flight = link.socket->flight();
        if (!flight.is_suspect || flight.inside == flight.count) continue;
        flight.is_suspect = false;
        reached.push_back(flight.work_link);
    }
    find_reached(reached);
    SocketList lost;
    for (SocketLink& link : in_flight_) {
        FlightState& flight = link.socket->flight();
        if (flight.is_suspect) lost.push_back(flight.work_link);
        flight.is_suspect = false;
    }
    // Nothing goes before all of them are known and held.
    is_dropping_ = true;
    while (SocketLink* const link = lost.pop_front()) link->socket->drop_messages();
    is_dropping_ = false;
    drop_dropped();
}

}  // namespace drydock
