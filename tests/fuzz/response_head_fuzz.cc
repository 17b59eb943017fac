// Any bytes as the head of a response, whole and in random pieces: the same verdict, and no field that could end its
// line early when it is passed on.
#include <algorithm>
#include <string>

#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/response_parser.h"
#include "basehttp/text/ascii.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

struct Outcome {
    std::expected<ParseProgress, Refusal> progress = ParseProgress::need_more;
    std::string response;
    std::size_t head_size = 0;
};

std::string describe_response(const ReceivedResponse& response) {
    std::string text = std::to_string(response.status) + '/' + std::to_string(response.version.minor);
    text += response.reason;
    for (const FieldLine& line : response.fields)
        ((text += '\n') += line.name).append("=").append(line.value);
    return text;
}

void check_complete(const ReceivedResponse& response, std::string_view head) {
    REQUIRE_THAT(head.ends_with("\r\n"));
    REQUIRE_THAT(response.status >= 100 && response.status <= 999);
    REQUIRE_THAT(is_field_text(response.reason));
    for (const FieldLine& line : response.fields)
        REQUIRE_THAT(is_token(line.name) && is_field_text(line.value));
    const auto framing = decide_body_framing(response, false);
    if (!framing) return;
    REQUIRE_THAT(framing->kind == BodyFraming::Kind::length || framing->length == 0);
}

Outcome parse(std::string_view bytes, const Limits& limits, fuzz::Numbers* numbers) {
    const fuzz::ExactCopy copy(bytes);
    ResponseParser parser(limits);
    ReceivedResponse response;
    for (std::size_t size = 0;;) {
        size += numbers != nullptr ? numbers->next(bytes.size() - size) : bytes.size();
        const auto progress = parser.parse(copy.text().substr(0, size), response);
        const bool complete = progress && *progress == ParseProgress::complete;
        if (complete) check_complete(response, copy.text().substr(0, parser.head_size()));
        if (!progress || complete || size == bytes.size())
            return {progress, progress ? describe_response(response) : "", complete ? parser.head_size() : 0};
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::as_text(data, size);
    const unsigned options = fuzz::take_byte(input);
    Limits limits;
    if ((options & 1U) != 0) limits.header_bytes = 60;
    if ((options & 2U) != 0) limits.header_fields = 3;
    if ((options & 4U) != 0) limits.request_line = 40;
    fuzz::Numbers numbers(options);
    const Outcome whole = parse(input, limits, nullptr);
    const Outcome pieces = parse(input, limits, &numbers);
    REQUIRE_THAT(whole.progress == pieces.progress);
    REQUIRE_THAT(whole.response == pieces.response && whole.head_size == pieces.head_size);
    return 0;
}
