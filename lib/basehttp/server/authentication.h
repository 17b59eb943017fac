// Authentication: who a client must prove to be before a route answers it. Made before the server starts; its
// process's connections share it.
#pragma once

#include <cstdint>
#include <string_view>

#include "basehttp/io/task.h"
#include "basehttp/protocol/credentials.h"

namespace basehttp {

struct ServerContext;

class Authentication {
  public:
    /// `overloaded`: too many others are being checked, and this one was not.
    enum class Verdict : std::uint8_t { right, wrong, overloaded };

    virtual ~Authentication() = default;

    /// The value of WWW-Authenticate (RFC 9110, 11.6.1).
    virtual std::string_view challenge() const = 0;

    /// Whether `given` are right. `context` is that of the connection.
    virtual Task<Verdict> check(ServerContext& context, Credentials given) = 0;
};

}  // namespace basehttp
