// HttpServer: a server within a program of your own: one process, one thread, one address. The daemon does the same
// with more processes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "basehttp/io/acceptor.h"
#include "basehttp/io/event_loop.h"
#include "basehttp/log/stderr_log.h"
#include "basehttp/server/connection_set.h"
#include "basehttp/server/handler_factory.h"
#include "basehttp/server/router.h"
#include "basehttp/server/server_context.h"

namespace basehttp {

struct ServerAddress {
    std::string host = "127.0.0.1";  ///< an IPv4 or IPv6 address
    std::uint16_t port = 8000;       ///< 0: any that is free
};

class HttpServer : private Acceptor::Receiver, private Deadline {
  public:
    /// Binds and listens. Throws std::system_error where the address cannot be had, std::invalid_argument where it is
    /// none. `log` must outlive the server; without one, lines go to standard error.
    HttpServer(const ServerAddress& address, std::unique_ptr<HandlerFactory> handlers, Limits limits = {},
               Log* log = nullptr);

    /// Serves until stop() is called from a handler or a signal's descriptor in loop(). SIGPIPE is blocked in this
    /// thread meanwhile, and thereby in the programs and threads that handlers start: see io/sigpipe.h.
    void serve_forever();

    void stop() { loop_.stop(); }

    /// The port that is listened on.
    std::uint16_t port() const;

    EventLoop& loop() { return loop_; }
    const Counters& counters() const { return counters_; }

  private:
    void on_accepted(UniqueFd socket, const SocketAddress& peer) override;
    void on_accept_failed(const IoError& error) override;
    void on_deadline() override;
    void accept_while_room();

    Limits limits_;
    EventLoop loop_;
    StderrLog stderr_log_;
    Router router_;
    Counters counters_;
    ServerContext context_;
    UniqueFd listener_;
    Acceptor acceptor_;
    ConnectionSet connections_;
};

}  // namespace basehttp
