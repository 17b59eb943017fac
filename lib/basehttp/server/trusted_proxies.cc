#include "basehttp/server/trusted_proxies.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "basehttp/protocol/forwarded.h"
#include "basehttp/protocol/host.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// Calls `visit(member)` for each member of the list field `name`, the last one first, until it returns false.
template <typename Visit>
void for_each_from_the_end(const Fields& fields, std::string_view name, Visit visit) {
    for (auto line = std::reverse_iterator(fields.end()); line != std::reverse_iterator(fields.begin()); ++line) {
        if (!equals_ignoring_case(line->name, name)) continue;
        std::string_view rest = line->value;
        while (const auto member = take_last_member(rest)) {
            if (!visit(*member)) return;
        }
    }
}

std::string_view last_member(const Fields& fields, std::string_view name) {
    std::string_view last;
    for_each_from_the_end(fields, name, [&last](std::string_view member) {
        last = member;
        return false;
    });
    return last;
}

std::optional<ClientAddress> address_of(std::string_view node) {
    const auto parsed = parse_forwarded_node(node);
    if (!parsed) return std::nullopt;
    auto address = ClientAddress::parse(parsed->address);
    if (!address) return std::nullopt;
    address = address->unmapped();
    address->port = parsed->port;
    return address;
}

std::string_view scheme_of(std::string_view text) {
    for (const std::string_view scheme : {"http", "https"}) {
        if (equals_ignoring_case(text, scheme)) return scheme;
    }
    return {};
}

// Follows the hops of a request, from the nearest one outwards.
class Hops {
  public:
    Hops(const TrustedProxies& proxies, const ClientAddress& peer) : proxies_(proxies), told_{.client = peer} {}

    // Whether the one that comes before is to be looked at.
    bool add(std::string_view node) {
        const auto address = address_of(node);
        if (!address) return false;
        told_.client = *address;
        return proxies_.trusts(*address);
    }

    bool add_element(std::string_view text) {
        const auto element = parse_forwarded_element(text);
        if (!element) return false;
        take_host(element->host);
        take_scheme(element->proto);
        return add(element->node);
    }

    void take_host(std::string_view host) {
        if (is_host_and_port(host)) told_.host = host;
    }

    void take_scheme(std::string_view proto) {
        if (const auto scheme = scheme_of(proto); !scheme.empty()) told_.scheme = scheme;
    }

    const Forwarding& told() const { return told_; }

  private:
    const TrustedProxies& proxies_;
    Forwarding told_;
};

}  // namespace

bool TrustedProxies::trusts(const ClientAddress& address) const {
    if (address.family == ClientAddress::Family::none) return unix_sockets;
    return std::ranges::any_of(networks, [&](const AddressRange& range) { return range.contains(address); });
}

Forwarding TrustedProxies::forwarding(const ClientAddress& peer, const Fields& request_fields) const {
    Hops hops(*this, peer);
    if (!trusts(peer)) return hops.told();
    if (fields.forwarded) {
        for_each_from_the_end(request_fields, "Forwarded",
                              [&hops](std::string_view element) { return hops.add_element(element); });
        return hops.told();
    }
    if (fields.x_forwarded_for) {
        for_each_from_the_end(request_fields, "X-Forwarded-For",
                              [&hops](std::string_view node) { return hops.add(node); });
    }
    if (fields.x_forwarded_proto) hops.take_scheme(last_member(request_fields, "X-Forwarded-Proto"));
    if (fields.x_forwarded_host) hops.take_host(last_member(request_fields, "X-Forwarded-Host"));
    return hops.told();
}

}  // namespace basehttp
