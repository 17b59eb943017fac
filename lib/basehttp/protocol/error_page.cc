#include "basehttp/protocol/error_page.h"

#include <array>

#include "basehttp/protocol/html.h"
#include "basehttp/protocol/json.h"
#include "basehttp/protocol/status.h"

namespace basehttp {
namespace {

constexpr std::string_view kStart =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n";

constexpr std::string_view kStyle =
    "<style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:38rem;margin:12vh auto;padding:0 1.5rem;"
    "overflow-wrap:anywhere}h1{font-size:1.6rem;border-bottom:2px solid #8884;padding-bottom:.6rem}"
    ".id{font:.85rem ui-monospace,monospace;opacity:.7;margin-top:2rem}</style>\n";

std::string_view explanation_of(int status) {
    const StatusInfo* info = find_status(status);
    return info != nullptr ? info->explanation : "This code is not in the registry";
}

std::string_view reason_of(int status) {
    const StatusInfo* info = find_status(status);
    return info != nullptr ? info->phrase : "";
}

}  // namespace

std::string error_page(int status, std::string_view message, std::string_view request_id) {
    const std::string_view title = status < 400 ? reason_of(status) : "Error response";
    const std::string code = std::to_string(status);
    std::string page(kStart);
    page.append("<title>").append(title).append("</title>\n").append(kStyle).append("</head>\n<body>\n<h1>");
    page.append(title).append("</h1>\n");
    page.append(status < 400 ? "<p>Code: " : "<p>Error code: ").append(code).append("</p>\n<p>Message: ");
    append_html(page, message);
    page.append(status < 400 ? ".</p>\n<p>Code explanation: " : ".</p>\n<p>Error code explanation: ");
    page.append(code).append(" = ");
    append_html(page, explanation_of(status));
    page += ".</p>\n";
    if (!request_id.empty()) {
        page += "<p class=\"id\">Request ";
        append_html(page, request_id);
        page += "</p>\n";
    }
    page += "</body>\n</html>\n";
    return page;
}

std::string problem_json(int status, std::string_view message, std::string_view request_id) {
    std::string json = "{\"type\":\"about:blank\",\"title\":";
    append_json_string(json, reason_of(status));
    json.append(",\"status\":").append(std::to_string(status)).append(",\"detail\":");
    append_json_string(json, message);
    if (!request_id.empty()) {
        json += ",\"request_id\":";
        append_json_string(json, request_id);
    }
    json += "}\n";
    return json;
}

std::string_view ErrorPages::media_type(int status) const {
    const auto found = pages_.find(status);
    return found != pages_.end() ? std::string_view(found->second.media_type) : std::string_view{};
}

std::string ErrorPages::fill(int status, std::string_view message, std::string_view request_id) const {
    struct Value {
        std::string_view name;
        std::string_view text;
    };
    const std::string code = std::to_string(status);
    const std::array<Value, 5> values{{{"{{code}}", code},
                                       {"{{reason}}", reason_of(status)},
                                       {"{{message}}", message},
                                       {"{{explanation}}", explanation_of(status)},
                                       {"{{request_id}}", request_id}}};
    std::string_view rest = pages_.at(status).text;
    std::string page;
    // What was put in is not looked at again: a client's message cannot name a placeholder.
    while (!rest.empty()) {
        std::size_t length = rest.find("{{");
        page += rest.substr(0, length);
        if (length == std::string_view::npos) break;
        rest.remove_prefix(length);
        length = 0;
        for (const Value& value : values) {
            if (!rest.starts_with(value.name)) continue;
            append_html(page, value.text);
            length = value.name.size();
        }
        if (length == 0) page += rest.substr(0, length = 2);
        rest.remove_prefix(length);
    }
    return page;
}

}  // namespace basehttp
