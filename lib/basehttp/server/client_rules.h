// ClientRules: which clients a route is for, by their addresses. Part of a Route; made before the server starts and
// only read after that.
#pragma once

#include <vector>

#include "basehttp/io/address_range.h"
#include "basehttp/io/client_address.h"

namespace basehttp {

/// The range with the longest prefix that contains a client decides; of two alike, the one in `deny`. A client in
/// none is admitted unless there is an `allow`. One without an address, on a unix socket, is in none.
struct ClientRules {
    std::vector<AddressRange> allow{};
    std::vector<AddressRange> deny{};

    bool empty() const { return allow.empty() && deny.empty(); }
    bool admit(const ClientAddress& client) const;
};

}  // namespace basehttp
