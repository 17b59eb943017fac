// Cors: which scripts of other origins may read a route's responses, as browsers ask (Fetch, CORS protocol). Made at
// start, read by every request on the route.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/protocol/request.h"

namespace basehttp {

struct CorsRules {
    /// `https://example.org:8443`, `https://*.example.org` for all names below that, or `*`; in lower case.
    std::vector<std::string> origins{};
    std::vector<std::string> methods{};                  ///< that scripts may use; none: those of the route
    std::vector<std::string> headers{};                  ///< fields that scripts may send, or `*`
    std::vector<std::string> expose{};                   ///< fields that scripts may read, or `*`
    std::optional<std::chrono::milliseconds> max_age{};  ///< how long a browser may keep the answer to a preflight
    bool credentials = false;                            ///< whether requests may carry cookies and passwords

    bool operator==(const CorsRules&) const = default;
};

class Cors {
  public:
    /// Throws std::invalid_argument where there are no origins, and for any origin with credentials: every site could
    /// then act as the user.
    Cors(const CorsRules& rules);  // NOLINT(google-explicit-constructor): rules become ready by themselves

    /// Whether a browser asks if it may send a request.
    static bool is_preflight(const Request& request);

    /// The field lines of every response.
    std::string field_lines(const Fields& request) const;

    /// Those that the answer to a preflight has beside them. `methods`: the route's, as Allow has them.
    std::string preflight_lines(const Fields& request, std::string_view methods) const;

  private:
    bool admits(std::string_view origin) const;

    std::vector<std::string> origins_;
    bool any_;
    std::string admission_;  // lines for an origin that is admitted, beside its name
    std::string methods_;
    std::string preflight_;  // lines beside that of the methods
};

}  // namespace basehttp
