#include "basehttp/server/client_limit.h"

namespace basehttp {

bool ClientLimit::enter(const ClientAddress& address) {
    if (address.family == ClientAddress::Family::none) return true;
    const std::uint64_t client = ClientCounts::client_at(address, seed_);
    const std::size_t here = own_.count(client);
    if (here != 0 && here + elsewhere(client) >= most_) return false;
    own_.add(client);
    return true;
}

void ClientLimit::leave(const ClientAddress& address) {
    if (address.family == ClientAddress::Family::none) return;
    own_.remove(ClientCounts::client_at(address, seed_));
}

}  // namespace basehttp
