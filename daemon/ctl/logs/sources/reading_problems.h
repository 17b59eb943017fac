// ReadingProblems: what could not be read, gathered while a command works and told at its end. Owned by the command.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace basehttpd {

class ReadingProblems {
  public:
    /// A line that is not of any known format, or torn; `why` may be empty.
    void add_line(std::string_view file, std::uint64_t number, std::string_view why);

    /// A file that could not be opened, or not be read to its end.
    void add_failure(std::string_view file, std::string_view why);

    /// A line that was read; `advice` about it, which may be empty, is told once for each log.
    void note_read(std::string_view log, std::string_view advice) {
        any_read_ = true;
        if (!advice.empty()) add_advice(log, advice);
    }

    /// Takes over the failures of `others`, without their lines.
    void add_failures_of(const ReadingProblems& others);

    bool has_failures() const { return !failures_.empty(); }

    /// Whether there were lines, and none of them could be read.
    bool none_could_be_read() const { return lines_ > 0 && !any_read_; }

    /// Lines of text for standard error, made safe for a terminal; empty where all was well.
    std::string text() const;

  private:
    void add_advice(std::string_view log, std::string_view advice);

    std::set<std::string, std::less<>> advised_;  // logs
    std::string advice_;
    bool any_read_ = false;
    std::uint64_t lines_ = 0;
    std::vector<std::string> first_lines_;
    std::vector<std::string> failures_;
    std::uint64_t more_failures_ = 0;
};

}  // namespace basehttpd
