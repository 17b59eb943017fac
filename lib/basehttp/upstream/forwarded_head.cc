#include "basehttp/upstream/forwarded_head.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "basehttp/protocol/response_head.h"
#include "basehttp/protocol/target.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

constexpr std::array<std::string_view, 9> kHopByHop{"Connection",          "Keep-Alive",       "Proxy-Authenticate",
                                                    "Proxy-Authorization", "Proxy-Connection", "TE",
                                                    "Transfer-Encoding",   "Upgrade",          "Trailer"};

// What is written anew, or is nobody's business behind this server.
constexpr std::array<std::string_view, 11> kNotPassedOn{"Host",
                                                        "Content-Length",
                                                        "Expect",
                                                        "Forwarded",
                                                        "X-Forwarded-For",
                                                        "X-Forwarded-Host",
                                                        "X-Forwarded-Proto",
                                                        "X-Forwarded-Port",
                                                        "X-Forwarded-Server",
                                                        "X-Real-IP",
                                                        "Proxy"};

bool looks_like(std::string_view name, std::string_view known) {
    return std::ranges::equal(name, known,
                              [](char a, char b) { return to_lower(a == '_' ? '-' : a) == to_lower(b); });
}

template <std::size_t N>
bool looks_like_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::ranges::any_of(names, [name](std::string_view known) { return looks_like(name, known); });
}

void append_request_line(std::string& out, const Request& request) {
    out += request.method;
    out += ' ';
    append_escaped_path(out, request.path());
    if (request.target.has_query) (out += '?') += request.target.query;
    out += " HTTP/1.1\r\n";
}

// for= and the like of RFC 7239: an IPv6 address has brackets, and is quoted for its colons.
void append_forwarded(std::string& out, const ForwardedRequest& forwarded) {
    const std::string address = forwarded.client.text();
    std::string value = "for=";
    switch (forwarded.client.family) {
        case ClientAddress::Family::none:
            value += "unknown";
            break;
        case ClientAddress::Family::ipv4:
            value += address;
            break;
        case ClientAddress::Family::ipv6:
            value += fmt::format("\"[{}]\"", address);
            break;
    }
    const std::string_view host = forwarded.request.host;
    if (!host.empty()) value += fmt::format(";host=\"{}\"", host);
    append_field_line(out, "Forwarded", value + ";proto=http");
    if (forwarded.client.family != ClientAddress::Family::none) append_field_line(out, "X-Forwarded-For", address);
    if (!host.empty()) append_field_line(out, "X-Forwarded-Host", host);
    append_field_line(out, "X-Forwarded-Proto", "http");
}

void append_framing(std::string& out, const ForwardedRequest& forwarded) {
    switch (forwarded.content.kind) {
        case BodyFraming::Kind::none:
            // Those that usually have content say so where they have none (RFC 9110, 8.6).
            if (forwarded.request.fields.count(KnownField::content_length) > 0)
                append_field_line(out, "Content-Length", "0");
            return;
        case BodyFraming::Kind::length:
            append_field_line(out, "Content-Length", forwarded.content.length);
            return;
        case BodyFraming::Kind::chunked:
        case BodyFraming::Kind::until_close:
            append_field_line(out, "Transfer-Encoding", "chunked");
            return;
    }
}

}  // namespace

bool is_hop_by_hop(const Fields& fields, std::string_view name) {
    return looks_like_one_of(name, kHopByHop) || fields.lists(KnownField::connection, name);
}

bool is_written_anew(std::string_view name) {
    return looks_like_one_of(name, kNotPassedOn);
}

void append_forwarded_head(std::string& out, const ForwardedRequest& forwarded) {
    const Fields& fields = forwarded.request.fields;
    append_request_line(out, forwarded.request);
    append_field_line(out, "Host", forwarded.host);
    for (const FieldLine& line : fields) {
        if (is_hop_by_hop(fields, line.name) || is_written_anew(line.name)) continue;
        append_field_line(out, line.name, line.value);
    }
    append_field_line(out, "Via", fmt::format("1.{} basehttpd", forwarded.request.version.minor));
    append_forwarded(out, forwarded);
    append_framing(out, forwarded);
    out += "\r\n";
}

}  // namespace basehttp
