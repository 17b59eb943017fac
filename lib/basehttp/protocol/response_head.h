// The head of a response, appended to a buffer (RFC 9112, section 4). Pure formatting: what to send and in which
// order is ResponseWriter's affair.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "basehttp/protocol/fields.h"
#include "basehttp/protocol/version.h"

namespace basehttp {

/// `HTTP/1.1 200 OK CRLF`. `version` is the server's own, whatever the client's (RFC 9110, 2.5). Control bytes in
/// `phrase` become spaces.
void append_status_line(std::string& out, Version version, int status, std::string_view phrase);

/// `name: value CRLF`. `name` is a token. Control bytes in `value` become spaces, so that no text can end the line
/// early.
void append_field_line(std::string& out, std::string_view name, std::string_view value);

/// The same with a number for its value.
void append_field_line(std::string& out, std::string_view name, std::uint64_t value);

/// Whether a field named `name` may stand in a trailer section: it is a token, and none of those that say how to
/// frame, route, authorise, cache or process the message, which a recipient needs before the content
/// (RFC 9110, 6.5.1).
bool may_be_trailer(std::string_view name);

/// A whole interim response (RFC 9110, 15.2): status line, `fields` and the empty line.
void append_interim_response(std::string& out, int status, std::string_view phrase,
                             std::span<const FieldLine> fields);

}  // namespace basehttp
