// The head of a response, appended to a buffer (RFC 9112, section 4). Pure formatting: what to send and in which
// order is ResponseWriter's affair.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "basehttp/protocol/fields.h"

namespace basehttp {

/// `HTTP/1.1 200 OK CRLF`. The server's own version is always 1.1 (RFC 9110, 2.5). Control bytes in `phrase` become
/// spaces.
void append_status_line(std::string& out, int status, std::string_view phrase);

/// `name: value CRLF`. Control bytes in either become spaces, so that no text can end the line early.
void append_field_line(std::string& out, std::string_view name, std::string_view value);

/// The same with a number for its value.
void append_field_line(std::string& out, std::string_view name, std::uint64_t value);

/// A whole interim response (RFC 9110, 15.2): status line, `fields` and the empty line.
void append_interim_response(std::string& out, int status, std::string_view phrase,
                             std::span<const FieldLine> fields);

}  // namespace basehttp
