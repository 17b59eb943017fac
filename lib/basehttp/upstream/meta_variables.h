// The meta-variables that tell a program of a request (RFC 3875, 4.1), for CGI and what has come of it. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "basehttp/io/client_address.h"
#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/request.h"

namespace basehttp {

/// A program that was found for a request's path.
struct Script {
    std::string name{};  ///< the part of the URL's path that leads to it, decoded: `/app/index.php`
    std::string file{};  ///< its absolute path
    std::string info{};  ///< what follows in the URL's path, decoded: empty, or it begins with a slash
    std::string root{};  ///< the directory that files are served from
};

/// A request as a program is told of it.
struct ProgramRequest {
    const Request& request;
    const Script& script;
    BodyFraming content;
    ClientAddress client;
    std::string_view scheme;    ///< that the client uses, `http` or `https`
    std::string_view user;      ///< who has proved to be who; empty: nobody
    std::string_view software;  ///< the name of this server
    bool pass_authorization = false;
};

using VisitVariable = std::function<void(std::string_view name, std::string_view value)>;

/// Calls `visit` for each variable, HTTP_* included. Each name comes once: field lines of a name are joined as RFC
/// 9110, 5.3 says. Left out are fields whose name has a byte other than letters, digits and `-`, since two of them
/// could have the same variable; those of the client's connection, and those that only this server can know; Proxy,
/// since programs take HTTP_PROXY for a setting of theirs; and Authorization unless it is to be passed.
void for_each_meta_variable(const ProgramRequest& request, const VisitVariable& visit);

}  // namespace basehttp
