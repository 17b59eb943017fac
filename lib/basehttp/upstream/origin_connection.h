// OriginConnection: a connection to an origin, the server that a request goes on to, for one request and its response
// at a time. Owned by the handler that uses it, in between by its Origin.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "basehttp/io/input_buffer.h"
#include "basehttp/io/socket_stream.h"
#include "basehttp/io/task.h"
#include "basehttp/io/timer.h"
#include "basehttp/protocol/received_response.h"
#include "basehttp/upstream/origin_failure.h"
#include "basehttp/upstream/upstream_codec.h"

namespace basehttp {

/// The failure that a system call, or waiting, has met.
OriginFailure origin_failure(const IoError& error);

class OriginConnection {
  public:
    OriginConnection(std::unique_ptr<SocketStream> stream, std::chrono::milliseconds timeout)
        : stream_(std::move(stream)), timeout_(timeout) {}

    /// Goes to work for another client, whose waiting this is.
    void serve(const Stream& client);

    /// What send() comes to.
    enum class Sent : std::uint8_t {
        all,
        some,     ///< the origin answers already, or takes no more: what it has said is to be read
        nothing,  ///< the connection had ended before
    };

    /// Sends all of `bytes`. It fails where the origin takes nothing for the timeout. `codec` knows whether what
    /// comes meanwhile is a response.
    Task<OriginResult<Sent>> send(std::string_view bytes, UpstreamCodec& codec);

    /// Reads the head of the next response, interim ones included; the views hold until the next call of this or
    /// until receive(). Where the client has left meanwhile, it fails with status 0.
    Task<OriginResult<void>> read_head(UpstreamCodec& codec, ReceivedResponse& response, Stream& client);

    /// What has arrived and was not consumed: content, after read_head().
    std::string_view received() const { return input_.unread(); }
    void consume(std::size_t size) { input_.consume(size); }

    /// Takes what has come since. False: the connection has ended; nothing: there is nothing yet. Invalidates what
    /// received() gave.
    OriginResult<std::optional<bool>> receive_now();

    /// The same, but waits for it.
    Task<OriginResult<bool>> receive(Stream& client);

    /// Whether it can serve another request as far as can be seen: nothing has come, nor its end.
    bool is_quiet() const { return input_.empty() && !stream_->peer_left() && !stream_->has_input(); }

    /// The same as the kernel knows it this moment, which the loop may not have heard of yet.
    bool is_quiet_now();

    /// Makes room for content to come in larger pieces. Invalidates what received() gave, and the head.
    void expect_content();

    bool was_kept() const { return was_kept_; }

    /// Nobody uses it from now on until serve(): it keeps no more memory than it must.
    void rest();

    /// Runs while nobody uses it, and ends it.
    std::unique_ptr<Timer> idle_timer;

  private:
    IoResult<bool> read_what_is_there();
    bool is_answered(UpstreamCodec& codec);
    void make_room();

    std::unique_ptr<SocketStream> stream_;
    std::chrono::milliseconds timeout_;
    InputBuffer input_;
    std::size_t sent_ = 0;  // for this request
    bool was_kept_ = false;
    bool ended_ = false;
};

}  // namespace basehttp
