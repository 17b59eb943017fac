// Our reading of a whole message against that of Debian's libhttp-parser, which nobody here wrote. Where both accept
// it, all that both understood has to be the same: line, fields, persistence, content, trailers and where the message
// ends. Where the verdicts differ, kKnown has to name the reason.
#include <algorithm>
#include <string>
#include <vector>

#include <http_parser.h>

#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/chunked.h"
#include "basehttp/protocol/persistence.h"
#include "basehttp/protocol/request_parser.h"
#include "basehttp/text/ascii.h"
#include "tests/fuzz/fuzz_input.h"

using namespace basehttp;

namespace {

struct Verdict {
    std::string outcome;  // "good", "needs more", "needs more content", or why it is refused
    std::string message;  // what was understood of a good one
    bool persists = false;
    bool odd_connection = false;  // they are known to read its Connection in another way
};

Verdict refused(Refusal refusal) {
    return {std::string(describe(refusal).message), {}};
}

void add_field(std::string& text, std::string_view name, std::string_view value) {
    (text += '\n') += name;
    (text += '=') += trim_white_space(value);
}

// What both sides say of a message, in the same words.
std::string describe_message(std::string_view line, std::string_view content, std::size_t end) {
    return std::string(line) + '\n' + std::to_string(content.size()) + " bytes, ends at " + std::to_string(end) +
           ":\n" + std::string(content);
}

// Whether a field's value, which stands in a message, had a tab before it or behind it.
bool has_tab_around(std::string_view value) {
    const char* before = value.data() - 1;
    while (*before == ' ')
        --before;
    const char* behind = value.data() + value.size();
    while (*behind == ' ')
        ++behind;
    return *before == '\t' || *behind == '\t';
}

// Whether `member` is the beginning of one that they look for: they miss the comma behind it, and with that the next.
bool only_begins(std::string_view member) {
    constexpr std::string_view kSought[] = {"close", "keep-alive", "upgrade"};
    return std::ranges::any_of(kSought, [member](std::string_view sought) {
        return member.size() < sought.size() && equals_ignoring_case(member, sought.substr(0, member.size()));
    });
}

// They lose count at empty members, at white space other than a space, and at quotes; they let keep-alive win in
// HTTP/1.0, and take Proxy-Connection for Connection.
bool has_odd_connection(const Fields& fields) {
    bool close = false;
    bool keep_alive = false;
    for (const FieldLine& line : fields) {
        if (equals_ignoring_case(line.name, "Proxy-Connection")) return true;
        if (!equals_ignoring_case(line.name, "Connection")) continue;
        std::string_view rest = line.value;
        if (rest.find_first_of("\t\"") != rest.npos || rest.ends_with(',') || has_tab_around(rest)) return true;
        while (!rest.empty()) {
            const std::string_view member = next_member(rest);
            if (!is_token(member) || only_begins(member)) return true;
            close = close || equals_ignoring_case(member, "close");
            keep_alive = keep_alive || equals_ignoring_case(member, "keep-alive");
        }
    }
    return close && keep_alive;
}

bool is_connection(std::string_view name) {
    return equals_ignoring_case(name, "Connection") || equals_ignoring_case(name, "Proxy-Connection");
}

struct Content {
    bool complete = false;
    std::string bytes;
    std::string trailers;
    bool odd_connection = false;  // a trailer, which they take for a field
};

// Reads the content that `framing` announces off the front of `rest`.
std::expected<Content, Refusal> take_content(const BodyFraming& framing, std::string_view& rest) {
    Content content;
    if (framing.kind != BodyFraming::Kind::chunked) {
        content.complete = rest.size() >= framing.length;
        content.bytes = rest.substr(0, framing.length);
        rest.remove_prefix(content.bytes.size());
        return content;
    }
    ChunkedDecoder decoder;
    for (;;) {
        const auto piece = decoder.next(rest);
        if (!piece) return std::unexpected(piece.error());
        content.bytes += piece->data;
        content.complete = piece->complete;
        if (!content.complete && !piece->data.empty()) continue;
        for (const FieldLine& line : decoder.trailers()) {
            add_field(content.trailers, line.name, line.value);
            content.odd_connection = content.odd_connection || is_connection(line.name);
        }
        return content;
    }
}

Verdict ours(std::string_view bytes) {
    Limits limits;
    limits.header_fields = 0;
    limits.request_line = limits.header_bytes = std::size_t{1} << 30U;  // theirs are others
    RequestParser parser(limits);
    Request request;
    const auto progress = parser.parse(bytes, request);
    if (!progress) return refused(progress.error());
    if (*progress == ParseProgress::need_more) return {"needs more", {}};
    if (request.version == kHttp09) return {"good, HTTP/0.9", {}};
    const auto framing = decide_body_framing(request);
    if (!framing) return refused(framing.error());
    std::string fields;
    for (const FieldLine& line : request.fields)
        add_field(fields, line.name, line.value);
    std::string_view rest = bytes.substr(parser.head_size());
    // They take what follows CONNECT for a tunnel's bytes; the server closes the connection after it.
    const bool tunnel = request.method == "CONNECT";
    const auto content = take_content(tunnel ? BodyFraming{} : *framing, rest);
    if (!content) return refused(content.error());
    if (!content->complete) return {"needs more content", {}};
    const std::string line = std::string(request.method) + ' ' + std::string(request.target.raw) + ' ' +
                             std::to_string(request.version.major) + '.' + std::to_string(request.version.minor);
    return {"good", describe_message(line, content->bytes, bytes.size() - rest.size()) + fields + content->trailers,
            wants_persistence(request), content->odd_connection || has_odd_connection(request.fields)};
}

struct Theirs {
    std::string target;
    std::vector<std::pair<std::string, std::string>> fields;
    bool in_value = true;
    std::string content;
    bool has_head = false;
    bool complete = false;
    bool persists = false;
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

int on_complete(http_parser* parser) {
    Theirs& theirs = state_of(parser);
    theirs.complete = true;
    theirs.persists = http_should_keep_alive(parser) != 0;
    http_parser_pause(parser, 1);
    return 0;
}

http_parser_settings settings_of_theirs() {
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_url = [](http_parser* p, const char* at, std::size_t size) {
        state_of(p).target.append(at, size);
        return 0;
    };
    settings.on_header_field = on_name;
    settings.on_header_value = on_value;
    settings.on_headers_complete = [](http_parser* p) {
        state_of(p).has_head = true;
        return 0;
    };
    settings.on_body = [](http_parser* p, const char* at, std::size_t size) {
        state_of(p).content.append(at, size);
        return 0;
    };
    settings.on_message_complete = on_complete;
    return settings;
}

Verdict theirs(std::string_view bytes) {
    const http_parser_settings settings = settings_of_theirs();
    Theirs state;
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &state;
    const std::size_t end = http_parser_execute(&parser, &settings, bytes.data(), bytes.size());
    const auto error = static_cast<http_errno>(parser.http_errno);
    if (!state.complete && error != HPE_OK) return {http_errno_name(error), {}};
    if (!state.complete) return {state.has_head ? "needs more content" : "needs more", {}};
    const std::string line = std::string(http_method_str(static_cast<http_method>(parser.method))) + ' ' +
                             state.target + ' ' + std::to_string(parser.http_major) + '.' +
                             std::to_string(parser.http_minor);
    std::string fields;
    for (const auto& [name, value] : state.fields)
        add_field(fields, name, value);
    return {"good", describe_message(line, state.content, end) + fields, state.persists};
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
    {"needs more", "needs more content"},
    {"Bad field line: it takes a name", ""},
    {"Bad head: a CR that no LF follows", ""},
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
    // They take a name that only starts with Transfer-Encoding for the field itself, in two of their checks.
    {"good", "HPE_UNEXPECTED_CONTENT_LENGTH"},
    {"good", "HPE_INVALID_TRANSFER_ENCODING"},
    {"needs more content", "HPE_UNEXPECTED_CONTENT_LENGTH"},
    {"needs more content", "HPE_INVALID_TRANSFER_ENCODING"},
    // They know no tab behind a Content-Length; the RFC's optional white space has tabs.
    {"good", "HPE_INVALID_CONTENT_LENGTH", "\t"},
    {"needs more content", "HPE_INVALID_CONTENT_LENGTH", "\t"},
    // They take a trailer for a field: one that is called Content-Length, behind chunked content.
    {"good", "HPE_INVALID_CONTENT_LENGTH", "hunked"},
    {"needs more content", "HPE_INVALID_CONTENT_LENGTH", "hunked"},
    // Nor a tab between a chunk's size and its extension, where white space is permitted.
    {"good", "HPE_INVALID_CHUNK_SIZE", "\t"},
    {"needs more content", "HPE_INVALID_CHUNK_SIZE", "\t"},
    // They take any coding for a body until the end of the connection, or none.
    {"Transfer coding not supported", ""},
    {"Transfer-Encoding does not exist before HTTP/1.1", ""},
    {"Bad Transfer-Encoding: chunked must come once, and last", ""},
    {"Content-Length and Transfer-Encoding exclude each other", ""},
    // As Debian builds them, they skip what stands where the line end behind a chunk's data should be, and take
    // anything behind a chunk's size; their trailers are as lenient as their fields.
    {"Bad chunk", ""},
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
    return !verdict.outcome.starts_with("good") && !verdict.outcome.starts_with("needs more");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::as_text(data, size);
    fuzz::take_byte(input);  // the options of request_head_fuzz, whose corpus this shares
    const Verdict a = ours(input);
    const Verdict b = theirs(input);
    const bool same_persistence = a.persists == b.persists || a.odd_connection;
    const bool same = a.outcome == b.outcome && a.message == b.message && same_persistence;
    if (same || (is_refusal(a) && is_refusal(b)) || (a.outcome != b.outcome && is_known(a, b, input))) return 0;
    std::fprintf(stderr, "ours: %s\n%s\n%d\ntheirs: %s\n%s\n%d\n", a.outcome.c_str(), a.message.c_str(), a.persists,
                 b.outcome.c_str(), b.message.c_str(), b.persists);
    std::abort();
}
