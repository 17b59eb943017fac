// Target: the request target of RFC 9112, section 3.2, taken apart, its path decoded once and normalised. All that
// decides which file or route a URL means happens here and nowhere else.
//
//     request-target = origin-form / absolute-form / authority-form / asterisk-form
//     origin-form    = absolute-path [ "?" query ]
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "basehttp/protocol/refusal.h"

namespace basehttp {

struct Target {
    enum class Form : std::uint8_t { origin, absolute, authority, asterisk };

    Form form = Form::origin;
    std::string_view raw;        ///< as received; a view into the request's buffer, like the next three
    std::string_view authority;  ///< of the absolute and authority forms
    std::string_view raw_path;   ///< not decoded
    std::string_view query;      ///< after the '?', not decoded
    bool has_query = false;
    /// The path, percent-decoded once, dot segments and doubled slashes removed; starts with '/', and can hold any
    /// byte but NUL. Empty for the authority and asterisk forms. Valid like the views above.
    std::string_view path;
    /// Whether an escaped slash was decoded: `path` then has more segments than the client may have meant.
    bool escaped_slash = false;
    /// Whether it holds bytes that RFC 3986 wants escaped, like `|` or obs-text.
    bool has_unescaped_bytes = false;

    void clear();

    std::string decoded;  ///< storage behind `path` where decoding changed it; keeps its capacity
};

/// Takes `raw` apart into `target`. `method` decides between the forms: CONNECT alone has the authority form.
std::expected<void, Refusal> parse_target(std::string_view raw, std::string_view method, Target& target);

/// Appends `path` to `out`, with each byte escaped that may not stand in a path (RFC 3986, section 3.3), and with
/// no more than one slash at its start, so that a redirect to it stays on this host.
void append_escaped_path(std::string& out, std::string_view path);

}  // namespace basehttp
