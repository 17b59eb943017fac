// JournalOutlet: the outlet to journald: each entry one datagram, or a sealed file whose descriptor is one, where it
// is too long for that. Runs in the logger.
#pragma once

#include <string>
#include <utility>

#include "daemon/logger/sinks/outlet.h"
#include "daemon/logger/sinks/outlet_socket.h"

namespace basehttpd {

class JournalOutlet final : public Outlet {
  public:
    /// `path` is that of journald's socket.
    explicit JournalOutlet(std::string path) : path_(std::move(path)) {}

    Framing framing() const override { return Framing::messages; }
    basehttp::IoResult<std::size_t> write(std::string_view bytes) override;
    int descriptor() const override { return socket_.get(); }

  private:
    basehttp::IoResult<void> send_anew(std::string_view entry);
    basehttp::IoResult<void> send(std::string_view entry);
    basehttp::IoResult<void> send_as_file(std::string_view entry);

    std::string path_;
    OutletSocket socket_;
};

}  // namespace basehttpd
