#include "daemon/ctl/logs/sources/line_splitter.h"

#include <algorithm>
#include <cstring>

namespace basehttpd {
namespace {

constexpr std::size_t kFirstSize = 128 * 1024;

}  // namespace

LineSplitter::LineSplitter(std::unique_ptr<ByteSource> source)
    : source_(std::move(source)), buffer_(kFirstSize + kLinePadding) {}

bool LineSplitter::next(SplitLine& line) {
    if (skipping_) skip_rest_of_line();
    std::size_t searched = begin_;
    for (;;) {
        const void* const found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
        if (found != nullptr) {
            const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
            line = {{buffer_.data() + begin_, at - begin_}, ++number_};
            begin_ = at + 1;
            return true;
        }
        if (end_ - begin_ > kLongestLine) {
            if (give_long(line)) return true;
        }
        const std::size_t kept = end_ - begin_;
        if (!fill()) break;
        searched = begin_ + kept;
    }
    if (begin_ == end_) return false;
    line = {{buffer_.data() + begin_, end_ - begin_}, ++number_, false};
    begin_ = end_;
    return true;
}

// Of what is too long to be a line: what lies before a hole in it, or how it begins. False where it begins with a
// hole, which is left out.
bool LineSplitter::give_long(SplitLine& line) {
    const std::string_view text(buffer_.data() + begin_, end_ - begin_);
    const std::size_t hole = text.find('\0');
    if (hole == 0) {
        begin_ += std::min(text.find_first_not_of('\0'), text.size());
        return false;
    }
    line = {text.substr(0, std::min(hole, kLongestLine)), ++number_, hole > kLongestLine, hole > kLongestLine};
    if (line.too_long) {
        skipping_ = true;
    } else {
        begin_ += hole;
    }
    return true;
}

// Reads more behind what there is; false at the end.
bool LineSplitter::fill() {
    if (at_end_) return false;
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ + kLinePadding == buffer_.size()) buffer_.resize(2 * end_ + kLinePadding);
    const auto got = source_->read({buffer_.data() + end_, buffer_.size() - kLinePadding - end_});
    if (!got) error_ = got.error();
    at_end_ = !got || *got == 0;
    if (!at_end_) end_ += *got;
    return !at_end_;
}

void LineSplitter::skip_rest_of_line() {
    skipping_ = false;
    for (;;) {
        const void* const found = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
        if (found != nullptr) {
            begin_ = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) + 1;
            return;
        }
        begin_ = end_;
        if (!fill()) return;
    }
}

}  // namespace basehttpd
