#include "basehttp/upstream/content_decoder.h"

#include <algorithm>

namespace basehttp {

std::expected<std::string_view, Refusal> ContentDecoder::next(std::string_view& input) {
    if (complete_) return std::string_view();
    if (kind_ == BodyFraming::Kind::chunked) {
        const auto piece = chunks_.next(input);
        if (!piece) return std::unexpected(piece.error());
        complete_ = piece->complete;
        return piece->data;
    }
    std::size_t size = input.size();
    if (kind_ == BodyFraming::Kind::length) {
        size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
        left_ -= size;
        complete_ = left_ == 0;
    }
    const std::string_view content = input.substr(0, size);
    input.remove_prefix(size);
    return content;
}

}  // namespace basehttp
