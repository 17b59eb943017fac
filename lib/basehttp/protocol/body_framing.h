// BodyFraming: how long is the content of a message? Every rule against request smuggling stands in this file
// (RFC 9112, section 6): where two readers could come to different answers, the message is refused. The rules are the
// same for requests and for the responses of other servers.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "basehttp/protocol/received_response.h"
#include "basehttp/protocol/refusal.h"
#include "basehttp/protocol/request.h"

namespace basehttp {

struct BodyFraming {
    enum class Kind : std::uint8_t {
        none,
        length,
        chunked,
        until_close,  ///< of responses alone: content ends where the connection does
    };
    Kind kind = Kind::none;
    std::uint64_t length = 0;  ///< bytes; for `length` alone, and more than 0
};

/// The value of a Content-Length field.
std::expected<std::uint64_t, Refusal> parse_content_length(std::string_view text);

/// Decides from the fields of a complete request how its content is framed. After a refusal nobody can tell where the
/// next request starts: the connection must be closed.
std::expected<BodyFraming, Refusal> decide_body_framing(const Request& request);

/// The same for the response to a request. `to_head`: that was HEAD. After a refusal the connection must be closed.
std::expected<BodyFraming, Refusal> decide_body_framing(const ReceivedResponse& response, bool to_head);

/// Whether the client waits for `100 Continue` before it sends the content (RFC 9110, 10.1.1).
std::expected<bool, Refusal> expects_continue(const Request& request);

}  // namespace basehttp
