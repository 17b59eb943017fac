// LineReader: turns a line of an access log into a LogRecord and finds out by itself which format it has: JSON, one
// of those that the configuration names for the file, one of the usual ones, or one of these with more columns
// (line_shape.h). One for each log that is read.
//
// What editors, transfers and crashes do to lines does not keep them from being read: a CR at the end, a byte order
// mark at the start, blanks around the line, and the run of NUL bytes that a crash, or a truncation under a writer
// that does not append, leaves before a line.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/logs/lines/json_line_reader.h"
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

    /// Whether the last line that was read shows by itself that nothing is missing at its end.
    bool last_was_whole() const { return last_was_json_ || formats_[last_].ends_with_literal(); }

    /// A sentence about columns whose meaning is not known, and how to name it; empty where there are none.
    const std::string& advice() const { return advice_; }

  private:
    const LogRecord* read_whole(std::string_view line);
    const LogRecord* read_damaged(std::string_view line);

    std::vector<TextFormat> formats_;
    std::size_t last_ = 0;  // the format of the last line, tried first
    JsonLineReader json_;
    LogRecord record_;
    std::string advice_;
    bool last_was_json_ = false;
    bool any_read_ = false;
};

/// Whether a line holds no more than blanks, line ends and NUL bytes: there is nothing to read in it, and nothing to
/// complain of.
bool is_blank_line(std::string_view line);

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
