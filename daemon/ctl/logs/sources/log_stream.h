// LogStream: the lines of one log in order, through all of its pieces, each read into a record where that can be
// done. Opens one piece at a time. Owned by the command that reads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/logs/lines/line_reader.h"
#include "daemon/ctl/logs/sources/line_splitter.h"
#include "daemon/ctl/logs/sources/log_pieces.h"
#include "daemon/ctl/logs/sources/reading_problems.h"

namespace basehttpd {

/// A file that gets the same requests as one that is read.
struct OtherLog {
    std::string path;
    std::string format;
};

/// One log to read: its pieces, the oldest first, and the formats that its lines probably have.
struct LogToRead {
    std::string name;  ///< the current file's path, or what the user gave; `-` is standard input
    std::vector<LogPiece> pieces;
    std::vector<std::string> formats;
    bool filtered = false;           ///< `when` keeps lines out of it
    std::vector<OtherLog> others{};  ///< the configured files that get the same requests
};

class LogStream {
  public:
    /// `problems` outlives the stream, and learns of what cannot be read.
    LogStream(LogToRead log, ReadingProblems& problems);

    /// Goes to the next line; false at the end.
    bool next();

    const SplitLine& line() const { return line_; }
    const LogRecord* record() const { return record_; }  ///< nullptr where the line could not be read
    bool is_whole() const { return line_.ended || (record_ != nullptr && reader_.last_was_whole()); }
    bool is_json() const { return reader_.last_was_json(); }
    const std::string& file() const { return log_.pieces[piece_ - 1].path; }

  private:
    bool open_next_piece();

    LogToRead log_;
    ReadingProblems& problems_;
    LineReader reader_;
    std::optional<LineSplitter> splitter_;
    std::size_t piece_ = 0;  // the one after that which is open
    SplitLine line_;
    const LogRecord* record_ = nullptr;
};

/// Takes a piece's descriptor, or opens it; `-` is standard input. The error is a clause that continues "FILE: ".
std::expected<basehttp::UniqueFd, std::string> open_piece(LogPiece& piece);

}  // namespace basehttpd
