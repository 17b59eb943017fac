// RespondOptions: what all requests of a route are answered with. A plain value.
#pragma once

#include <optional>
#include <string>

namespace basehttp {

struct RespondOptions {
    int status = 200;                   ///< 200 to 599
    std::optional<std::string> text{};  ///< the content; without it an error has its page, and others have none
    std::string type = "text/plain; charset=utf-8";  ///< of the text
    bool close = false;                              ///< no response at all: the connection is closed
};

}  // namespace basehttp
