// Persistence: does the peer want the connection kept after this message? (RFC 9112, 9.3)
#pragma once

#include "basehttp/protocol/request.h"

namespace basehttp {

/// HTTP/1.1 persists unless the peer says `close`; HTTP/1.0 only where it says `keep-alive`; HTTP/0.9 never.
/// `close` wins over `keep-alive`.
inline bool wants_persistence(const Fields& fields, Version version) {
    if (version < kHttp10 || fields.lists(KnownField::connection, "close")) return false;
    return version >= kHttp11 || fields.lists(KnownField::connection, "keep-alive");
}

inline bool wants_persistence(const Request& request) {
    return wants_persistence(request.fields, request.version);
}

}  // namespace basehttp
