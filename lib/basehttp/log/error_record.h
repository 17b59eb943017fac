// ErrorRecord: one line of the error log before it is a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "basehttp/log/request_id.h"
#include "basehttp/log/severity.h"

namespace basehttp {

struct ErrorRecord {
    std::int64_t time_ns = 0;  ///< since 1970
    Severity severity = Severity::error;
    std::string_view text;    ///< may hold any byte: it is escaped when it becomes a line
    RequestId request_id{};   ///< of the request that it is about, if any
    std::string_view site{};  ///< of that request: the site's first host, `*` where it has none; else empty
};

/// As for access records: size, to bytes, and back from bytes that are not trusted.
std::size_t encoded_size(const ErrorRecord& record);
void encode_record(const ErrorRecord& record, std::span<std::byte> out);
std::optional<ErrorRecord> decode_error_record(std::span<const std::byte> bytes);

/// The time of what may be a record; 0 where it is too short for one.
std::int64_t time_of_error_record(std::span<const std::byte> bytes);

/// Appends `2026-11-23T06:20:00.123+0000 [error] ORIGIN: text, id 5e8a01c7-1f-2` and a line end; the id where there
/// is one. `origin` names the process.
void append_error_line(std::string& out, const ErrorRecord& record, std::string_view origin);

/// Appends the part of that line from ORIGIN on, without its end.
void append_error_text(std::string& out, const ErrorRecord& record, std::string_view origin);

}  // namespace basehttp
