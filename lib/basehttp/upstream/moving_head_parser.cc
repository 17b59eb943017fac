#include "basehttp/upstream/moving_head_parser.h"

#include <string>

namespace basehttp {
namespace {

const Limits& origin_limits() {
    static const Limits limits{.request_line = 4096, .header_bytes = 64 * 1024, .header_fields = 200};
    return limits;
}

}  // namespace

MovingHeadParser::MovingHeadParser(ResponseParser::Form form) : parser_(origin_limits(), form) {}

OriginResult<ParseProgress> MovingHeadParser::parse(std::string_view received, ReceivedResponse& response) {
    if (received.data() != at_) parser_.restart();
    at_ = received.data();
    const auto progress = parser_.parse(received, response);
    if (!progress) {
        const std::string what = "bad response: " + std::string(describe(progress.error()).message);
        return std::unexpected(OriginFailure{502, what});
    }
    if (*progress == ParseProgress::complete) at_ = nullptr;
    return *progress;
}

}  // namespace basehttp
