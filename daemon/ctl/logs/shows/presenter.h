// Presenter: shows lines of a log one by one, in the shape that was asked for. Owned by the command.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/ctl/logs/lines/log_record.h"
#include "daemon/ctl/logs/shows/standard_output.h"
#include "daemon/ctl/logs/shows/terminal.h"

namespace basehttpd {

/// How lines are shown.
enum class Shape : std::uint8_t {
    received,  ///< as they are; on a terminal with what would disturb it escaped
    json,
    columns,
};

class Presenter {
  public:
    Presenter(Shape shape, const Terminal& terminal, StandardOutput& output)
        : shape_(shape), terminal_(terminal), output_(output) {}

    /// Shows a line; `record` is nullptr where it could not be read, and `is_json` tells that it is JSON itself.
    /// False once nobody reads any more.
    bool show(std::string_view line, const LogRecord* record, bool is_json);

  private:
    Shape shape_;
    Terminal terminal_;
    StandardOutput& output_;
    std::string text_;
};

}  // namespace basehttpd
