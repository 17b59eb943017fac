// ReverseLines: the lines of a plain file from its last to its first, so that the last few of a large log cost
// nothing. Owned by who asks for last lines.
#pragma once

#include <cstdint>
#include <string>

#include "basehttp/io/unique_fd.h"
#include "daemon/ctl/logs/sources/line_splitter.h"

namespace basehttpd {

class ReverseLines {
  public:
    /// Reads `fd` backwards from byte `end`. A file that shrinks meanwhile is one that begins later.
    ReverseLines(basehttp::UniqueFd fd, std::uint64_t end) : fd_(std::move(fd)), offset_(end) {}

    /// The line before, valid until the next call, without a number; false at the beginning of the file.
    bool next(SplitLine& line);

  private:
    bool prepend_block();
    void give(SplitLine& line, std::size_t start);

    basehttp::UniqueFd fd_;
    std::uint64_t offset_;  // of buffer_ in the file
    std::string buffer_;    // what lies before the line that was given last
    std::string current_;
    bool first_ = true;
    bool ended_ = false;  // whether the line at the end of buffer_ has a line end
    bool too_long_ = false;
};

}  // namespace basehttpd
