// FramedStream: syslog messages over a stream (RFC 6587), and copies of those that the other machine has not
// confirmed: after a connection that broke they are sent again, before all others. Owned by a SyslogOutlet, in the
// logger.
//
//     frames of tcp:          MSG-LEN SP SYSLOG-MSG       octet counting, 3.4.1
//     of a unix stream:       SYSLOG-MSG LF               non-transparent framing, 3.4.2; nothing confirms those
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "basehttp/io/io_result.h"

namespace basehttpd {

class FramedStream {
  public:
    enum class Framing : std::uint8_t { counted, lines };

    explicit FramedStream(Framing framing) : framing_(framing) {}

    /// Sends what must go before `message`, and `message`. EAGAIN: not wholly yet, call again with the same one.
    basehttp::IoResult<void> send(int socket, std::string_view message);

    /// The connection ends, or has broken: what went over it and was not confirmed goes over the next.
    void cut(int socket);

    /// Whether all that was sent is confirmed.
    bool settled(int socket) const;

  private:
    basehttp::IoResult<void> send_frame(int socket, std::string_view frame);
    void forget_confirmed(int socket);
    std::size_t unconfirmed(int socket) const;

    Framing framing_;
    std::deque<std::string> frames_;  // wholly sent once, not confirmed
    std::size_t next_ = 0;            // the first of them that is to be sent over this connection
    std::size_t begun_ = 0;           // bytes that have gone of that one, or of the message after them
    std::size_t sent_ = 0;            // bytes of frames_ that have gone over this connection
};

}  // namespace basehttpd
