// Expectation: a request and the answer that an operator expects of a site, as written beside its routes. A plain
// value.
#pragma once

#include <string>

#include "daemon/config/config_position.h"

namespace basehttpd {

struct Expectation {
    std::string written{};
    std::string method{};
    std::string host{};    ///< with its port, if any; empty: that of the site
    std::string target{};  ///< path and query
    int status = 0;
    std::string location{};  ///< of a redirect; empty: any
    ConfigPosition where{};
};

}  // namespace basehttpd
