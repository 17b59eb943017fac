// ConnectionSet: the open connections of one process. It takes accepted sockets, gives each a stream, a Connection
// and the one detached coroutine that serves it, and drops them when that ends. Owned by HttpServer or the daemon's
// worker.
#pragma once

#include <coroutine>
#include <cstdint>
#include <functional>
#include <list>
#include <string_view>

#include "basehttp/io/deadline.h"
#include "basehttp/io/event_loop.h"
#include "basehttp/io/socket_address.h"
#include "basehttp/io/socket_stream.h"
#include "basehttp/server/connection.h"
#include "basehttp/server/spare_memory.h"

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

    /// Starts to serve a connection, which ConnectionLimit::admit() has let in where clients are counted; when it
    /// ends, `on_change` is called.
    void open(UniqueFd socket, const SocketAddress& peer, const SocketAddress& local,
              ProxyProtocol proxy_protocol = ProxyProtocol::off);

    std::size_t size() const { return busy_.size() + new_.size() + kept_.size(); }

    /// Whether there is a connection that close_longest_idle() would close.
    bool can_make_room() const;

    /// Closes the connection that has waited the longest for its first request, if that is more than half a second: a
    /// crowd that never asks drives out nobody who does. Where there is none, the one that has waited the longest for
    /// another. Never one that is within a request or on which one has come and waits to be read. False: there is
    /// none.
    bool close_longest_idle();

    /// Closes the connections on which no request is under way, nor has come and waits to be read; those that have
    /// had none yet get half a second, since their first one is most likely on its way.
    void close_idle();

    /// Ends what is under way: whatever waits for a client fails, and is logged as aborted.
    void interrupt_all();

    /// Called after each connection that has ended.
    std::function<void()> on_change;

    /// Called when the first connection begins to wait for another request, and when none does any more.
    std::function<void()> on_room_change;

  private:
    struct OpenConnection;
    using Connections = std::list<OpenConnection>;

    struct OpenConnection final : Connection::Watcher {
        OpenConnection(ConnectionSet& set_in, UniqueFd socket, const ClientAddress& peer, const ClientAddress& local,
                       ProxyProtocol proxy_protocol)
            : set(set_in),
              stream(set.loop_, std::move(socket)),
              connection(set.context_, stream, peer, ++set.serial_, local, proxy_protocol),
              accepted(set.loop_.now()) {
            connection.watch(*this);
        }
        void on_idle() override { set.move(*this, connection.new_here() ? set.new_ : set.kept_); }
        void on_busy() override { set.move(*this, set.busy_); }

        ConnectionSet& set;
        SocketStream stream;
        Connection connection;
        Clock::time_point accepted;
        std::coroutine_handle<> coroutine;
        Connections* place = nullptr;
        Connections::iterator self;
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
    void note_failure(Severity severity, std::string_view text) noexcept;
    void close(OpenConnection& connection);
    void move(OpenConnection& connection, Connections& to);
    bool waits_too_long_for_its_first(const OpenConnection& connection) const;
    static bool close_first_idle(Connections& idle);

    EventLoop& loop_;
    ServerContext& context_;
    Connections busy_;
    Connections new_;   // that wait for their first request; here and below the one that waits the longest is first
    Connections kept_;  // that wait for another
    std::uint64_t serial_ = 0;
    SpareMemory spare_memory_{loop_, context_.exchanges};
};

}  // namespace basehttp
