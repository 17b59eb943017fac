// AnsweredBy: what gave a request its answer: the handler of its route, or a rule in its stead. Noted by the
// Dispatcher where ServerContext::answered_by asks for it, for those who explain an answer.
#pragma once

#include <cstdint>

namespace basehttp {

/// In the order in which a request comes to them.
enum class AnsweredBy : std::uint8_t {
    refusal,         ///< it breaks a rule of the protocol, or of Limits
    quarantine,      ///< it has crashed other workers
    no_site,         ///< no site is for its host
    strictness,      ///< Site::strictness
    asterisk,        ///< `OPTIONS *`
    canonical_host,  ///< Site::canonical_host
    folder,          ///< the route is for what lies below its path
    clients,         ///< Route::clients
    preflight,       ///< Route::cors
    no_route,        ///< no route is for its path
    unknown_method,  ///< nobody implements its method
    methods,         ///< the route has not its method
    authentication,  ///< Route::authentication
    handler,
};

}  // namespace basehttp
