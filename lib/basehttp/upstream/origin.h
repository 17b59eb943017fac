// Origin: one server that requests go on to: where it is, whether it answers, and the connections to it that are kept
// for the next request. Owned by an Upstream.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "basehttp/io/event_loop.h"
#include "basehttp/io/socket_address.h"
#include "basehttp/upstream/origin_connection.h"
#include "basehttp/upstream/origin_settings.h"

namespace basehttp {

class Origin {
  public:
    /// `name` is what logs call it; `settings` must outlive it.
    Origin(std::string name, const SocketAddress& address, const OriginSettings& settings)
        : name_(std::move(name)), address_(address), settings_(settings) {}
    Origin(const Origin&) = delete;
    Origin& operator=(const Origin&) = delete;

    const std::string& name() const { return name_; }

    /// The Host of requests that name none: `127.0.0.1:9000`, or `localhost` where it has no such address.
    std::string authority() const;

    /// A kept connection that has not ended and on which nothing was said unasked, or nullptr.
    std::unique_ptr<OriginConnection> take_kept();

    /// A new connection. `client`, whose work it is for, must outlive the call.
    Task<OriginResult<std::unique_ptr<OriginConnection>>> connect(EventLoop& loop, const Stream& client);

    /// Keeps a connection for the next request, for as long as this server or the origin, which may have said so,
    /// wants.
    void keep(EventLoop& loop, std::unique_ptr<OriginConnection> connection,
              std::optional<std::chrono::seconds> at_most);

    /// Ends the connections that are kept.
    void close_kept() { kept_.clear(); }

    // Passive health: what requests have found out.

    void note_success() { failures_ = 0; }
    void note_failure(Clock::time_point now);

    /// Whether it is worth a try. One that has failed so often that it was put aside gets one request when its time
    /// has passed.
    bool is_usable(Clock::time_point now) const { return now >= aside_until_; }

  private:
    std::string name_;
    SocketAddress address_;
    const OriginSettings& settings_;
    std::list<std::unique_ptr<OriginConnection>> kept_;  // the one used last is at the end
    unsigned failures_ = 0;
    Clock::time_point aside_until_{};
};

}  // namespace basehttp
