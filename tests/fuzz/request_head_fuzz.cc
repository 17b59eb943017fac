// Any bytes as the head of a request: what the parser accepts keeps the promises that Request makes.
#include "basehttp/pages/error_page.h"
#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/host.h"
#include "basehttp/protocol/persistence.h"
#include "basehttp/protocol/request_parser.h"
#include "basehttp/text/ascii.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

bool lies_within(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_fields(const Request& request, std::string_view head) {
    for (const FieldLine& line : request.fields) {
        REQUIRE_THAT(is_token(line.name) && is_field_text(line.value));
        REQUIRE_THAT(trim_white_space(line.value) == line.value);
        REQUIRE_THAT(lies_within(line.name, head) && lies_within(line.value, head));
    }
}

void check_request(const Request& request, std::string_view head, const Limits& limits) {
    REQUIRE_THAT(request.line.size() <= limits.request_line && is_field_text(request.line));
    REQUIRE_THAT(is_token(request.method) && lies_within(request.method, request.line));
    REQUIRE_THAT(request.version == kHttp09 || request.version.major == 1);
    REQUIRE_THAT(request.fields.size() <= limits.header_fields);
    REQUIRE_THAT(request.version < kHttp11 || request.fields.count("Host") == 1);
    REQUIRE_THAT(request.host.empty() || is_host_and_port(request.host));
    REQUIRE_THAT(lies_within(request.target.raw, request.line) && lies_within(request.host, head));
    check_fields(request, head);
    if (request.version == kHttp09) {
        REQUIRE_THAT(request.method == "GET" && request.fields.size() == 0 &&
                     limits.strictness != Strictness::strict);
        REQUIRE_THAT(!wants_persistence(request));
    }
}

void check_framing(const Request& request) {
    static_cast<void>(expects_continue(request));
    const auto framing = decide_body_framing(request);
    if (!framing) return;
    const bool coded = request.fields.count("Transfer-Encoding") > 0;
    const std::size_t lengths = request.fields.count("Content-Length");
    REQUIRE_THAT(lengths + (coded ? 1 : 0) <= 1);
    REQUIRE_THAT((framing->kind == BodyFraming::Kind::chunked) == coded);
    REQUIRE_THAT((framing->kind == BodyFraming::Kind::length) == (framing->length > 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::as_text(data, size);
    const unsigned options = fuzz::take_byte(input);
    const fuzz::ExactCopy copy(input);
    Limits limits;
    limits.strictness = static_cast<Strictness>(options % 3);
    if ((options & 4U) != 0) limits.request_line = 40;
    if ((options & 8U) != 0) limits.header_bytes = 60;
    RequestParser parser(limits);
    parser.restart((options & 16U) == 0);
    Request request;
    const auto progress = parser.parse(copy.text(), request);
    REQUIRE_THAT(lies_within(request.line, copy.text()) && request.line.find('\n') == request.line.npos);
    if (!progress) {
        REQUIRE_THAT(request.version != kHttp09);
        REQUIRE_THAT(!error_page(describe(progress.error()).status, request.line).empty());
    } else if (*progress == ParseProgress::complete) {
        REQUIRE_THAT(parser.head_size() > 0 && parser.head_size() <= input.size());
        const std::string_view head = copy.text().substr(0, parser.head_size());
        REQUIRE_THAT(head.ends_with('\n'));
        check_request(request, head, limits);
        check_framing(request);
    }
    return 0;
}
