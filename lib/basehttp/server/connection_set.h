// ConnectionSet: the open connections of one process. It takes accepted sockets, gives each a stream, a Connection
// and the one detached coroutine that serves it, and drops them when that ends. Owned by HttpServer or the daemon's
// worker.
#pragma once

#include <coroutine>
#include <cstdint>
#include <functional>
#include <list>
#include <string_view>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/socket_address.h"
#include "basehttp/io/socket_stream.h"
#include "basehttp/server/connection.h"

namespace basehttp {

/// An address as handlers and records have it. That of an IPv4 client on a socket that takes both families is IPv4:
/// logs, filters and masks need to know it in one form only.
ClientAddress client_address(const SocketAddress& address);

class ConnectionSet {
  public:
    ConnectionSet(EventLoop& loop, ServerContext& context) : loop_(loop), context_(context) {}
    ~ConnectionSet();
    ConnectionSet(const ConnectionSet&) = delete;
    ConnectionSet& operator=(const ConnectionSet&) = delete;

    /// Starts to serve a connection; when it ends, `on_change` is called.
    void open(UniqueFd socket, const SocketAddress& peer);

    std::size_t size() const { return open_.size(); }

    /// Closes the connections on which no request is under way, nor has come and waits to be read; those that have
    /// had none yet get half a second, since their first one is most likely on its way.
    void close_idle();

    /// Called after each connection that has ended.
    std::function<void()> on_change;

  private:
    struct OpenConnection {
        OpenConnection(EventLoop& loop, ServerContext& context, UniqueFd socket, const ClientAddress& client,
                       std::uint64_t serial, const ClientAddress& local)
            : stream(loop, std::move(socket)), connection(context, stream, client, serial, local) {}
        SocketStream stream;
        Connection connection;
        std::coroutine_handle<> coroutine;
        std::list<OpenConnection>::iterator self;
    };

    /// A coroutine that nobody awaits: its frame goes when it ends.
    struct Detached {
        struct promise_type : Pooled {
            Detached get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
            std::suspend_always initial_suspend() const noexcept { return {}; }
            std::suspend_never final_suspend() const noexcept { return {}; }
            void return_void() const noexcept {}
            void unhandled_exception() const noexcept { std::terminate(); }
        };
        std::coroutine_handle<promise_type> handle;
    };

    Detached serve(OpenConnection& connection);
    void note_failure(std::string_view text) noexcept;
    void close(OpenConnection& connection);

    EventLoop& loop_;
    ServerContext& context_;
    std::list<OpenConnection> open_;
    std::uint64_t serial_ = 0;
};

}  // namespace basehttp
