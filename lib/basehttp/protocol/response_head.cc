#include "basehttp/protocol/response_head.h"

#include <cassert>

#include "basehttp/text/ascii.h"
#include "basehttp/text/number.h"

namespace basehttp {
namespace {

void append_text(std::string& out, std::string_view text) {
    if (is_field_text(text)) {
        out += text;
        return;
    }
    for (const char c : text)
        out += is_field_text({&c, 1}) ? c : ' ';
}

}  // namespace

void append_status_line(std::string& out, Version version, int status, std::string_view phrase) {
    out += version == kHttp10 ? "HTTP/1.0 " : "HTTP/1.1 ";
    append_number(out, status);
    out += ' ';
    append_text(out, phrase);
    out += "\r\n";
}

void append_field_line(std::string& out, std::string_view name, std::string_view value) {
    assert(is_token(name));
    out += name;
    out += ": ";
    append_text(out, value);
    out += "\r\n";
}

void append_field_line(std::string& out, std::string_view name, std::uint64_t value) {
    assert(is_token(name));
    out += name;
    out += ": ";
    append_number(out, value);
    out += "\r\n";
}

bool may_be_trailer(std::string_view name) {
    constexpr std::string_view kNeededBefore =
        "Accept-Ranges, Age, Allow, Authorization, Cache-Control, Connection, Content-Encoding, Content-Language, "
        "Content-Length, Content-Location, Content-Range, Content-Type, Date, Expect, Expires, Host, If-Match, "
        "If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Keep-Alive, Location, Max-Forwards, "
        "Pragma, "
        "Proxy-Authenticate, Proxy-Authorization, Range, Retry-After, Set-Cookie, TE, Trailer, Transfer-Encoding, "
        "Upgrade, Vary, WWW-Authenticate";
    bool needed = false;
    for_each_member(kNeededBefore,
                    [&](std::string_view other) { needed = needed || equals_ignoring_case(other, name); });
    return is_token(name) && !needed;
}

void append_interim_response(std::string& out, int status, std::string_view phrase,
                             std::span<const FieldLine> fields) {
    append_status_line(out, kHttp11, status, phrase);
    for (const FieldLine& line : fields)
        append_field_line(out, line.name, line.value);
    out += "\r\n";
}

}  // namespace basehttp
