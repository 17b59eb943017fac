// Persistence: does the client want the connection kept after this request? (RFC 9112, 9.3)
#pragma once

#include "basehttp/protocol/request.h"

namespace basehttp {

/// HTTP/1.1 persists unless the client says `close`; HTTP/1.0 only where it says `keep-alive`; HTTP/0.9 never.
/// `close` wins over `keep-alive`.
inline bool wants_persistence(const Request& request) {
    if (request.version < kHttp10 || request.fields.lists(KnownField::connection, "close")) return false;
    return request.version >= kHttp11 || request.fields.lists(KnownField::connection, "keep-alive");
}

}  // namespace basehttp
