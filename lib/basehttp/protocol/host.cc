#include "basehttp/protocol/host.h"

#include <algorithm>
#include <charconv>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// reg-name = *( unreserved / pct-encoded / sub-delims )
bool is_reg_name(std::string_view text) {
    if (text.empty() || !is_host_name_text(text)) return false;
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        if (text.size() - at < 3 || hex_value(text[at + 1]) < 0 || hex_value(text[at + 2]) < 0) return false;
    }
    return true;
}

bool is_number_up_to(std::string_view text, unsigned most) {
    unsigned number = 0;
    if (text.empty() || text.size() > 5 || !std::ranges::all_of(text, is_digit)) return false;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number <= most;
}

bool is_ipv4(std::string_view text) {
    for (int parts = 1;; ++parts) {
        const auto dot = text.find('.');
        const std::string_view part = text.substr(0, dot);
        if (!is_number_up_to(part, 255) || (part.size() > 1 && part.front() == '0')) return false;
        if (dot == std::string_view::npos) return parts == 4;
        text.remove_prefix(dot + 1);
    }
}

// IPv6address of RFC 3986: eight groups of up to four digits; one "::" stands for groups of zeros, and an IPv4
// address may stand for the last two.
bool is_ipv6(std::string_view text) {
    std::size_t groups = 0;
    bool shortened = text.starts_with("::");
    if (shortened) text.remove_prefix(2);
    while (!text.empty()) {
        if (is_ipv4(text)) {
            groups += 2;
            break;
        }
        const auto digits = std::min(text.find_first_not_of("0123456789abcdefABCDEF"), text.size());
        if (digits == 0 || digits > 4) return false;
        ++groups;
        text.remove_prefix(digits);
        if (text.starts_with("::")) {
            if (shortened) return false;
            shortened = true;
            text.remove_prefix(2);
        } else if (!text.empty()) {
            if (text.front() != ':' || text.size() == 1) return false;
            text.remove_prefix(1);
        }
    }
    return shortened ? groups < 8 : groups == 8;
}

}  // namespace

std::string_view host_without_port(std::string_view host) {
    const auto bracket = host.starts_with('[') ? host.find(']') : std::string_view::npos;
    if (bracket != std::string_view::npos) return host.substr(0, bracket + 1);
    return host.substr(0, host.find(':'));
}

bool is_host_and_port(std::string_view text) {
    const std::string_view name = host_without_port(text);
    const std::string_view port = text.substr(name.size());
    constexpr unsigned kLastPort = 65535;
    const bool port_given = port.size() > 1;  // "host:" names the usual port
    if (!port.empty() && port.front() != ':') return false;
    if (port_given && !is_number_up_to(port.substr(1), kLastPort)) return false;
    if (name.starts_with('[')) {
        return name.size() > 2 && name.ends_with(']') && is_ipv6(name.substr(1, name.size() - 2));
    }
    return is_reg_name(name);
}

std::expected<void, Refusal> decide_host(Request& request) {
    const std::size_t given = request.fields.count(KnownField::host);
    std::string_view host = request.fields.find(KnownField::host).value_or("");
    if (given > 1) return std::unexpected(Refusal::host_repeated);
    if (given == 0 && request.version >= kHttp11) return std::unexpected(Refusal::host_missing);
    // An empty Host is what a client sends whose target has no authority (RFC 9110, 7.2).
    if (!host.empty() && !is_host_and_port(host)) return std::unexpected(Refusal::bad_host);
    const std::string_view authority = request.target.authority;
    if (!authority.empty()) {
        if (!is_host_and_port(authority)) return std::unexpected(Refusal::bad_host);
        const bool port_given = host_without_port(authority).size() + 1 < authority.size();
        const bool port_needed = request.target.form == Target::Form::authority;  // RFC 9110, 9.3.6
        if (port_needed && !port_given) return std::unexpected(Refusal::bad_host);
        host = authority;
    }
    request.host = host;
    return {};
}

}  // namespace basehttp
