#include "basehttp/server/connection_set.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "basehttp/server/client_limit.h"

namespace basehttp {

namespace {

// For the first request of a connection, which is most likely on its way.
constexpr std::chrono::milliseconds kFirstRequestGrace{500};

}  // namespace

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

// Ending a coroutine moves its connection from one list to another.
ConnectionSet::~ConnectionSet() {
    std::vector<std::coroutine_handle<>> coroutines;
    for (const Connections* connections : {&busy_, &new_, &kept_}) {
        for (const OpenConnection& connection : *connections)
            coroutines.push_back(connection.coroutine);
    }
    on_room_change = nullptr;
    for (const std::coroutine_handle<> coroutine : coroutines)
        coroutine.destroy();
}

void ConnectionSet::open(UniqueFd socket, const SocketAddress& peer, const SocketAddress& local,
                         ProxyProtocol proxy_protocol) {
    OpenConnection& connection =
        busy_.emplace_front(*this, std::move(socket), client_address(peer), client_address(local), proxy_protocol);
    connection.place = &busy_;
    connection.self = busy_.begin();
    spare_memory_.note(size());
    add_to(context_.counters.accepted, std::uint64_t{1});
    add_to(context_.counters.connections, 1U);
    const Detached detached = serve(connection);
    connection.coroutine = detached.handle;
    detached.handle.resume();
}

ConnectionSet::Detached ConnectionSet::serve(OpenConnection& connection) {
    try {
        co_await connection.connection.serve();
    } catch (const std::exception& error) {  // no memory left, or a log that throws
        note_failure(Severity::critical, error.what());
    } catch (...) {
        note_failure(Severity::critical, "a connection ended by an exception that is no std::exception");
    }
    close(connection);
}

// The log may be what failed: then nobody is left to tell, and the other connections go on.
void ConnectionSet::note_failure(Severity severity, std::string_view text) noexcept {
    try {
        context_.log.error(severity, text);
    } catch (...) {
    }
}

void ConnectionSet::close(OpenConnection& connection) {
    if (const int failure = connection.stream.watch_failure(); failure != 0)
        note_failure(Severity::error, IoError{failure, "epoll_ctl"}.text());
    if (context_.clients != nullptr && connection.connection.is_counted())
        context_.clients->leave(connection.connection.client());
    connection.place->erase(connection.self);
    add_to(context_.counters.connections, -1U);
    spare_memory_.note(size());
    if (on_change) on_change();
}

void ConnectionSet::move(OpenConnection& connection, Connections& to) {
    const bool had_room = !kept_.empty();
    to.splice(to.end(), *connection.place, connection.self);
    connection.place = &to;
    if (had_room == kept_.empty() && on_room_change) on_room_change();
}

void ConnectionSet::interrupt_all() {
    std::vector<OpenConnection*> all;
    for (Connections* connections : {&busy_, &new_, &kept_}) {
        for (OpenConnection& connection : *connections)
            all.push_back(&connection);
    }
    for (OpenConnection* connection : all)
        connection->stream.interrupt();
}

void ConnectionSet::close_idle() {
    std::vector<OpenConnection*> idle;
    for (Connections* connections : {&new_, &kept_}) {
        for (OpenConnection& connection : *connections) {
            if (!connection.stream.has_input()) idle.push_back(&connection);
        }
    }
    for (OpenConnection* connection : idle) {
        if (connection->connection.new_here()) {
            connection->stream.set_deadline(kFirstRequestGrace);
        } else {
            connection->stream.interrupt();
        }
    }
}

bool ConnectionSet::waits_too_long_for_its_first(const OpenConnection& connection) const {
    return loop_.now() - connection.accepted > kFirstRequestGrace;
}

bool ConnectionSet::can_make_room() const {
    return !kept_.empty() || (!new_.empty() && waits_too_long_for_its_first(new_.front()));
}

bool ConnectionSet::close_longest_idle() {
    if (!new_.empty() && waits_too_long_for_its_first(new_.front()) && close_first_idle(new_)) return true;
    return close_first_idle(kept_);
}

// A request that has come already has the connection moved in this very round of the loop: few are looked at.
bool ConnectionSet::close_first_idle(Connections& idle) {
    constexpr int kMostLookedAt = 16;
    int looked_at = 0;
    for (OpenConnection& connection : idle) {
        if (++looked_at > kMostLookedAt) return false;
        if (connection.stream.has_input()) continue;
        connection.stream.interrupt();
        return true;
    }
    return false;
}

}  // namespace basehttp
