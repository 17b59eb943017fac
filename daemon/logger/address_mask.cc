#include "daemon/logger/address_mask.h"

#include <algorithm>
#include <optional>

#include "basehttp/text/ascii.h"

namespace basehttpd {
namespace {

using basehttp::ClientAddress;

bool may_be_of_address(char c) {
    return basehttp::hex_value(c) >= 0 || c == '.' || c == ':';
}

// The address that `run` is, or an IPv4 one with its port.
std::optional<ClientAddress> address_in(std::string_view run) {
    if (auto address = ClientAddress::parse(run)) return address;
    const std::size_t colon = run.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto address = ClientAddress::parse(run.substr(0, colon));
    if (address && address->family != ClientAddress::Family::ipv4) address.reset();
    return address;
}

// A full stop or a colon that is no part of the address beside it; `::` is one.
bool begins_with_punctuation(std::string_view run) {
    return run.starts_with('.') || (run.starts_with(':') && !run.starts_with("::"));
}

bool ends_with_punctuation(std::string_view run) {
    return run.ends_with('.') || (run.ends_with(':') && !run.ends_with("::"));
}

// The port behind `[address]`, with its colon.
std::size_t size_of_port(std::string_view rest) {
    if (!rest.starts_with("]:")) return 0;
    const auto digits = std::ranges::find_if_not(rest.substr(2), basehttp::is_digit);
    return static_cast<std::size_t>(digits - rest.begin()) - 1;
}

}  // namespace

const basehttp::AccessRecord& AddressMask::masked(const basehttp::AccessRecord& record) {
    record_ = record;
    record_.client = record.client.masked(privacy_.ipv4, privacy_.ipv6);
    record_.peer = record.peer.masked(privacy_.ipv4, privacy_.ipv6);
    captured_.clear();
    record.captured.for_each([this](const basehttp::Captured::Entry& entry) {
        basehttp::Captured::append(captured_, entry.kind, entry.name, masked(entry.value));
    });
    record_.captured = basehttp::Captured::of(captured_);
    return record_;
}

std::string AddressMask::masked(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
        const auto first = std::ranges::find_if(text, may_be_of_address);
        const auto last = std::find_if_not(first, text.end(), may_be_of_address);
        std::string_view run(first, last);
        std::size_t after = 0;  // punctuation behind it
        out.append(text.begin(), first);
        text.remove_prefix(static_cast<std::size_t>(last - text.begin()));
        for (; begins_with_punctuation(run); run.remove_prefix(1))
            out += run.front();
        for (; ends_with_punctuation(run); run.remove_suffix(1))
            ++after;
        const auto address = address_in(run);
        if (!address) {
            out.append(run.data(), run.size() + after);
            continue;
        }
        address->masked(privacy_.ipv4, privacy_.ipv6).append_to(out);
        out.append(run.data() + run.size(), after);
        if (const std::size_t port = size_of_port(text); port > 0) {
            out += ']';
            text.remove_prefix(1 + port);
        }
    }
    return out;
}

}  // namespace basehttpd
