// SyslogOutlet: the outlet to who takes syslog messages: a socket in the file system, or a host over UDP or TCP. It
// connects by itself, and again where the connection breaks. Runs in the logger.
//
// UDP tells nothing of what arrives but, of the nearer machines, that nobody listens, and that later. So after
// connecting, and after such word, one message is sent and a moment waited for it before it counts as taken.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "basehttp/io/event_loop.h"
#include "daemon/config/config.h"
#include "daemon/logger/sinks/dialer.h"
#include "daemon/logger/sinks/framed_stream.h"
#include "daemon/logger/sinks/outlet.h"
#include "daemon/logger/sinks/outlet_socket.h"

namespace basehttpd {

class SyslogOutlet final : public Outlet {
  public:
    explicit SyslogOutlet(const SyslogAddress& to);

    Framing framing() const override { return Framing::messages; }
    basehttp::IoResult<std::size_t> write(std::string_view message) override;
    int descriptor() const override;
    bool settled() const override;
    std::chrono::milliseconds longest_pause() const override;

  private:
    enum class Doubt : std::uint8_t { none, unanswered, asked };

    basehttp::IoResult<void> send(std::string_view message);
    basehttp::IoResult<void> connect();
    basehttp::IoResult<void> send_datagram(std::string_view message);
    basehttp::IoResult<void> hear_answer();
    bool has_another_way() const;
    void hang_up();

    SyslogAddress to_;
    Dialer dialer_;
    OutletSocket socket_;
    basehttp::Clock::time_point connected_at_;
    bool is_stream_ = false;
    FramedStream stream_;
    basehttp::Clock::time_point sent_at_;  // over the stream, last
    Doubt doubt_ = Doubt::none;            // whether anybody listens at the other end of UDP
};

}  // namespace basehttpd
