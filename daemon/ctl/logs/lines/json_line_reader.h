// JsonLineReader: reads a line of `format: json` into a LogRecord. Keys may come in any order, unknown ones are
// passed over, so that lines of an older or newer daemon can be read. Owned by a LineReader.
#pragma once

#include <memory>
#include <string_view>

#include "basehttp/log/json_line.h"
#include "daemon/ctl/logs/lines/log_record.h"

namespace basehttpd {

/// So many bytes behind a line must be readable; what they hold does not matter.
inline constexpr std::size_t kLinePadding = 64;

using basehttp::is_json_format;

class JsonLineReader {
  public:
    JsonLineReader();
    ~JsonLineReader();
    JsonLineReader(JsonLineReader&&) noexcept;
    JsonLineReader& operator=(JsonLineReader&&) noexcept;

    /// Reads a line without its end, behind which kLinePadding bytes are readable. The record's views are into this
    /// object's memory, until the next call. False, with the record in any state, where it is no such line.
    bool read(std::string_view line, LogRecord& record);

  private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace basehttpd
