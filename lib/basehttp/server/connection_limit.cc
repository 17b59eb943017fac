#include "basehttp/server/connection_limit.h"

#include <cerrno>
#include <string>

#include <fmt/format.h>

namespace basehttp {

bool ConnectionLimit::is_reached() const {
    const std::size_t most = context_.limits.connections;
    return most != 0 && connections_.size() >= most;
}

void ConnectionLimit::make_room() {
    if (is_reached() && connections_.close_longest_idle())
        log(room_made_, fmt::format("limits.connections: all {} are taken, and idle ones are closed to make room for "
                                    "new ones; raise it, or shorten limits.idle_timeout",
                                    context_.limits.connections));
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
    log(no_room_, fmt::format("limits.connections: all {} are taken and none is idle; new ones wait",
                              context_.limits.connections));
}

void ConnectionLimit::log(Occasion& occasion, std::string_view text) {
    const auto times = occasion.count(loop_.now());
    if (!times) return;
    const std::string count = *times > 1 ? fmt::format(" ({} times since the last such line)", *times) : "";
    context_.log.error(Severity::warning, std::string(text) + count);
}

}  // namespace basehttp
