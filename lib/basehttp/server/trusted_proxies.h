// TrustedProxies: whose word about the client of a request is taken, and in which fields. Set before the server
// starts and only read after that. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "basehttp/io/address_range.h"
#include "basehttp/io/client_address.h"
#include "basehttp/protocol/fields.h"

namespace basehttp {

/// What is known of a request that came through proxies.
struct Forwarding {
    ClientAddress client;
    std::string_view host{};    ///< with its port if any, as the client asked for it; empty: as in the request
    std::string_view scheme{};  ///< `http` or `https`, as the client used it; empty: nobody says
};

/// A proxy passes on each field that it does not set itself: one that is read here and not set by all of the proxies
/// is any client's word. So each is named.
struct ForwardingFields {
    bool x_forwarded_for = true;
    bool x_forwarded_proto = false;
    bool x_forwarded_host = false;
    bool forwarded = false;  ///< RFC 7239; then the others are not read

    friend bool operator==(const ForwardingFields&, const ForwardingFields&) = default;
};

struct TrustedProxies {
    std::vector<AddressRange> networks{};
    bool unix_sockets = false;  ///< whoever can connect to a unix socket is trusted
    ForwardingFields fields{};

    bool empty() const { return networks.empty() && !unix_sockets; }
    bool trusts(const ClientAddress& address) const;

    /// The request of `peer`, which is trusted or its own client. The client is the last hop that is not trusted,
    /// seen from here; where all are, the first one. A hop that is not an address ends the search: the client is the
    /// one that reported it. Host and scheme are from the outermost trusted proxy that gives them; what is none is
    /// left out. The views are into `request_fields`.
    Forwarding forwarding(const ClientAddress& peer, const Fields& request_fields) const;
};

}  // namespace basehttp
