#include "daemon/config/config_value.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "daemon/config/config_error.h"
#include "daemon/config/loose_number.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array<Unit, 4> kSizeUnits{{{"", 1}, {"K", 1ULL << 10}, {"M", 1ULL << 20}, {"G", 1ULL << 30}}};
constexpr std::array<Unit, 4> kTimeUnits{{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};

constexpr std::string_view kSizeForm = "a size: bytes, or a number with K, M or G";
constexpr std::string_view kTimeForm = "a duration: a number with ms, s, m or h";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_host_character(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

std::string to_lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::unexpected<ValueProblem> problem(std::string message, std::string hint = {}) {
    return std::unexpected(ValueProblem{std::move(message), std::move(hint)});
}

// A number and the rest of the text; nothing where it does not begin with a digit or is too large.
std::optional<std::pair<std::uint64_t, std::string_view>> split_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || text.empty() || !is_digit(text.front())) return std::nullopt;
    return std::pair{number, text.substr(static_cast<std::size_t>(end - text.data()))};
}

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
    const auto found = std::ranges::find(units, name, &Unit::name);
    return found == units.end() ? nullptr : &*found;
}

// What is wrong with a number whatever its unit; nothing where that is not known.
std::optional<ValueProblem> find_number_problem(std::string_view text) {
    if (text.starts_with('-') && text.size() > 1 && is_digit(text[1])) return ValueProblem{"negative"};
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits > 1 && text.front() == '0') {
        const std::size_t first = std::min(text.find_first_not_of('0'), digits - 1);
        return ValueProblem{"a number that begins with a zero", fmt::format("write {}", text.substr(first))};
    }
    if (digits > 0 && !split_number(text)) return ValueProblem{"too large"};
    constexpr std::array<std::string_view, 8> kNoNumber{"unlimited", "infinity", "infinite", "none",
                                                        "never",     "off",      "disabled", "max"};
    if (std::ranges::find(kNoNumber, to_lower(text)) == kNoNumber.end()) return std::nullopt;
    return ValueProblem{"not a number", "where a limit can be switched off, 0 does it; basehttpd.yaml(5) says where"};
}

std::expected<std::uint64_t, ValueProblem> parse_with_unit(std::string_view text, std::span<const Unit> units,
                                                           std::string_view form) {
    if (auto general = find_number_problem(text)) return std::unexpected(*std::move(general));
    const auto number = split_number(text);
    if (!number) return problem(fmt::format("not {}", form));
    const Unit* unit = find_unit(units, number->second);
    if (unit == nullptr) return problem(fmt::format("not {}", form));
    // Durations are signed: the bound of those is the lower one.
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (number->first > kMost / unit->factor) return problem("too large");
    return number->first * unit->factor;
}

std::string format_with_unit(std::uint64_t value, std::span<const Unit> units) {
    const Unit* best = &units.front();
    for (const Unit& unit : units) {
        if (value % unit.factor == 0) best = &unit;
    }
    return fmt::format("{}{}", value / best->factor, best->name);
}

// Labels of letters, digits, '-' and '_' between dots (RFC 1123, 2.1, and '_' as in practice).
bool is_host_name(std::string_view name) {
    constexpr std::size_t kLongestName = 253;
    constexpr std::size_t kLongestLabel = 63;
    if (name.empty() || name.size() > kLongestName) return false;
    std::size_t label = 0;
    for (const char c : name) {
        if ((c == '.' || c == '-') && label == 0) return false;
        if (c != '.' && !is_host_character(c)) return false;
        label = c == '.' ? 0 : label + 1;
        if (label > kLongestLabel) return false;
    }
    return label > 0;
}

bool looks_like_ip4(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; });
}

bool is_ip4(const std::string& text) {
    in_addr address{};
    return ::inet_pton(AF_INET, text.c_str(), &address) == 1;
}

// The one form of an IPv6 address that inet_ntop(3) writes.
std::optional<std::string> normalize_ip6(std::string_view text) {
    const std::size_t percent = std::min(text.find('%'), text.size());
    const std::string_view scope = text.substr(percent);
    in6_addr address{};
    if (::inet_pton(AF_INET6, std::string(text.substr(0, percent)).c_str(), &address) != 1) return std::nullopt;
    if (scope.size() == 1) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> buffer;
    if (::inet_ntop(AF_INET6, &address, buffer.data(), buffer.size()) == nullptr) return std::nullopt;
    return std::string(buffer.data()) + std::string(scope);
}

std::expected<std::uint16_t, ValueProblem> parse_port(std::string_view text) {
    const auto number = split_number(text);
    const bool zeros = text.size() > 1 && text.front() == '0';
    if (!number || !number->second.empty() || zeros || number->first < 1 || number->first > 65535) {
        return problem(
            fmt::format("not an address: its port must be a number from 1 to 65535, not {}", in_quotes(text)));
    }
    return static_cast<std::uint16_t>(number->first);
}

std::expected<ListenAddress, ValueProblem> parse_unix_address(std::string_view path) {
    if (!path.starts_with('/'))
        return problem("not an address: the path of a socket is absolute", "write unix:/path");
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
        return problem(fmt::format("too long for a socket: its path has {} bytes, {} are possible", path.size(),
                                   sizeof(sockaddr_un::sun_path) - 1));
    }
    return ListenAddress{ListenAddress::Kind::unix_path, std::string(path), 0};
}

std::expected<ListenAddress, ValueProblem> parse_ip6_address(std::string_view text) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return problem("not an address: its ']' is missing", "write \"[::]:80\"");
    const auto host = normalize_ip6(text.substr(1, bracket - 1));
    if (!host) return problem("not an address: the text in brackets is not an IPv6 address");
    const std::string_view rest = text.substr(bracket + 1);
    if (!rest.starts_with(':'))
        return problem("an address without a port", fmt::format("write \"{}:80\"", text.substr(0, bracket + 1)));
    const auto port = parse_port(rest.substr(1));
    if (!port) return std::unexpected(port.error());
    return ListenAddress{ListenAddress::Kind::ip6, *host, *port};
}

std::unexpected<ValueProblem> explain_missing_colon(std::string_view text) {
    if (parse_port(text)) {
        return problem("a port without a host",
                       fmt::format("write 0.0.0.0:{0} for IPv4, \"[::]:{0}\" for IPv6", text));
    }
    if (text.ends_with("/tcp") && parse_port(text.substr(0, text.size() - 4)))
        return problem("not an address", fmt::format("write 0.0.0.0:{}", text.substr(0, text.size() - 4)));
    return problem("an address without a port", fmt::format("write {}:80", text));
}

std::expected<ListenAddress, ValueProblem> read_address(std::string_view text) {
    if (text.starts_with("unix:")) return parse_unix_address(text.substr(5));
    if (text.starts_with('/')) return problem("a path", fmt::format("write unix:{} for a socket", text));
    if (text.starts_with('[')) return parse_ip6_address(text);
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return explain_missing_colon(text);
    const std::string host = to_lower(text.substr(0, colon));
    if (host.contains(':')) {
        const std::string hint = normalize_ip6(host) ? fmt::format("write \"[{}]{}\"", host, text.substr(colon)) : "";
        return problem("not an address: write IPv6 in brackets", hint);
    }
    const auto port = parse_port(text.substr(colon + 1));
    if (!port) return std::unexpected(port.error());
    if (!host.empty() && std::ranges::all_of(host, is_digit))
        return problem("not an address: it has two ports and no host", fmt::format("write 0.0.0.0:{}", host));
    if (host.empty() || host == "*") {
        return problem("not an address", fmt::format("write 0.0.0.0:{0} for IPv4, \"[::]:{0}\" for IPv6", *port));
    }
    if (is_ip4(host)) return ListenAddress{ListenAddress::Kind::ip4, host, *port};
    if (looks_like_ip4(host) || !is_host_name(host))
        return problem(fmt::format("not an address: {} is neither an IPv4 address nor a host name", in_quotes(host)));
    return ListenAddress{ListenAddress::Kind::name, host, *port};
}

// `a b` and `a, b` where a list is meant.
std::unexpected<ValueProblem> explain_several_hosts(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t at = text.find_first_not_of(" ,;"); at < text.size(); at = text.find_first_not_of(" ,;", at)) {
        const std::size_t end = std::min(text.find_first_of(" ,;", at), text.size());
        names.push_back(fmt::format("\"{}\"", escape_unprintable(text.substr(at, end - at))));
        at = end;
    }
    if (names.size() == 1) return problem("not a host", fmt::format("write {}", names.front()));
    return problem("more than one host", fmt::format("write [{}]", fmt::join(names, ", ")));
}

// The addresses of other servers and of docker: a URL, options after the address, several in one text.
std::optional<ValueProblem> find_foreign_address(std::string_view text) {
    const std::size_t scheme = text.find("://");
    if (scheme != std::string_view::npos) {
        const std::string_view rest = text.substr(scheme + 3);
        const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
        if (read_address(authority)) return ValueProblem{"a URL, not an address", fmt::format("write {}", authority)};
        return ValueProblem{"a URL, not an address", "write HOST:PORT"};
    }
    const std::size_t end = text.find_first_of(" ,;/");
    const std::string_view first = text.substr(0, end);
    if (end == std::string_view::npos || !read_address(first)) return std::nullopt;
    const std::string_view rest = text.substr(std::min(text.find_first_not_of(" ,;", end), text.size()));
    const std::string_view second = rest.substr(0, rest.find_first_of(" ,;"));
    if (!second.empty() && read_address(second))
        return ValueProblem{"more than one address", fmt::format("write [\"{}\", \"{}\"]", first, second)};
    if (rest.starts_with("ssl") || rest.starts_with("tls"))
        return ValueProblem{"an address and more", "basehttpd has no TLS; leave out what follows the port"};
    return ValueProblem{"an address and more", fmt::format("leave out what follows the port: write {}", first)};
}

}  // namespace

std::expected<std::uint64_t, ValueProblem> parse_size(std::string_view text) {
    std::string upper(text);
    if (text.ends_with('k') || text.ends_with('m') || text.ends_with('g'))
        upper.back() = static_cast<char>(upper.back() - 'a' + 'A');
    auto size = parse_with_unit(upper, kSizeUnits, kSizeForm);
    if (size || !size.error().hint.empty()) return size;
    if (const auto meant = read_loose_size(text)) size.error().hint = fmt::format("write {}", format_size(*meant));
    return size;
}

std::expected<std::chrono::milliseconds, ValueProblem> parse_duration(std::string_view text) {
    if (text == "0") return std::chrono::milliseconds(0);
    auto value = parse_with_unit(text, kTimeUnits, kTimeForm);
    if (value) return std::chrono::milliseconds(*value);
    if (!value.error().hint.empty()) return std::unexpected(value.error());
    const auto number = split_number(text);
    if (number && number->second.empty())
        return problem("a number without its unit",
                       fmt::format("write {0}s for seconds, {0}ms for milliseconds", text));
    if (const auto meant = read_loose_duration(text))
        value.error().hint = fmt::format("write {}", format_duration(*meant));
    return std::unexpected(value.error());
}

std::expected<std::uint64_t, ValueProblem> parse_count(std::string_view text) {
    if (auto general = find_number_problem(text)) return std::unexpected(*std::move(general));
    const auto number = split_number(text);
    if (number && number->second.empty()) return number->first;
    const auto meant = read_loose_count(text);
    return problem("not a whole number", meant ? fmt::format("write {}", *meant) : "");
}

std::expected<bool, ValueProblem> parse_switch(std::string_view text) {
    const std::string word = to_lower(text);
    const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
        return std::ranges::find(words, word) != words.end();
    };
    if (is_one_of({"true", "yes", "on"})) return true;
    if (is_one_of({"false", "no", "off"})) return false;
    if (is_one_of({"1", "y", "t", "enable", "enabled"})) return problem("neither true nor false", "write true");
    if (is_one_of({"0", "n", "f", "disable", "disabled", "none", "never"}))
        return problem("neither true nor false", "write false");
    return problem("neither true nor false");
}

std::expected<ListenAddress, ValueProblem> parse_listen_address(std::string_view text) {
    auto address = read_address(text);
    if (address) return address;
    if (auto better = find_foreign_address(text)) return std::unexpected(*std::move(better));
    return address;
}

std::expected<std::string, ValueProblem> parse_host(std::string_view text) {
    const std::string host = to_lower(text);
    if (const auto ip6 = normalize_ip6(host))
        return problem("not a host: write IPv6 in brackets", fmt::format("write \"[{}]\"", *ip6));
    if (host.starts_with('[') && host.ends_with(']')) {
        if (const auto ip6 = normalize_ip6(std::string_view(host).substr(1, host.size() - 2)))
            return fmt::format("[{}]", *ip6);
    }
    const std::string_view name = std::string_view(host).substr(host.starts_with("*.") ? 2 : 0);
    if (is_host_name(name)) return host;
    if (const std::size_t end = host.find_first_of(" ,;"); end != std::string::npos && end > 0)
        return explain_several_hosts(host);
    if (host.ends_with('.') && is_host_name(name.substr(0, name.size() - 1)))
        return problem("not a host",
                       fmt::format("leave out the '.' at its end: write {}", host.substr(0, host.size() - 1)));
    if (host.contains('*'))
        return problem("not a host: '*' must be alone or the whole first part", "like \"*.example.org\"");
    if (host.contains("://")) return problem("a URL, not a host", "write the name alone");
    if (host.contains(':')) return problem("not a host: a port belongs to 'listen'", "write the name alone");
    const bool ascii = std::ranges::all_of(host, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!ascii) return problem("not a host as browsers send it", "write its ASCII form, which begins with xn--");
    return problem("not a host", "letters, digits, '-' and '.' make a host name");
}

std::string format_size(std::uint64_t bytes) {
    return bytes == 0 ? "0" : format_with_unit(bytes, kSizeUnits);
}

std::string format_duration(std::chrono::milliseconds duration) {
    const auto count = duration.count();
    return count <= 0 ? "0" : format_with_unit(static_cast<std::uint64_t>(count), kTimeUnits);
}

}  // namespace basehttpd
