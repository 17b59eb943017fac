// Outlet: the way out of the machine's memory: a descriptor, a socket, a program's pipe. It takes bytes without ever
// waiting. Owned by its Sink, in the logger.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "basehttp/io/io_result.h"
#include "daemon/logs/sink_queue.h"

namespace basehttpd {

class Outlet {
  public:
    virtual ~Outlet() = default;

    /// How lines are put together for it.
    enum class Framing : unsigned char {
        lines,     ///< as many as there are, in one go
        messages,  ///< each one by itself, whole
    };
    virtual Framing framing() const { return Framing::lines; }

    /// Makes ready to take the first of `bytes`, of which nothing has gone when this returns. Before mark() and
    /// write().
    virtual void lay_out(std::string_view) {}

    /// Takes what it can of `bytes`, the rest of an entry; how many it took. EAGAIN: it cannot take any now; any
    /// other error: it has failed, and the next call begins anew.
    virtual basehttp::IoResult<std::size_t> write(std::string_view bytes) = 0;

    /// What to watch for EPOLLOUT after EAGAIN; -1: nothing can be watched, try again in a moment. One that a write()
    /// has replaced stays open until the next.
    virtual int descriptor() const = 0;

    /// Where a successor can account for a write, as in a file: what it goes to, and the size of that now.
    virtual std::optional<FileMark> mark() const { return std::nullopt; }

    /// How long it is left alone at most where it fails again and again.
    virtual std::chrono::milliseconds longest_pause() const { return std::chrono::milliseconds(500); }

    /// What was taken and may not have arrived. A stop waits for it.
    virtual bool settled() const { return true; }
};

}  // namespace basehttpd
