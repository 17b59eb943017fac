#include "daemon/ctl/logs/sources/reverse_lines.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace basehttpd {
namespace {

constexpr std::size_t kBlock = 128 * 1024;

}  // namespace

bool ReverseLines::next(SplitLine& line) {
    if (first_) {
        first_ = false;
        prepend_block();
        ended_ = buffer_.ends_with('\n');
        if (ended_) buffer_.pop_back();
        if (!ended_ && buffer_.empty()) return false;
        buffer_ += '\n';  // what give() takes away
    }
    if (buffer_.empty()) return false;
    buffer_.pop_back();
    std::size_t searched = buffer_.size();
    for (;;) {
        const std::size_t found = searched == 0 ? std::string::npos : buffer_.rfind('\n', searched - 1);
        if (found != std::string::npos) {
            give(line, found + 1);
            return true;
        }
        if (buffer_.size() > kLongestLine) {
            // A run of NUL bytes is a hole before the line, as LineSplitter has it.
            const std::size_t text = std::min(buffer_.find_first_not_of('\0'), buffer_.size());
            if (text > 1) {
                buffer_.erase(0, text - 1);
            } else {
                too_long_ = true;
                buffer_.resize(kBlock);
            }
        }
        const std::size_t before = buffer_.size();
        if (!prepend_block()) break;
        searched = buffer_.size() - before;
    }
    give(line, 0);
    return true;
}

// The end of the line before stays in buffer_, as the sign that there is one.
void ReverseLines::give(SplitLine& line, std::size_t start) {
    current_.assign(buffer_, start);
    const std::size_t size = current_.size();
    current_.append(kLinePadding, '\0');
    buffer_.resize(start);
    line = {{current_.data(), size}, 0, ended_, too_long_};
    ended_ = true;
    too_long_ = false;
}

bool ReverseLines::prepend_block() {
    const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(offset_, kBlock));
    if (size == 0) return false;
    std::string block(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t got =
            ::pread(fd_.get(), block.data() + filled, size - filled, static_cast<off_t>(offset_ - size + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        filled += static_cast<std::size_t>(got);
    }
    if (filled < size) return false;  // it has shrunk
    offset_ -= size;
    buffer_.insert(0, block);
    return true;
}

}  // namespace basehttpd
