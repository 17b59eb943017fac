// StringWriter: appends to a string through a pointer. A line of a log is made of twenty small pieces, and
// std::string pays for each with a call; here a piece costs one comparison with the room that is left. While one
// lives, the string's size and its bytes past the end mean nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace basehttp {

class StringWriter {
  public:
    explicit StringWriter(std::string& out) : out_(out) { take_room(out.size(), 0); }
    StringWriter(const StringWriter&) = delete;
    StringWriter& operator=(const StringWriter&) = delete;
    ~StringWriter() { out_.resize(static_cast<std::size_t>(at_ - out_.data())); }

    /// Room for `size` bytes; wrote() says how far it was used.
    char* room(std::size_t size) {
        if (static_cast<std::size_t>(end_ - at_) < size) [[unlikely]]
            take_room(static_cast<std::size_t>(at_ - out_.data()), size);
        return at_;
    }
    void wrote(char* end) { at_ = end; }

  private:
    // All that the string has allocated, so that it has to grow seldom.
    void take_room(std::size_t used, std::size_t size) {
        constexpr std::size_t kLeast = 512;
        const std::size_t all = std::max(out_.capacity(), used + std::max(size, kLeast));
        out_.resize_and_overwrite(all, [](char*, std::size_t count) { return count; });
        at_ = out_.data() + used;
        end_ = out_.data() + all;
    }

    std::string& out_;
    char* at_ = nullptr;
    char* end_ = nullptr;
};

}  // namespace basehttp
