// The field lines of a head, of requests and responses alike (RFC 9112, section 5). Pure.
//
//     field-line = field-name ":" OWS field-value OWS
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

#include "basehttp/protocol/fields.h"
#include "basehttp/protocol/refusal.h"

namespace basehttp {

inline bool has_line_end_at(std::size_t at, std::string_view text) {
    return at + 1 < text.size() && text[at] == '\r' && text[at + 1] == '\n';
}

/// Takes whole field lines of the usual kind from the front of `received`, each in one step, and gives their size. At
/// the first that is anything else, cut short, past a limit or the end of the fields, it leaves off: that one is for
/// take_field_line(). `most_lines` bounds all of `fields`; 0: no limit.
std::size_t take_usual_field_lines(std::string_view received, std::size_t most_lines, std::size_t most_bytes,
                                   Fields& fields);

/// Takes one line, without its end. `most_lines` as above.
std::expected<void, Refusal> take_field_line(std::string_view line, std::size_t most_lines, Fields& fields);

}  // namespace basehttp
