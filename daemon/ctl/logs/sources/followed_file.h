// FollowedFile: a log file that is read as it grows. Owned by a Follower.
//
// One that shrinks, or whose last bytes are others than those that were read, was written anew (logrotate's
// `copytruncate`): it is read from its start.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "basehttp/io/unique_fd.h"

namespace basehttpd {

class FollowedFile {
  public:
    /// Called with a line without its end, behind which kLinePadding bytes are readable.
    using OnLine = std::function<void(std::string_view line)>;
    using OnNotice = std::function<void(std::string_view text)>;

    FollowedFile(basehttp::UniqueFd fd, dev_t device, ino_t inode, int watch);

    /// Passes over the lines that are there, but for one whose end is not written yet.
    void skip_lines();

    /// Gives the lines that came since the last time.
    void read_on(const OnLine& on_line, const OnNotice& on_notice);

    bool is(dev_t device, ino_t inode) const { return device_ == device && inode_ == inode; }
    ino_t inode() const { return inode_; }
    int watch() const { return watch_; }
    std::uint64_t offset() const { return offset_; }
    bool is_within_line() const { return !rest_.empty() || skipping_; }

    /// When it was last written, in microseconds since 1970.
    std::int64_t changed_us() const;

  private:
    std::uint64_t size() const;
    bool has_been_rewritten() const;
    void remember_tail(std::string_view bytes);
    void give_lines(std::string_view bytes, const OnLine& on_line, const OnNotice& on_notice);

    basehttp::UniqueFd fd_;
    dev_t device_;
    ino_t inode_;
    int watch_;
    std::uint64_t offset_ = 0;
    std::string tail_;       // the bytes before offset_, up to kTailSize
    std::string rest_;       // of a line whose end is not written yet
    bool skipping_ = false;  // the rest of a line that is too long
};

}  // namespace basehttpd
