// ContentDecoder: the content of a message in whatever framing, cut out of the bytes that arrive. No I/O.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/chunked.h"

namespace basehttp {

class ContentDecoder {
  public:
    explicit ContentDecoder(const BodyFraming& framing)
        : kind_(framing.kind), left_(framing.length), complete_(framing.kind == BodyFraming::Kind::none) {}

    /// Takes one run of content off the front of `input`; empty: more input is needed, or it is complete.
    std::expected<std::string_view, Refusal> next(std::string_view& input);

    /// The connection has ended. False: within the content.
    bool end() { return complete_ = complete_ || kind_ == BodyFraming::Kind::until_close; }

    /// Whether all content was taken; what is left of the input follows the message.
    bool complete() const { return complete_; }

    /// The trailer fields, once complete; views into this.
    Fields trailers() const { return kind_ == BodyFraming::Kind::chunked ? chunks_.trailers() : Fields(); }

  private:
    BodyFraming::Kind kind_;
    std::uint64_t left_;
    bool complete_;
    ChunkedDecoder chunks_;
};

}  // namespace basehttp
