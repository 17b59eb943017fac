// OutletSocket: the socket of an outlet that connects anew where what it was connected to has gone. Owned by the
// outlet, in the logger.
#pragma once

#include <utility>

#include "basehttp/io/unique_fd.h"

namespace basehttpd {

class OutletSocket {
  public:
    explicit operator bool() const { return static_cast<bool>(current_); }
    int get() const { return current_.get(); }

    /// The one before stays open until close_old(): the sink may be watching it, and must not take another descriptor
    /// of the same number for it.
    void replace(basehttp::UniqueFd socket) {
        if (current_) old_ = std::move(current_);
        current_ = std::move(socket);
    }
    void drop() { replace({}); }

    /// Gives it to somebody else.
    basehttp::UniqueFd take() { return std::exchange(current_, {}); }

    /// At the beginning of each write().
    void close_old() { old_.reset(); }

  private:
    basehttp::UniqueFd current_;
    basehttp::UniqueFd old_;
};

}  // namespace basehttpd
