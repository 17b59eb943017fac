// FileSink: lines on their way to one descriptor: a file, standard output, standard error. The logger adds lines and
// flushes them as one write. A sink that fails loses lines, never parts of lines, and counts them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace basehttpd {

class FileSink {
  public:
    /// `fd` stays the caller's.
    FileSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

    /// Where a line is appended to; it must end with a line end.
    std::string& batch() { return batch_; }

    /// What became of a flush.
    enum class Outcome : std::uint8_t { good, began_to_fail, failing, recovered };

    /// Writes the batch. Lines that cannot be written are dropped and counted.
    Outcome flush();

    const std::string& name() const { return name_; }
    std::uint64_t lost_lines() const { return lost_lines_; }

    /// errno of the last failure.
    int failure() const { return failure_; }

  private:
    bool write_batch();
    bool wait_until_writable() const;
    void drop_unwritten(std::size_t written);

    int fd_;
    std::string name_;
    std::string batch_;
    std::uint64_t lost_lines_ = 0;
    int failure_ = 0;
    bool failing_ = false;
    bool torn_ = false;  // the last line went out in part and could not be taken back
};

}  // namespace basehttpd
