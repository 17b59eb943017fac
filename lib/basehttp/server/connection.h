// Connection: one client's connection, from its first byte to its last. serve() is the seed's handle(): a loop that
// takes a request, has it answered, and goes on until the connection is to be closed. Owned by a ConnectionSet.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>

#include "basehttp/io/stream.h"
#include "basehttp/io/task.h"
#include "basehttp/log/access_record.h"
#include "basehttp/server/dispatcher.h"
#include "basehttp/server/exchange.h"
#include "basehttp/server/server_context.h"

namespace basehttp {

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

    /// `context` and `stream` must outlive the connection. `serial` tells it from the others of this process; `local`
    /// is this end of it.
    Connection(ServerContext& context, Stream& stream, const ClientAddress& client, std::uint64_t serial,
               const ClientAddress& local = {})
        : context_(context), stream_(stream), client_(client), local_(local), serial_(serial), dispatcher_(context) {}

    /// From now on `watcher`, which must outlive it, is told.
    void watch(Watcher& watcher) { watcher_ = &watcher; }

    /// Who is at the other end.
    const ClientAddress& client() const { return client_; }

    /// Serves requests until the client leaves, the connection is to be closed, or a deadline passes.
    Task<> serve();

    /// Whether no request has begun to arrive.
    bool idle() const { return exchange_ == nullptr && !close_connection_; }

    /// Whether it has had no request so far.
    bool new_here() const { return requests_ == 0; }

  private:
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
    void fill_durations(AccessRecord& record) const;
    void fill_sizes(AccessRecord& record) const;
    Ending ending() const;
    bool may_persist() const;

    ServerContext& context_;
    Stream& stream_;
    ClientAddress client_;
    ClientAddress local_;
    std::uint64_t serial_;
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
