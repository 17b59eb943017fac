// Serving: one process's part of a server: it accepts connections on one listening socket and serves them until it is
// told to stop. Made by an HttpServer in each of its processes.
//
// States: serving → stopping → stopped. Stopping, it has closed the socket, each response says that its connection
// closes, and idle connections are closed; it has stopped once all have ended or the time for it is over.
#pragma once

#include <chrono>

#include "basehttp/io/acceptor.h"
#include "basehttp/io/timer.h"
#include "basehttp/server/connection_limit.h"
#include "basehttp/server/connection_set.h"
#include "basehttp/server/listening_socket.h"
#include "basehttp/server/stop_requests.h"

namespace basehttp {

class Serving : private Acceptor::Receiver {
  public:
    /// The others must outlive it.
    Serving(EventLoop& loop, ServerContext& context, ListeningSocket& listener,
            std::chrono::milliseconds stop_timeout);

    /// Waits for blocking calls before it drops what waits for them.
    ~Serving();

    /// Serves until stop(). Throws std::system_error if the listener cannot be watched.
    void run();

    void stop(Stop how);

  private:
    void on_accepted(UniqueFd socket, const SocketAddress& peer, const SocketAddress& local) override;
    void on_accept_failed(const IoError& error) override;
    void accept_while_room();
    void leave_listener();
    void leave_when_done();

    EventLoop& loop_;
    ServerContext& context_;
    ListeningSocket& listener_;
    std::chrono::milliseconds stop_timeout_;
    Acceptor acceptor_;
    ConnectionSet connections_;
    ConnectionLimit limit_{loop_, context_, connections_};
    Timer pause_{[this] { accept_while_room(); }};
    Timer patience_{[this] { stop(Stop::now); }};
};

}  // namespace basehttp
