// Whether a unit of systemd lets its service give a unix socket the owner and the group that `listen` names. A part
// of `basehttpd check --as-service`.
#pragma once

#include <string>
#include <vector>

#include "daemon/check/service_limits.h"
#include "daemon/config/config.h"

namespace basehttpd {

struct SocketOwnerProblem {
    ConfigPosition where;
    std::string message;
    std::string hint;
    std::string setting;  ///< what a drop-in's [Service] would say to mend it; empty: nothing would
};

std::vector<SocketOwnerProblem> check_socket_owner(const ListenConfig& listen, const ServiceLimits& limits);

}  // namespace basehttpd
