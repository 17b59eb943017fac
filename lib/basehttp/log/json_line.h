// JsonLine: an access record as one JSON object on one line (RFC 8259), its keys always the same and in the same
// order; basehttpd.yaml(5) lists them. Invalid UTF-8 becomes U+FFFD, and what could end a line or steer a terminal is
// escaped. It keeps texts of times from line to line: for one thread at a time.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/log/access_record.h"
#include "basehttp/log/timestamp.h"

namespace basehttp {

/// Whether a format is `json`, alone or followed by the names of what is captured.
constexpr bool is_json_format(std::string_view format) {
    return format == "json" || format.starts_with("json ");
}

class JsonLine {
  public:
    /// Appends the object, without a line end.
    void append(std::string& out, const AccessRecord& record);

  private:
    Timestamp time_;
};

}  // namespace basehttp
