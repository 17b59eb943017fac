#include "basehttp/server/connection_set.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

namespace basehttp {

ClientAddress client_address(const SocketAddress& address) {
    ClientAddress client;
    if (address.family() == AF_INET) {
        sockaddr_in ipv4;
        std::memcpy(&ipv4, address.get(), sizeof ipv4);
        client.family = ClientAddress::Family::ipv4;
        std::memcpy(client.bytes.data(), &ipv4.sin_addr, sizeof ipv4.sin_addr);
    } else if (address.family() == AF_INET6) {
        sockaddr_in6 ipv6;
        std::memcpy(&ipv6, address.get(), sizeof ipv6);
        client.family = ClientAddress::Family::ipv6;
        std::memcpy(client.bytes.data(), &ipv6.sin6_addr, sizeof ipv6.sin6_addr);
    }
    client = client.unmapped();
    client.port = address.port();
    return client;
}

ConnectionSet::~ConnectionSet() {
    for (OpenConnection& connection : open_)
        connection.coroutine.destroy();
}

void ConnectionSet::open(UniqueFd socket, const SocketAddress& peer) {
    const ClientAddress local = client_address(SocketAddress::of_socket(socket.get()));
    open_.emplace_front(loop_, context_, std::move(socket), client_address(peer), ++serial_, local);
    OpenConnection& connection = open_.front();
    connection.self = open_.begin();
    add_to(context_.counters.accepted, std::uint64_t{1});
    add_to(context_.counters.connections, 1U);
    if (auto opened = connection.stream.open(); !opened) {
        context_.log.error(Severity::error, opened.error().text());
        close(connection);
        return;
    }
    const Detached detached = serve(connection);
    connection.coroutine = detached.handle;
    detached.handle.resume();
}

ConnectionSet::Detached ConnectionSet::serve(OpenConnection& connection) {
    try {
        co_await connection.connection.serve();
    } catch (const std::exception& error) {  // no memory left, or a log that throws
        note_failure(error.what());
    } catch (...) {
        note_failure("a connection ended by an exception that is no std::exception");
    }
    close(connection);
}

// The log may be what failed: then nobody is left to tell, and the other connections go on.
void ConnectionSet::note_failure(std::string_view text) noexcept {
    try {
        context_.log.error(Severity::critical, text);
    } catch (...) {
    }
}

void ConnectionSet::close(OpenConnection& connection) {
    open_.erase(connection.self);
    add_to(context_.counters.connections, -1U);
    if (on_change) on_change();
}

void ConnectionSet::close_idle() {
    constexpr std::chrono::milliseconds kFirstRequestGrace{500};
    std::vector<OpenConnection*> idle;
    for (OpenConnection& connection : open_) {
        if (connection.connection.idle() && !connection.stream.has_input()) idle.push_back(&connection);
    }
    for (OpenConnection* connection : idle) {
        if (connection->connection.new_here()) {
            connection->stream.set_deadline(kFirstRequestGrace);
        } else {
            connection->stream.interrupt();
        }
    }
}

}  // namespace basehttp
