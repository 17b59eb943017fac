#include "basehttp/protocol/target.h"

#include <algorithm>
#include <cstddef>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// Whether `path` stands as it is after decoding and normalising: no escape, no empty and no dot segment.
bool is_plain_path(std::string_view path) {
    if (path.contains('%')) return false;
    for (auto slash = path.find('/'); slash < path.size() - 1; slash = path.find('/', slash + 1)) {
        if (path[slash + 1] == '/' || path[slash + 1] == '.') return false;
    }
    return true;
}

std::expected<void, Refusal> percent_decode(std::string_view path, Target& target) {
    target.decoded.clear();
    for (std::size_t i = 0; i < path.size(); ++i) {
        char c = path[i];
        if (c == '%') {
            if (path.size() - i < 3) return std::unexpected(Refusal::bad_escape);
            const int high = hex_value(path[i + 1]);
            const int low = hex_value(path[i + 2]);
            if (high < 0 || low < 0 || high + low == 0) return std::unexpected(Refusal::bad_escape);
            c = static_cast<char>(high * 16 + low);
            if (c == '/') target.escaped_slash = true;
            i += 2;
        }
        target.decoded += c;
    }
    return {};
}

// Removes empty, "." and ".." segments in place (RFC 3986, 5.2.4).
std::expected<void, Refusal> remove_dot_segments(std::string& path) {
    std::size_t written = 0;
    std::size_t at = 0;
    while (at < path.size()) {
        const std::size_t start = at + 1;  // path[at] is a slash
        std::size_t end = path.find('/', start);
        const bool last = end == std::string::npos;
        if (last) end = path.size();
        const std::string_view segment = std::string_view(path).substr(start, end - start);
        if (segment == "..") {
            if (written == 0) return std::unexpected(Refusal::path_above_root);
            written = path.rfind('/', written - 1);
        } else if (!segment.empty() && segment != ".") {
            path[written] = '/';
            std::ranges::copy(segment, path.begin() + static_cast<std::ptrdiff_t>(written) + 1);
            written += 1 + segment.size();
            at = end;
            continue;
        }
        if (last) path[written++] = '/';
        at = end;
    }
    path.resize(written);
    return {};
}

std::expected<void, Refusal> parse_path(std::string_view path_and_query, Target& target) {
    const auto question = path_and_query.find('?');
    target.has_query = question != std::string_view::npos;
    target.raw_path = path_and_query.substr(0, question);
    if (target.has_query) target.query = path_and_query.substr(question + 1);
    if (is_plain_path(target.raw_path)) {
        target.path = target.raw_path.empty() ? "/" : target.raw_path;
        return {};
    }
    if (auto decoded = percent_decode(target.raw_path, target); !decoded) return decoded;
    if (auto normalised = remove_dot_segments(target.decoded); !normalised) return normalised;
    target.path = target.decoded;
    return {};
}

// absolute-form: "http" [ "s" ] "://" authority path. Other schemes are none of an origin server's.
std::expected<void, Refusal> parse_absolute(std::string_view raw, Target& target) {
    const auto colon = raw.find("://");
    if (colon == std::string_view::npos) return std::unexpected(Refusal::bad_target);
    const std::string_view scheme = raw.substr(0, colon);
    if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https")) {
        return std::unexpected(Refusal::bad_target);
    }
    const std::string_view rest = raw.substr(colon + 3);
    const auto end = rest.find_first_of("/?");
    target.form = Target::Form::absolute;
    target.authority = rest.substr(0, end);
    if (target.authority.empty()) return std::unexpected(Refusal::bad_target);
    const std::string_view path = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
    target.has_unescaped_bytes = !is_uri_text(path);  // brackets may stand in the authority
    return parse_path(path, target);
}

bool may_stand_in_path(char c) {
    constexpr std::string_view kAllowed = "-._~!$&'()*+,;=:@/";
    return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || kAllowed.find(c) != std::string_view::npos;
}

}  // namespace

void Target::clear() {
    form = Form::origin;
    raw = authority = raw_path = query = path = {};
    has_query = escaped_slash = has_unescaped_bytes = false;
    decoded.clear();
}

std::expected<void, Refusal> parse_target(std::string_view raw, std::string_view method, Target& target) {
    target.clear();
    target.raw = raw;
    target.has_unescaped_bytes = !is_uri_text(raw);
    if (target.has_unescaped_bytes && (!is_target_text(raw) || raw.find('#') != std::string_view::npos)) {
        return std::unexpected(Refusal::bad_target);
    }
    if (raw.empty()) return std::unexpected(Refusal::bad_target);
    if (method == "CONNECT") {
        target.form = Target::Form::authority;
        target.authority = raw;
        target.has_unescaped_bytes = false;
        return {};
    }
    if (raw == "*") {
        if (method != "OPTIONS") return std::unexpected(Refusal::bad_target);
        target.form = Target::Form::asterisk;
        return {};
    }
    return raw.front() == '/' ? parse_path(raw, target) : parse_absolute(raw, target);
}

void append_escaped_path(std::string& out, std::string_view path) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    while (path.starts_with("//"))
        path.remove_prefix(1);
    for (const char c : path) {
        if (may_stand_in_path(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
}

}  // namespace basehttp
