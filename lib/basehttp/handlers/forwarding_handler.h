// ForwardingHandler: passes a request on to another server and that one's response to the client, both in pieces as
// they come. A slow end of either holds up the other one, and costs no more memory than a buffer. What is said to the
// other server, and how, is for the class derived from it and its UpstreamCodec.
//
// The request's content is sent first, and then the response read: an origin that answers before it has taken all of
// the content gets no more of it once it takes none.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "basehttp/protocol/body_framing.h"
#include "basehttp/server/request_handler.h"
#include "basehttp/upstream/upstream.h"
#include "basehttp/upstream/upstream_codec.h"

namespace basehttp {

/// Log formats find the server that was asked as the note `upstream`, and the microseconds until the end of its
/// response as `upstream_us`.
class ForwardingHandler : public RequestHandler {
  protected:
    /// Both must outlive the task.
    Task<> forward(Upstream& upstream, UpstreamCodec& codec);

    /// What logs call the origin that is asked; once forward() has begun.
    std::string_view origin_name() const { return origin_ != nullptr ? origin_->name() : std::string_view(); }

    /// How the content of the request comes.
    BodyFraming request_content() const { return decide_body_framing(request()).value_or(BodyFraming{}); }

  private:
    using Sent = OriginConnection::Sent;

    Task<> pass_on();
    Task<OriginResult<Sent>> send_request();
    Task<OriginResult<Sent>> send_head();
    Task<OriginResult<Sent>> send_head_anew(std::string_view head);
    Task<OriginResult<Sent>> send_content();
    Task<OriginResult<void>> read_response(ReceivedResponse& answer);
    void begin_response(const ReceivedResponse& answer);
    Task<OriginResult<void>> pass_content_on();
    Task<OriginResult<void>> pass_piece_on();
    Task<OriginResult<void>> receive_more();
    void pass_trailers_on();
    void keep_connection();
    void fail(const OriginFailure& failure);

    Upstream* upstream_ = nullptr;
    UpstreamCodec* codec_ = nullptr;
    Origin* origin_ = nullptr;
    std::unique_ptr<OriginConnection> connection_;
};

}  // namespace basehttp
