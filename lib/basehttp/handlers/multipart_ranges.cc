#include "basehttp/handlers/multipart_ranges.h"

#include <random>

#include <fmt/format.h>

#include "basehttp/protocol/response_head.h"

namespace basehttp {

MultipartRanges::MultipartRanges(std::span<const ByteRange> ranges, std::uint64_t size, std::string_view media_type,
                                 std::string_view boundary)
    : boundary_(boundary), ranges_(ranges.begin(), ranges.end()) {
    for (const ByteRange& range : ranges_) {
        std::string head = "\r\n--" + boundary_ + "\r\n";
        append_field_line(head, "Content-Type", media_type);
        std::string content_range;
        append_content_range(content_range, range, size);
        append_field_line(head, "Content-Range", content_range);
        head += "\r\n";
        heads_.push_back(std::move(head));
    }
}

std::uint64_t MultipartRanges::length() const {
    std::uint64_t length = end().size();
    for (std::size_t i = 0; i < ranges_.size(); ++i)
        length += heads_[i].size() + ranges_[i].length;
    return length;
}

std::string random_boundary() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}", random(), random(), random());
}

}  // namespace basehttp
