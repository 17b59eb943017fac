// A head parsed whole and the same head parsed in random pieces, at one address and moved: the same verdict and the
// same Request.
#include <algorithm>
#include <string>

#include "basehttp/protocol/request_parser.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

struct Outcome {
    std::expected<ParseProgress, Refusal> progress = ParseProgress::need_more;
    std::string line;
    std::string request;
    std::size_t head_size = 0;
    bool started = false;
};

std::string describe_request(const Request& request) {
    const Target& target = request.target;
    std::string text;
    for (const std::string_view part :
         {request.method, target.raw, target.authority, target.raw_path, target.query, target.path, request.host}) {
        (text += part) += '\n';
    }
    text += std::to_string(static_cast<int>(target.form)) + (target.has_query ? "q" : "") +
            (target.escaped_slash ? "s" : "") + std::to_string(request.version.major) + '.' +
            std::to_string(request.version.minor);
    for (const FieldLine& line : request.fields)
        ((text += '\n') += line.name).append("=").append(line.value);
    return text;
}

Outcome outcome_of(const RequestParser& parser, std::expected<ParseProgress, Refusal> progress,
                   const Request& request) {
    return {progress, std::string(request.line), describe_request(request), parser.head_size(), parser.started()};
}

Outcome parse_whole(std::string_view bytes, const Limits& limits) {
    const fuzz::ExactCopy copy(bytes);
    RequestParser parser(limits);
    Request request;
    const auto progress = parser.parse(copy.text(), request);
    return outcome_of(parser, progress, request);
}

Outcome parse_in_pieces(std::string_view bytes, const Limits& limits, fuzz::Numbers numbers) {
    RequestParser parser(limits);
    Request request;
    std::string_view buffer = bytes;
    std::unique_ptr<fuzz::ExactCopy> moved;
    for (std::size_t size = 0;;) {
        size += numbers.next(bytes.size() - size);
        if (numbers.next(9) == 9) {  // the buffer grew and moved
            moved = std::make_unique<fuzz::ExactCopy>(bytes);
            buffer = moved->text();
            parser.restart(true);
        }
        const auto progress = parser.parse(buffer.substr(0, size), request);
        const bool done = !progress || *progress == ParseProgress::complete || size == bytes.size();
        if (done) return outcome_of(parser, progress, request);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::as_text(data, size);
    const unsigned options = fuzz::take_byte(input);
    const unsigned seed = fuzz::take_byte(input) + 256 * fuzz::take_byte(input);
    Limits limits;
    limits.strictness = static_cast<Strictness>(options % 3);
    if ((options & 4U) != 0) limits.request_line = 40;
    if ((options & 8U) != 0) limits.header_bytes = 60;
    const Outcome whole = parse_whole(input, limits);
    const Outcome pieces = parse_in_pieces(input, limits, fuzz::Numbers(seed));
    REQUIRE_THAT(whole.progress == pieces.progress);
    REQUIRE_THAT(whole.request == pieces.request);
    // A line that is refused before its end has arrived is known up to there.
    REQUIRE_THAT(whole.line == pieces.line || (!whole.progress && whole.line.starts_with(pieces.line)));
    if (whole.progress) REQUIRE_THAT(whole.head_size == pieces.head_size && whole.started == pieces.started);
    return 0;
}
