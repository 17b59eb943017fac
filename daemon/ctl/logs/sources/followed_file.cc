#include "daemon/ctl/logs/sources/followed_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "daemon/ctl/logs/lines/json_line_reader.h"
#include "daemon/ctl/logs/sources/line_splitter.h"

namespace basehttpd {
namespace {

constexpr std::size_t kBlock = 64 * 1024;

// More than the parts of a line that are alike in all of them.
constexpr std::size_t kTailSize = 512;

// How much of the file, from its start, is whole lines.
std::uint64_t whole_lines(int fd, std::uint64_t size) {
    std::array<char, 4096> block;
    for (std::uint64_t end = size; end > 0 && size - end < kLongestLine;) {
        const std::size_t wanted = std::min<std::uint64_t>(end, block.size());
        const ssize_t got = ::pread(fd, block.data(), wanted, static_cast<off_t>(end - wanted));
        if (got != static_cast<ssize_t>(wanted)) return size;
        const std::size_t found = std::string_view(block.data(), wanted).rfind('\n');
        if (found != std::string_view::npos) return end - wanted + found + 1;
        end -= wanted;
    }
    return size < kLongestLine ? 0 : size;
}

}  // namespace

FollowedFile::FollowedFile(basehttp::UniqueFd fd, dev_t device, ino_t inode, int watch)
    : fd_(std::move(fd)), device_(device), inode_(inode), watch_(watch) {}

void FollowedFile::skip_lines() {
    offset_ = whole_lines(fd_.get(), size());
    tail_.resize(std::min<std::uint64_t>(offset_, kTailSize));
    const ssize_t got = ::pread(fd_.get(), tail_.data(), tail_.size(), static_cast<off_t>(offset_ - tail_.size()));
    if (got != static_cast<ssize_t>(tail_.size())) tail_.clear();
}

void FollowedFile::read_on(const OnLine& on_line, const OnNotice& on_notice) {
    if (has_been_rewritten()) {
        on_notice("it was truncated; reading from its start");
        offset_ = 0;
        tail_.clear();
        rest_.clear();
        skipping_ = false;
    }
    std::vector<char> block(kBlock);
    for (;;) {
        const ssize_t got = ::pread(fd_.get(), block.data(), block.size(), static_cast<off_t>(offset_));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        const std::string_view bytes(block.data(), static_cast<std::size_t>(got));
        offset_ += bytes.size();
        remember_tail(bytes);
        give_lines(bytes, on_line, on_notice);
    }
}

bool FollowedFile::has_been_rewritten() const {
    if (size() < offset_) return true;
    std::array<char, kTailSize> now;
    const ssize_t got = ::pread(fd_.get(), now.data(), tail_.size(), static_cast<off_t>(offset_ - tail_.size()));
    return got >= 0 && std::string_view(now.data(), static_cast<std::size_t>(got)) != tail_;
}

void FollowedFile::remember_tail(std::string_view bytes) {
    tail_ += bytes.substr(bytes.size() - std::min(bytes.size(), kTailSize));
    tail_.erase(0, tail_.size() - std::min(tail_.size(), kTailSize));
}

std::int64_t FollowedFile::changed_us() const {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) return 0;
    return std::int64_t{status.st_mtim.tv_sec} * 1'000'000 + status.st_mtim.tv_nsec / 1000;
}

std::uint64_t FollowedFile::size() const {
    struct stat status {};
    return ::fstat(fd_.get(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : offset_;
}

void FollowedFile::give_lines(std::string_view bytes, const OnLine& on_line, const OnNotice& on_notice) {
    while (!bytes.empty()) {
        if (rest_.empty()) bytes.remove_prefix(std::min(bytes.find_first_not_of('\0'), bytes.size()));
        const std::size_t end = bytes.find('\n');
        const std::size_t taken = std::min(end, bytes.size());
        if (!skipping_) rest_ += bytes.substr(0, taken);
        if (end == std::string_view::npos) {
            skipping_ = skipping_ || rest_.size() > kLongestLine;
            if (skipping_) rest_.clear();
            return;
        }
        bytes.remove_prefix(end + 1);
        if (skipping_) {
            on_notice("a line is longer than a megabyte");
        } else {
            const std::size_t size = rest_.size();
            rest_.append(kLinePadding, '\0');
            on_line(std::string_view(rest_).substr(0, size));
        }
        rest_.clear();
        skipping_ = false;
    }
}

}  // namespace basehttpd
