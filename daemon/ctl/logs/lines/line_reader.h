// LineReader: turns a line of an access log into a LogRecord and finds out by itself which format it has: JSON, one
// of those that the configuration names for the file, or one of the usual ones. One for each log that is read.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/logs/lines/json_line.h"
#include "daemon/ctl/logs/lines/log_record.h"
#include "daemon/ctl/logs/lines/text_format.h"

namespace basehttpd {

class LineReader {
  public:
    /// `formats` are tried before the usual ones; one that cannot be read back is left out.
    explicit LineReader(std::span<const std::string> formats = {});

    /// Reads a line without its end, behind which kLinePadding bytes are readable; nullptr where it has none of the
    /// formats. The record is valid until the next call.
    const LogRecord* read(std::string_view line);

    /// Whether the last line that was read is JSON.
    bool last_was_json() const { return last_was_json_; }

  private:
    std::vector<TextFormat> formats_;
    std::size_t last_ = 0;  // the format of the last line, tried first
    JsonLine json_;
    LogRecord record_;
    bool last_was_json_ = false;
};

/// A line that comes from elsewhere than a LineSplitter, with the padding that reading it takes.
class PaddedLine {
  public:
    explicit PaddedLine(std::string_view line) : text_(line), size_(line.size()) {
        text_.resize(size_ + kLinePadding);
    }
    std::string_view view() const { return {text_.data(), size_}; }

  private:
    std::string text_;
    std::size_t size_;
};

}  // namespace basehttpd
