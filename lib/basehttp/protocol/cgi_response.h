// What the fields of a program's response mean in the place of a status line (RFC 3875, 6.2 and 6.3). Pure.
#pragma once

#include <expected>

#include "basehttp/protocol/received_response.h"
#include "basehttp/protocol/refusal.h"

namespace basehttp {

/// Sets status and reason, and takes Status out of the fields. Refused is what is no response by these rules, and a
/// local redirect, since requests are not served anew here: a Location that is a path, without a Status.
std::expected<void, Refusal> take_cgi_fields(ReceivedResponse& response);

}  // namespace basehttp
