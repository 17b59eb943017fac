#include "basehttp/pages/prepared_pages.h"

#include <utility>

namespace basehttp {

std::string PreparedPages::page(int status, std::string_view message, std::string_view request_id) {
    constexpr std::size_t kLongestKept = 128;  // longer ones have bytes from the client in them
    if (message.size() > kLongestKept) return error_page(status, message, request_id);
    Page& page = pages_[(static_cast<std::size_t>(status) + message.size()) % pages_.size()];
    if (page.status != status || page.message != message) {
        page.content = prepare_error_page(status, message);
        page.status = status;
        page.message = message;
    }
    std::string text = std::exchange(spare_, {});
    text.clear();
    page.content.append_to(text, request_id);
    return text;
}

void PreparedPages::recycle(std::string page) {
    constexpr std::size_t kMostKept = 16 * 1024;
    if (page.capacity() > spare_.capacity() && page.capacity() <= kMostKept) spare_ = std::move(page);
}

}  // namespace basehttp
