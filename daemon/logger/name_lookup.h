// What a client's address is called, by the resolver of the system. Runs in the logger's lookup threads: it may take
// as long as a name server does.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/io/client_address.h"

namespace basehttpd {

/// The address's name in lower case, or empty. The name is its owner's to choose, so it counts only where it is that
/// of a host, and where its own addresses have this one among them.
std::string look_up_name(const basehttp::ClientAddress& address);

/// Whether `name` is one of a host: labels of letters, digits, hyphens and underscores, the last not a number.
bool is_host_name(std::string_view name);

}  // namespace basehttpd
