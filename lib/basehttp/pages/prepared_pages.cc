#include "basehttp/pages/prepared_pages.h"

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
    return page.content.with(request_id);
}

}  // namespace basehttp
