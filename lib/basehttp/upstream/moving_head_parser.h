// MovingHeadParser: a ResponseParser for bytes that may stand elsewhere each time, with the bounds of an origin's
// head.
#pragma once

#include <string_view>

#include "basehttp/protocol/response_parser.h"
#include "basehttp/upstream/origin_failure.h"

namespace basehttp {

class MovingHeadParser {
  public:
    explicit MovingHeadParser(ResponseParser::Form form = ResponseParser::Form::http);

    /// As ResponseParser::parse(), and after a complete head for the next one.
    OriginResult<ParseProgress> parse(std::string_view received, ReceivedResponse& response);

    std::size_t head_size() const { return parser_.head_size(); }

  private:
    ResponseParser parser_;
    const char* at_ = nullptr;  // where the head was the last time; compared alone
};

}  // namespace basehttp
