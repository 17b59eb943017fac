// Serving: one process's part of a server: it accepts connections on the server's sockets and serves them until it is
// told to stop. Made by an HttpServer in each of its processes.
//
// States: serving → stopping → stopped. Stopping, it has closed the sockets, each response says that its connection
// closes, and idle connections are closed; it has stopped once all have ended or the time for it is over.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>

#include "basehttp/io/acceptor.h"
#include "basehttp/io/timer.h"
#include "basehttp/server/client_limit.h"
#include "basehttp/server/connection_limit.h"
#include "basehttp/server/connection_set.h"
#include "basehttp/server/listening_sockets.h"
#include "basehttp/server/stop_requests.h"

namespace basehttp {

class Serving : private Acceptor::Receiver {
  public:
    /// The others must outlive it.
    Serving(EventLoop& loop, ServerContext& context, ListeningSockets& listeners,
            std::chrono::milliseconds stop_timeout);

    /// Waits for blocking calls before it drops what waits for them.
    ~Serving();

    /// Serves until stop(); calls `on_ready` once it accepts. Throws std::system_error if a listener cannot be
    /// watched.
    void run(const std::function<void()>& on_ready);

    void stop(Stop how);

  private:
    void on_accepted(UniqueFd socket, const SocketAddress& peer, const SocketAddress& local) override;
    void on_accept_failed(const IoError& error) override;
    void accept_while_room();
    IoResult<void> join();
    void leave();
    bool takes_part() const { return acceptors_.front().takes_part(); }
    void leave_listeners();
    void leave_when_done();

    EventLoop& loop_;
    ServerContext& context_;
    ListeningSockets& listeners_;
    std::chrono::milliseconds stop_timeout_;
    std::list<Acceptor> acceptors_;
    std::unique_ptr<ClientCounts> client_counts_;
    std::unique_ptr<ClientLimit> clients_;
    ConnectionSet connections_;
    ConnectionLimit limit_{loop_, context_, connections_};
    Timer pause_{[this] { accept_while_room(); }};
    Timer patience_{[this] { stop(Stop::now); }};
};

}  // namespace basehttp
