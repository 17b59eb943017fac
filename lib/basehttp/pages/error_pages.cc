#include "basehttp/pages/error_pages.h"

#include <array>

#include "basehttp/pages/error_page.h"

namespace basehttp {

std::expected<PageTemplate, TemplateError> ErrorPages::parse(const std::string& text) {
    constexpr std::array<std::string_view, 5> kNames{"code", "reason", "message", "explanation", "request_id"};
    return PageTemplate::parse(text, kNames);
}

std::string_view ErrorPages::media_type(int status) const {
    const auto found = pages_.find(status);
    return found != pages_.end() ? std::string_view(found->second.media_type) : std::string_view{};
}

std::string ErrorPages::fill(int status, std::string_view message, std::string_view request_id) const {
    PageValues values;
    values.set("code", std::to_string(status));
    values.set("reason", reason_of(status));
    values.set("message", message);
    values.set("explanation", explanation_of(status));
    values.set("request_id", request_id);
    std::string page;
    pages_.at(status).content.append_to(page, values);
    return page;
}

}  // namespace basehttp
