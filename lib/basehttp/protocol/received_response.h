// ReceivedResponse: a response that another server has sent, as its head says it. The views point into the buffer
// that holds the head, and are valid as long as that stays where it is.
#pragma once

#include <string_view>

#include "basehttp/protocol/fields.h"
#include "basehttp/protocol/version.h"

namespace basehttp {

struct ReceivedResponse {
    Version version = kHttp11;
    int status = 0;           ///< 100 to 999
    std::string_view reason;  ///< may be empty
    Fields fields;

    /// An interim response, which another one follows (RFC 9110, 15.2). 101 is final: the protocol changes.
    bool is_interim() const { return status < 200 && status != 101; }

    /// Forgets the response and keeps the memory.
    void clear() {
        version = kHttp11;
        status = 0;
        reason = {};
        fields.clear();
    }
};

}  // namespace basehttp
