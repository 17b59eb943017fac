// HandlerConfig: what a route's handler is told, for each handler there is. A handler is a struct in a file of its
// own that has
//
//     kName                       the word in the file
//     keys()                      the table of its keys
//     H(const FilesConfig&)       what it is where nothing is said, by what the site says of its files
//     make(path, resources)       its factory, in a worker
//     problem_among(routes)       only where it must be seen beside the other routes of its site
//     problem()                   only where keys contradict each other
//     origins()                   only where requests go on to other servers: their addresses
//
// and that is named here. What it takes and refuses, prints, and is explained by follows from its table.
#pragma once

#include <variant>

#include "daemon/config/handlers/fastcgi_handler.h"
#include "daemon/config/handlers/files_handler.h"
#include "daemon/config/handlers/health_handler.h"
#include "daemon/config/handlers/proxy_handler.h"
#include "daemon/config/handlers/redirect_handler.h"
#include "daemon/config/handlers/respond_handler.h"
#include "daemon/config/handlers/status_handler.h"

namespace basehttpd {

using HandlerConfig = std::variant<FilesHandler, RedirectHandler, RespondHandler, HealthHandler, StatusHandler,
                                   ProxyHandler, FastCgiHandler>;

}  // namespace basehttpd
