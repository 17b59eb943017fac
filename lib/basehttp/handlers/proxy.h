// Proxy: passes each request on to another server and that one's response to the client, both in pieces as they come.
// A slow end of either holds up the other one, and costs no more memory than a buffer.
//
// The request's content is sent first, and then the response read: an origin that answers before it has taken all of
// the content gets no more of it once it takes none.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/server/handler_factory.h"
#include "basehttp/server/request_handler.h"
#include "basehttp/upstream/content_decoder.h"
#include "basehttp/upstream/upstream.h"

namespace basehttp {

/// What a route of this handler is told. `upstream` must outlive it.
struct ProxyOptions {
    Upstream* upstream = nullptr;
    std::string host{};  ///< the Host of requests; empty: the one that the client has sent
};

/// Log formats find the server that was asked as the note `upstream`, and the microseconds until the end of its
/// response as `upstream_us`.
class Proxy final : public RequestHandler {
  public:
    /// `options` must outlive the handler.
    explicit Proxy(const ProxyOptions* options) : options_(options) {}

    Task<> do_GET() { return forward(); }
    Task<> do_HEAD() { return forward(); }
    Task<> do_POST() { return forward(); }
    Task<> do_PUT() { return forward(); }
    Task<> do_DELETE() { return forward(); }
    Task<> do_PATCH() { return forward(); }
    Task<> do_OPTIONS() { return forward(); }

    /// Those of WebDAV and its kin (RFC 4918, RFC 3253, RFC 5323), and QUERY and PURGE, which programs answer.
    static std::vector<Method> extension_methods();

    std::string_view handler_name() const override { return "proxy"; }

  private:
    using Sent = OriginConnection::Sent;

    Task<> forward();
    Task<> pass_on();
    Task<OriginResult<Sent>> send_request();
    Task<OriginResult<Sent>> send_head();
    Task<OriginResult<Sent>> send_head_anew(std::string_view head);
    std::string head_for(const Origin& origin) const;
    Task<OriginResult<Sent>> send_content();
    Task<OriginResult<void>> read_response(ReceivedResponse& answer);
    void begin_response(const ReceivedResponse& answer);
    Task<OriginResult<void>> pass_content_on(ContentDecoder& content);
    Task<OriginResult<void>> pass_piece_on(ContentDecoder& content);
    Task<OriginResult<void>> receive_more(ContentDecoder& content);
    void pass_trailers_on(const ContentDecoder& content);
    void keep_connection();
    void fail(const OriginFailure& failure);

    const ProxyOptions* options_;
    BodyFraming content_;  // of the request
    Origin* origin_ = nullptr;
    std::unique_ptr<OriginConnection> connection_;
    bool reusable_ = false;                           // the connection, after this response
    std::optional<std::chrono::seconds> kept_for_{};  // by the origin, as it says
};

}  // namespace basehttp
