// Our parser against Debian's libhttp-parser, which nobody here wrote. Where both accept a head, all that both
// understood has to be the same; where the verdicts differ, kKnown has to name the reason.
#include <algorithm>
#include <string>
#include <vector>

#include <http_parser.h>

#include "basehttp/protocol/ascii.h"
#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/request_parser.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

struct Verdict {
    std::string outcome;  // "good", "needs more", or why it is refused
    std::string request;  // method, target, version and fields of a good one
};

void add_field(std::string& text, std::string_view name, std::string_view value) {
    (text += '\n') += name;
    (text += '=') += trim_white_space(value);
}

Verdict ours(std::string_view bytes) {
    Limits limits;
    limits.header_fields = 0;
    limits.request_line = limits.header_bytes = std::size_t{1} << 30U;  // theirs are others
    RequestParser parser(limits);
    Request request;
    const auto progress = parser.parse(bytes, request);
    if (!progress) return {std::string(describe(progress.error()).message), {}};
    if (*progress == ParseProgress::need_more) return {"needs more", {}};
    if (request.version == kHttp09) return {"good, HTTP/0.9", {}};
    if (const auto framing = decide_body_framing(request); !framing) {
        return {std::string(describe(framing.error()).message), {}};
    }
    std::string text = std::string(request.method) + ' ' + std::string(request.target.raw) + ' ' +
                       std::to_string(request.version.major) + '.' + std::to_string(request.version.minor);
    for (const FieldLine& line : request.fields)
        add_field(text, line.name, line.value);
    return {"good", text};
}

struct Theirs {
    std::string target;
    std::vector<std::pair<std::string, std::string>> fields;
    bool in_value = true;
    bool complete = false;
};

Theirs& state_of(http_parser* parser) {
    return *static_cast<Theirs*>(parser->data);
}

int on_name(http_parser* parser, const char* bytes, std::size_t size) {
    Theirs& theirs = state_of(parser);
    if (theirs.in_value) theirs.fields.emplace_back();
    theirs.in_value = false;
    theirs.fields.back().first.append(bytes, size);
    return 0;
}

int on_value(http_parser* parser, const char* bytes, std::size_t size) {
    Theirs& theirs = state_of(parser);
    theirs.in_value = true;
    theirs.fields.back().second.append(bytes, size);
    return 0;
}

Verdict theirs(std::string_view bytes) {
    Theirs state;
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &state;
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_url = [](http_parser* p, const char* at, std::size_t size) {
        state_of(p).target.append(at, size);
        return 0;
    };
    settings.on_header_field = on_name;
    settings.on_header_value = on_value;
    settings.on_headers_complete = [](http_parser* p) {
        state_of(p).complete = true;
        http_parser_pause(p, 1);
        return 0;
    };
    http_parser_execute(&parser, &settings, bytes.data(), bytes.size());
    const auto error = static_cast<http_errno>(parser.http_errno);
    if (!state.complete && error != HPE_OK) return {http_errno_name(error), {}};
    if (!state.complete) return {"needs more", {}};
    std::string text = std::string(http_method_str(static_cast<http_method>(parser.method))) + ' ' + state.target +
                       ' ' + std::to_string(parser.http_major) + '.' + std::to_string(parser.http_minor);
    for (const auto& [name, value] : state.fields)
        add_field(text, name, value);
    return {"good", text};
}

struct Known {
    std::string_view ours, theirs;  // starts of the outcomes; an empty one stands for any
    std::string_view where = {};    // what the head must hold for the reason to apply
};

constexpr Known kKnown[] = {
    // They look at each byte as it comes, we at each line once it has ended (its start and length excepted).
    {"needs more", "HPE_"},
    // A CR that no LF follows ends their head; here it is never a line's end.
    {"needs more", "good"},
    {"Bad field line: it takes a name", ""},
    {"Bad request: a CR that no LF follows", ""},
    // They take HTTP/0.9 for a head with fields behind it.
    {"good, HTTP/0.9", ""},
    {"Bad HTTP/0.9 request", ""},
    // They know a list of methods; here any token is one, and the handler answers 501.
    {"good", "HPE_INVALID_METHOD"},
    // Several digits, a space behind the version, or more than one before it: the seed's leniencies.
    {"good", "HPE_INVALID_VERSION"},
    {"good", "HPE_INVALID_CONSTANT"},
    // They do not decode paths, nor do they look at Host; they leave that to their users.
    {"Bad request target", ""},
    {"Bad Host", ""},
    {"Host is", ""},
    {"HTTP version not supported", ""},
    // As Debian builds them, they check neither the letters of HTTP nor control bytes in targets and values.
    {"Bad field line: the value holds a control byte", ""},
    {"Bad request version", ""},
    {"Bad request line: it takes", ""},
    {"Bad request line: it holds a control byte", ""},
    // They take a name that only starts with Transfer-Encoding for the field itself, beside a Content-Length.
    {"good", "HPE_UNEXPECTED_CONTENT_LENGTH"},
    // They know no tab behind a Content-Length; the RFC's optional white space has tabs.
    {"good", "HPE_INVALID_CONTENT_LENGTH", "\t"},
    // They take any coding for a body until the end of the connection, or none.
    {"Transfer coding not supported", ""},
    {"Transfer-Encoding does not exist before HTTP/1.1", ""},
    {"Bad Transfer-Encoding: chunked must come once, and last", ""},
    {"Content-Length and Transfer-Encoding exclude each other", ""},
    // What they join or skip for the sake of old clients, we refuse.
    {"Bad field line: folded lines", ""},
    {"Bad field line: white space before the colon", ""},
    {"Bad request: too many empty lines", ""},
};

bool is_known(const Verdict& a, const Verdict& b, std::string_view head) {
    return std::ranges::any_of(kKnown, [&](const Known& row) {
        return a.outcome.starts_with(row.ours) && b.outcome.starts_with(row.theirs) &&
               head.find(row.where) != head.npos;
    });
}

bool is_refusal(const Verdict& verdict) {
    return !verdict.outcome.starts_with("good") && verdict.outcome != "needs more";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::as_text(data, size);
    fuzz::take_byte(input);  // the options of request_head_fuzz, whose corpus this shares
    const Verdict a = ours(input);
    const Verdict b = theirs(input);
    const bool agree = (is_refusal(a) && is_refusal(b)) || (a.outcome == b.outcome && a.request == b.request);
    if (agree || (a.outcome != b.outcome && is_known(a, b, input))) return 0;
    std::fprintf(stderr, "ours: %s\n%s\ntheirs: %s\n%s\n", a.outcome.c_str(), a.request.c_str(), b.outcome.c_str(),
                 b.request.c_str());
    std::abort();
}
