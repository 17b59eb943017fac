// Upstream: the servers behind a route, and whose turn it is. One a route and worker; there as long as its handlers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "basehttp/upstream/origin.h"

namespace basehttp {

class Upstream {
  public:
    explicit Upstream(const OriginSettings& settings) : settings_(settings) {}
    Upstream(const Upstream&) = delete;
    Upstream& operator=(const Upstream&) = delete;

    void add(std::string name, const SocketAddress& address) {
        origins_.push_back(std::make_unique<Origin>(std::move(name), address, settings_));
    }

    std::size_t size() const { return origins_.size(); }

    /// The one whose turn it is, in a circle; those that were put aside are passed over, unless all were.
    Origin& next(Clock::time_point now);

    /// Ends the connections that are kept; to be called before the loop that watches them goes.
    void close_kept();

  private:
    const OriginSettings settings_;
    std::vector<std::unique_ptr<Origin>> origins_;
    std::size_t turn_ = 0;
};

}  // namespace basehttp
