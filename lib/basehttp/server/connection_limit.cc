#include "basehttp/server/connection_limit.h"

#include <sys/eventfd.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include <fmt/format.h>

#include "basehttp/server/client_limit.h"

namespace basehttp {

namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

// A quarter of the descriptors is for files: those that the cache keeps, and those that are opened for one request.
std::size_t room_for_sockets() {
    constexpr rlim_t kShareOfFiles = 4;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY) return kNoLimit;
    // A new descriptor has the lowest free number: as many are in use, at least.
    const UniqueFd next(::eventfd(0, EFD_CLOEXEC));
    const rlim_t taken = limit.rlim_cur / kShareOfFiles + static_cast<rlim_t>(std::max(next.get(), 0));
    return static_cast<std::size_t>(std::max<rlim_t>(limit.rlim_cur, taken + 1) - taken);
}

}  // namespace

ConnectionLimit::ConnectionLimit(EventLoop& loop, ServerContext& context, ConnectionSet& connections)
    : loop_(loop), context_(context), connections_(connections), room_for_sockets_(room_for_sockets()) {}

std::size_t ConnectionLimit::most() const {
    const std::size_t configured = context_.limits.connections;
    return std::min(configured == 0 ? kNoLimit : configured, room_for_sockets_);
}

bool ConnectionLimit::is_reached() const {
    return connections_.size() >= most();
}

std::string ConnectionLimit::limit_text() const {
    if (most() == context_.limits.connections) return fmt::format("limits.connections: all {} are taken", most());
    return fmt::format("the limit of open files leaves room for {} connections, all are taken", most());
}

bool ConnectionLimit::admit(const SocketAddress& peer, ProxyProtocol proxy_protocol) {
    if (context_.clients != nullptr) {
        const ClientAddress client = client_address(peer);
        const bool counted = Connection::is_of_one_client(context_, client, proxy_protocol);
        if (counted && !context_.clients->enter(client)) return refuse(client);
    }
    make_room();
    return true;
}

bool ConnectionLimit::refuse(const ClientAddress& client) {
    add_to(context_.counters.refused, std::uint64_t{1});
    log(refused_,
        fmt::format("limits.connections_per_client: {} has {} open, and its further ones are closed at once",
                    client.text(), context_.clients->most()));
    return false;
}

void ConnectionLimit::make_room() {
    if (is_reached() && connections_.close_longest_idle())
        log(room_made_, limit_text() +
                            ", and idle ones are closed to make room for new ones; raise it, or shorten "
                            "limits.idle_timeout");
}

bool ConnectionLimit::make_room_after(const IoError& error) {
    if (error.code == EMFILE && connections_.close_longest_idle()) {
        log(no_descriptors_, error.text() +
                                 "; idle connections are closed to make room for new ones; raise "
                                 "LimitNOFILE= or lower limits.connections");
        return true;
    }
    log(no_descriptors_, error.text() + "; no connection is accepted until one has ended");
    return false;
}

void ConnectionLimit::note_full() {
    log(no_room_, limit_text() + " and none is idle; new ones wait");
}

void ConnectionLimit::log(Occasion& occasion, std::string_view text) {
    const auto times = occasion.count(loop_.now());
    if (!times) return;
    const std::string count = *times > 1 ? fmt::format(" ({} times since the last such line)", *times) : "";
    context_.log.error(Severity::warning, std::string(text) + count);
}

}  // namespace basehttp
