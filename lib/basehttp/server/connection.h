// Connection: one client's connection, from its first byte to its last. serve() is the seed's handle(): a loop that
// takes a request, has it answered, and goes on until the connection is to be closed. Owned by a ConnectionSet.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string_view>

#include "basehttp/io/proxy_header.h"
#include "basehttp/io/stream.h"
#include "basehttp/io/task.h"
#include "basehttp/log/access_record.h"
#include "basehttp/server/dispatcher.h"
#include "basehttp/server/exchange.h"
#include "basehttp/server/server_context.h"

namespace basehttp {

/// Whether connections begin with a header of the PROXY protocol. It is never guessed.
enum class ProxyProtocol : std::uint8_t { off, required };

class Connection {
  public:
    /// Who is told when it begins to wait for a request and when it no longer does.
    class Watcher {
      public:
        virtual void on_idle() = 0;
        virtual void on_busy() = 0;

      protected:
        ~Watcher() = default;
    };

    /// `context` and `stream` must outlive the connection. `serial` tells it from the others of this process; `peer`
    /// is the other end of it, and `local` this one.
    Connection(ServerContext& context, Stream& stream, const ClientAddress& peer, std::uint64_t serial,
               const ClientAddress& local = {}, ProxyProtocol proxy_protocol = ProxyProtocol::off)
        : context_(context),
          stream_(stream),
          peer_(peer),
          client_(peer),
          local_(local),
          serial_(serial),
          proxy_protocol_(proxy_protocol),
          counted_(is_of_one_client(context, peer, proxy_protocol)),
          dispatcher_(context) {}

    /// From now on `watcher`, which must outlive it, is told.
    void watch(Watcher& watcher) { watcher_ = &watcher; }

    /// Who is at the other end.
    const ClientAddress& client() const { return client_; }

    /// Whether it counts among the connections of client().
    bool is_counted() const { return counted_; }

    /// Whether a connection of `peer` is one client's: not that of a proxy, which speaks for many.
    static bool is_of_one_client(const ServerContext& context, const ClientAddress& peer,
                                 ProxyProtocol proxy_protocol) {
        return proxy_protocol == ProxyProtocol::off && !context.trusted_proxies.trusts(peer);
    }

    /// Serves requests until the client leaves, the connection is to be closed, or a deadline passes.
    Task<> serve();

    /// Whether no request has begun to arrive.
    bool idle() const { return exchange_ == nullptr && !close_connection_; }

    /// Whether it has had no request so far.
    bool new_here() const { return requests_ == 0; }

  private:
    Task<bool> read_proxy_header();
    Task<bool> receive_more();
    std::expected<bool, ProxyHeaderFault> take_proxy_header();
    bool enter_client();
    void log_closed(std::string_view why);
    Task<bool> next_request();
    Task<bool> take_turn();
    Task<bool> await_request();
    void note_arrival();
    Task<> handle_one_request();
    void begin_exchange();
    void hear_proxies();
    std::expected<void, Refusal> start_body();
    std::uint64_t most_content() const;
    Task<> finish_response();
    Task<> see_to_the_end_of(Task<IoResult<void>> finishing);
    void settle_persistence(bool sent);
    Task<> finish_body();
    Task<> drain_body();
    void end_body();
    void log_exchange();
    void count(const AccessRecord& record);
    void fill_durations(AccessRecord& record) const;
    void fill_sizes(AccessRecord& record) const;
    Ending ending() const;
    bool may_persist() const;

    ServerContext& context_;
    Stream& stream_;
    ClientAddress peer_;
    ClientAddress client_;  // the peer, or whom its header of the PROXY protocol names
    ClientAddress local_;
    std::uint64_t serial_;
    ProxyProtocol proxy_protocol_;
    bool counted_;  // among its client's, where those are limited
    Dispatcher dispatcher_;
    Watcher* watcher_ = nullptr;
    std::unique_ptr<Exchange> exchange_;  // only while a request is under way
    std::int64_t arrival_ns_ = 0;         // of the request, by the wall clock
    // By the monotonic clock; 0: it has not come to that.
    std::int64_t arrived_at_ = 0;
    std::int64_t head_at_ = 0;
    std::int64_t handled_at_ = 0;
    std::uint32_t requests_ = 0;
    bool close_connection_ = false;
    bool lingers_ = false;  // the client may still be sending: it must not lose the answer to a reset
};

}  // namespace basehttp
