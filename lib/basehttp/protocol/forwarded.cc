#include "basehttp/protocol/forwarded.h"

#include <algorithm>
#include <charconv>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// Whether a backslash stands before the byte at `at` that is not itself escaped.
bool is_escaped(std::string_view text, std::size_t at) {
    std::size_t backslashes = 0;
    while (backslashes < at && text[at - 1 - backslashes] == '\\')
        ++backslashes;
    return backslashes % 2 == 1;
}

// Where the last member begins. Read from the end, since a quote that is left open must not reach over what follows.
std::size_t last_member_at(std::string_view list) {
    bool quoted = false;
    std::size_t at = list.size();
    for (; at > 0; --at) {
        const char c = list[at - 1];
        if (c == '"' && !(quoted && is_escaped(list, at - 1))) {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            break;
        }
    }
    return at;
}

bool is_node_char(char c) {
    return is_token_char(c) || c == ':' || c == '[' || c == ']';
}

// value = token / quoted-string. The view is without quotes; nothing where it is neither, or escapes a byte.
std::optional<std::string_view> take_value(std::string_view& rest) {
    if (rest.starts_with('"')) {
        const std::size_t end = rest.find_first_of("\"\\", 1);
        if (end == std::string_view::npos || rest[end] == '\\') return std::nullopt;
        const std::string_view value = rest.substr(1, end - 1);
        rest.remove_prefix(end + 1);
        return value;
    }
    const auto end = std::ranges::find_if_not(rest, is_node_char);
    const std::string_view value = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(value.size());
    if (value.empty()) return std::nullopt;
    return value;
}

// Where the value of the parameter `name` goes. nullptr: nobody wants it.
std::string_view* place_of(ForwardedElement& element, std::string_view name) {
    if (equals_ignoring_case(name, "for")) return &element.node;
    if (equals_ignoring_case(name, "host")) return &element.host;
    if (equals_ignoring_case(name, "proto")) return &element.proto;
    return nullptr;
}

// False: it is malformed, or there twice.
bool take_pair(std::string_view& rest, ForwardedElement& element) {
    const std::string_view name = rest.substr(0, token_size(rest));
    rest.remove_prefix(name.size());
    if (name.empty() || !rest.starts_with('=')) return false;
    rest.remove_prefix(1);
    const auto value = take_value(rest);
    if (!value) return false;
    std::string_view* place = place_of(element, name);
    if (place == nullptr) return true;
    if (place->data() != nullptr) return false;
    *place = *value;
    return true;
}

bool is_obfuscated(std::string_view port) {
    return port.size() > 1 && port.front() == '_' && is_token(port);
}

// The port of a node. Nothing where `text` is none.
std::optional<std::uint16_t> parse_port(std::string_view text) {
    constexpr unsigned kLastPort = 65535;
    constexpr std::size_t kMostDigits = 5;
    if (is_obfuscated(text)) return std::uint16_t{0};
    if (text.empty() || text.size() > kMostDigits || !std::ranges::all_of(text, is_digit)) return std::nullopt;
    unsigned port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    if (port > kLastPort) return std::nullopt;
    return static_cast<std::uint16_t>(port);
}

}  // namespace

std::optional<std::string_view> take_last_member(std::string_view& rest) {
    while (!rest.empty()) {
        const std::size_t at = last_member_at(rest);
        const std::string_view member = trim_white_space(rest.substr(at));
        rest = rest.substr(0, at == 0 ? 0 : at - 1);
        if (!member.empty()) return member;
    }
    return std::nullopt;
}

std::optional<ForwardedElement> parse_forwarded_element(std::string_view text) {
    ForwardedElement element;
    std::string_view rest = trim_white_space(text);
    while (!rest.empty()) {
        if (rest.front() != ';' && !take_pair(rest, element)) return std::nullopt;
        rest = trim_white_space(rest);
        if (rest.empty()) break;
        if (rest.front() != ';') return std::nullopt;
        rest = trim_white_space(rest.substr(1));
    }
    return element;
}

std::optional<ForwardedNode> parse_forwarded_node(std::string_view text) {
    text = trim_white_space(text);
    std::string_view address = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        address = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!address.contains(':')) return std::nullopt;
    } else if (std::ranges::count(text, ':') == 1) {
        address = text.substr(0, text.find(':'));
        port = text.substr(address.size());
    }
    const bool may_be_address = !address.empty() && std::ranges::all_of(address, [](char c) {
        return hex_value(c) >= 0 || c == ':' || c == '.';
    });
    if (!may_be_address) return std::nullopt;
    if (port.empty()) return ForwardedNode{address, 0};
    if (port.front() != ':') return std::nullopt;
    const auto number = parse_port(port.substr(1));
    if (!number) return std::nullopt;
    return ForwardedNode{address, *number};
}

}  // namespace basehttp
