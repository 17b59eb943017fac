// MultipartRanges: the frame of a multipart/byteranges response (RFC 9110, 14.6): what stands before each part and
// after the last, and how long it all is. Lives in the response's coroutine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/protocol/range.h"

namespace basehttp {

class MultipartRanges {
  public:
    /// For `ranges` of a representation of `size` bytes. `boundary` must not occur in it: make it random.
    MultipartRanges(std::span<const ByteRange> ranges, std::uint64_t size, std::string_view media_type,
                    std::string_view boundary);

    /// The response's Content-Type.
    std::string content_type() const { return "multipart/byteranges; boundary=" + boundary_; }

    /// The response's length with all parts.
    std::uint64_t length() const;

    std::span<const ByteRange> ranges() const { return ranges_; }

    /// What stands before the bytes of part `index`, and after those of the last.
    const std::string& head(std::size_t index) const { return heads_[index]; }
    std::string end() const { return "\r\n--" + boundary_ + "--\r\n"; }

  private:
    std::string boundary_;
    std::vector<ByteRange> ranges_;
    std::vector<std::string> heads_;
};

/// A boundary that nobody can have written into a file beforehand.
std::string random_boundary();

}  // namespace basehttp
