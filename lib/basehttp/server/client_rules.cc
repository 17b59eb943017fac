#include "basehttp/server/client_rules.h"

#include <algorithm>

namespace basehttp {
namespace {

// One more than the length of the longest prefix that fits; 0: none does.
unsigned best_fit(const std::vector<AddressRange>& ranges, const ClientAddress& client) {
    unsigned best = 0;
    for (const AddressRange& range : ranges) {
        if (range.contains(client)) best = std::max(best, range.bits() + 1);
    }
    return best;
}

}  // namespace

bool ClientRules::admit(const ClientAddress& client) const {
    const unsigned denied = best_fit(deny, client);
    const unsigned allowed = best_fit(allow, client);
    return denied == 0 && allowed == 0 ? allow.empty() : allowed > denied;
}

}  // namespace basehttp
