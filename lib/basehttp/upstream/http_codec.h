// HttpCodec: a request to a server that speaks HTTP/1.1.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "basehttp/upstream/content_decoder.h"
#include "basehttp/upstream/forwarded_head.h"
#include "basehttp/upstream/moving_head_parser.h"
#include "basehttp/upstream/upstream_codec.h"

namespace basehttp {

class HttpCodec final : public UpstreamCodec {
  public:
    /// Of `request`, an empty host stands for the origin's own. What it refers to must outlive this.
    explicit HttpCodec(const ForwardedRequest& request) : request_(request) {}

    void append_head(std::string& out, std::string_view authority) const override;
    std::string_view frame(std::string_view piece, std::string& room) const override;
    void append_end(std::string& out) const override;

    bool passes_over(std::string_view& received) override { return received.empty(); }
    OriginResult<ParseProgress> take_head(std::string_view& received, ReceivedResponse& response) override;
    OriginResult<void> begin_content(const ReceivedResponse& response, bool to_head) override;
    OriginResult<std::string_view> next(std::string_view& received) override;
    bool end() override { return content_.end(); }
    bool complete() const override { return content_.complete(); }
    Fields trailers() const override { return content_.trailers(); }
    bool persists() const override { return persists_; }
    std::optional<std::chrono::seconds> waits_for() const override { return waits_for_; }

  private:
    bool is_chunked() const { return request_.content.kind == BodyFraming::Kind::chunked; }

    ForwardedRequest request_;
    MovingHeadParser parser_;
    ContentDecoder content_{BodyFraming{}};
    bool persists_ = false;
    std::optional<std::chrono::seconds> waits_for_{};
};

}  // namespace basehttp
