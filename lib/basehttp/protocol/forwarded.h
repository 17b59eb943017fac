// What proxies say about the requests that they pass on: Forwarded (RFC 7239) and X-Forwarded-For. Each proxy adds to
// the end, so these lists are read from there: what stands before the entries of proxies that are trusted may be
// anybody's, and is not to change how those are read. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace basehttp {

/// Who sent a request to a proxy, as far as it is an address.
struct ForwardedNode {
    std::string_view address;  ///< without brackets; it may still be none
    std::uint16_t port = 0;    ///< 0: not given, or not told

    friend bool operator==(const ForwardedNode&, const ForwardedNode&) = default;
};

/// One entry of Forwarded; empty where it does not say. The views are into what was parsed, without quotes.
struct ForwardedElement {
    std::string_view node;  ///< of `for`
    std::string_view host;
    std::string_view proto;

    friend bool operator==(const ForwardedElement&, const ForwardedElement&) = default;
};

/// Cuts the last member off the comma-separated list `rest`, without the white space around it; nothing once no
/// member is left. Empty members are skipped; commas in quoted strings do not separate.
std::optional<std::string_view> take_last_member(std::string_view& rest);

///     forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )
///
/// Nothing where `text` does not keep to that, names a parameter twice, or escapes bytes in quotes, as none of the
/// values needs. Colons and brackets without quotes are taken, since proxies forget them.
std::optional<ForwardedElement> parse_forwarded_element(std::string_view text);

///     node = ( IPv4address / "[" IPv6address "]" ) [ ":" ( 1*5DIGIT / obfport ) ] / IPv6address
///
/// Nothing for what cannot be an address, among it `unknown` and `_hidden`.
std::optional<ForwardedNode> parse_forwarded_node(std::string_view text);

}  // namespace basehttp
