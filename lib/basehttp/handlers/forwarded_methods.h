// The methods beyond the standard ones that are passed on to programs.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "basehttp/server/handler_factory.h"

namespace basehttp {

/// Those of WebDAV and its kin (RFC 4918, RFC 3253, RFC 5323), and QUERY and PURGE; `call` answers each.
inline std::vector<Method> forwarded_methods(Task<> (*call)(RequestHandler& handler)) {
    constexpr std::array<std::string_view, 18> kNames{
        "PROPFIND",   "PROPPATCH", "MKCOL",   "COPY",  "MOVE",       "LOCK", "UNLOCK", "REPORT", "SEARCH",
        "MKCALENDAR", "CHECKOUT",  "CHECKIN", "MERGE", "MKACTIVITY", "ACL",  "BIND",   "QUERY",  "PURGE"};
    std::vector<Method> methods;
    for (const std::string_view name : kNames)
        methods.push_back({name, call});
    return methods;
}

}  // namespace basehttp
