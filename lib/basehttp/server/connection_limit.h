// ConnectionLimit: what happens once a process, or one client, has as many connections as it may have, or there are
// no descriptors for another: a client's next one is refused; else idle ones make room for new ones. The error log
// says so once in a while. A share of the descriptors is kept for the files that are served, so that a crowd of idle
// connections leaves some to those who ask. Beside a ConnectionSet; the acceptors are their owner's, who leaves them
// while is_full().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "basehttp/io/io_result.h"
#include "basehttp/log/occasion.h"
#include "basehttp/server/connection_set.h"

namespace basehttp {

class ConnectionLimit {
  public:
    /// The others must outlive it. Made once the process has its limit of descriptors, and open what it will keep
    /// open.
    ConnectionLimit(EventLoop& loop, ServerContext& context, ConnectionSet& connections);

    bool is_reached() const;

    /// Whether it is reached, and no idle connection can make room.
    bool is_full() const { return is_reached() && !connections_.can_make_room(); }

    /// For a connection that was accepted: false where its client may have no further one. Where the limit is
    /// reached, the longest idle one is closed. One that is admitted must be opened.
    bool admit(const SocketAddress& peer, ProxyProtocol proxy_protocol = ProxyProtocol::off);

    /// The same where `error` says that none can be accepted for lack of descriptors. Whether one was closed.
    bool make_room_after(const IoError& error);

    /// Says that new connections wait.
    void note_full();

  private:
    /// The limit that binds: the one that is configured, or that of the descriptors.
    std::size_t most() const;

    /// What `most()` is, for the log.
    std::string limit_text() const;

    bool refuse(const ClientAddress& client);
    void make_room();
    void log(Occasion& occasion, std::string_view text);

    EventLoop& loop_;
    ServerContext& context_;
    ConnectionSet& connections_;
    std::size_t room_for_sockets_;
    Occasion refused_;
    Occasion room_made_;
    Occasion no_room_;
    Occasion no_descriptors_;
};

}  // namespace basehttp
