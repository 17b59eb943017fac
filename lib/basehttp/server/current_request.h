// CurrentRequest: the request that a process has taken up last and not yet finished. Whoever finds the process dead
// or stuck learns from it what it was doing. In the daemon it stands in the scoreboard: one worker writes it, the
// master reads it and trusts nothing in it.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>

#include "basehttp/protocol/request.h"

namespace basehttp {

class CurrentRequest {
  public:
    /// Names `request` for as long as this lives, unless another one is taken up meanwhile.
    class Mark {
      public:
        Mark(CurrentRequest* current, const Request& request) : current_(current) {
            if (current_ != nullptr) serial_ = current_->set(request);
        }
        ~Mark() {
            if (current_ != nullptr) current_->clear(serial_);
        }
        Mark(const Mark&) = delete;
        Mark& operator=(const Mark&) = delete;

      private:
        CurrentRequest* current_;
        std::uint64_t serial_ = 0;
    };

    /// The request's line, cut short where it is long; empty: there is none. Bytes of a client: escape them.
    std::string text() const {
        const std::size_t size = std::min<std::size_t>(size_.load(std::memory_order_acquire), line_.size());
        return {line_.data(), size};
    }

    /// The next process that uses this starts without one.
    void reset() { size_ = 0; }

  private:
    std::uint64_t set(const Request& request) {
        const std::size_t size = std::min(request.line.size(), line_.size());
        size_.store(0, std::memory_order_relaxed);
        std::memcpy(line_.data(), request.line.data(), size);
        size_.store(static_cast<std::uint32_t>(size), std::memory_order_release);
        return ++serial_;
    }
    void clear(std::uint64_t serial) {
        if (serial == serial_) size_.store(0, std::memory_order_relaxed);
    }

    std::uint64_t serial_ = 0;  // the writer's own
    std::atomic<std::uint32_t> size_ = 0;
    std::array<char, 244> line_;
};

}  // namespace basehttp
