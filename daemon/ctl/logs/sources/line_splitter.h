// LineSplitter: cuts the bytes of a ByteSource into lines. A line longer than kLongestLine is passed over without
// being kept, so that a file without line ends takes no more memory than any other. A run of NUL bytes of such a
// length is a hole, not a part of a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/logs/lines/json_line_reader.h"
#include "daemon/ctl/logs/sources/byte_source.h"

namespace basehttpd {

/// No line that the daemon writes is nearly as long.
inline constexpr std::size_t kLongestLine = 1024 * 1024;

struct SplitLine {
    std::string_view text;     ///< without its end; kLinePadding bytes behind it are readable
    std::uint64_t number = 0;  ///< in its file, from 1
    bool ended = true;         ///< false: the file stops before the line's end
    bool too_long = false;     ///< `text` is only how it begins
};

class LineSplitter {
  public:
    explicit LineSplitter(std::unique_ptr<ByteSource> source);

    /// The next line, valid until the next call; false at the end of the bytes, or where error() says why they end.
    bool next(SplitLine& line);

    /// Empty where all is well.
    const std::string& error() const { return error_; }

  private:
    bool fill();
    void skip_rest_of_line();
    bool give_long(SplitLine& line);

    std::unique_ptr<ByteSource> source_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t number_ = 0;
    std::string error_;
    bool at_end_ = false;
    bool skipping_ = false;
};

}  // namespace basehttpd
