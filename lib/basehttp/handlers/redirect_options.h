// RedirectOptions: where a route's clients are sent. A plain value.
#pragma once

#include <string>

namespace basehttp {

struct RedirectOptions {
    std::string from;  ///< the route's path
    std::string to;    ///< a path or an absolute URL
    int status = 301;  ///< 301, 302, 303, 307 or 308
};

}  // namespace basehttp
