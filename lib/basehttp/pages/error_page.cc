#include "basehttp/pages/error_page.h"

#include <utility>

#include "basehttp/protocol/status.h"
#include "basehttp/text/html.h"
#include "basehttp/text/json.h"

namespace basehttp {
namespace {

constexpr std::string_view kStart =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n";

constexpr std::string_view kStyle =
    "<style>:root{--page:#f5f6f8;--card:#fff;--text:#1b1f24;--dim:#59636e;--line:#dfe3e8;--mark:#c5221f}"
    "@media(prefers-color-scheme:dark){:root{--page:#0f1216;--card:#171b21;--text:#e4e8ed;--dim:#98a2ae;"
    "--line:#2a313a;--mark:#f28b82}}*{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:1.25rem;"
    "background:var(--page);color:var(--text);overflow-wrap:anywhere;"
    "font:1rem/1.6 system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif;-webkit-text-size-adjust:100%}"
    "main{width:100%;max-width:36rem;padding:2rem;background:var(--card);border:1px solid var(--line);"
    "border-radius:.75rem;box-shadow:inset 0 4px var(--mark);overflow:hidden}.ok{--mark:#4285f4}"
    "h1{margin:0;font-size:.875rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--dim)}"
    "p{margin:.75rem 0 0}h1+p{margin-top:.25rem;font-size:1.75rem;line-height:1.3;font-weight:700}"
    "h1+p+p{font-size:1.125rem}h1+p+p+p{color:var(--dim)}"
    ".id{margin-top:1.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--dim);"
    "font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}"
    "@media(max-width:30rem){main{padding:1.5rem 1.25rem}h1+p{font-size:1.5rem}}</style>\n";

}  // namespace

std::string_view explanation_of(int status) {
    const StatusInfo* info = find_status(status);
    return info != nullptr ? info->explanation : "This code is not in the registry";
}

std::string_view reason_of(int status) {
    const StatusInfo* info = find_status(status);
    return info != nullptr ? info->phrase : "";
}

std::string error_page(int status, std::string_view message, std::string_view request_id) {
    std::string page;
    prepare_error_page(status, message).append_to(page, request_id);
    return page;
}

ErrorPage prepare_error_page(int status, std::string_view message) {
    const std::string_view title = status < 400 ? reason_of(status) : "Error response";
    const std::string code = std::to_string(status);
    std::string page(kStart);
    page.append("<title>").append(title).append("</title>\n").append(kStyle).append("</head>\n<body>\n");
    page.append(status < 400 ? "<main class=\"ok\">\n<h1>" : "<main>\n<h1>");
    page.append(title).append("</h1>\n");
    page.append(status < 400 ? "<p>Code: " : "<p>Error code: ").append(code).append("</p>\n<p>Message: ");
    append_html(page, message);
    page.append(status < 400 ? ".</p>\n<p>Code explanation: " : ".</p>\n<p>Error code explanation: ");
    page.append(code).append(" = ");
    append_html(page, explanation_of(status));
    page += ".</p>\n";
    return {std::move(page), "</main>\n</body>\n</html>\n"};
}

void ErrorPage::append_to(std::string& page, std::string_view request_id) const {
    constexpr std::string_view kBefore = "<p class=\"id\">Request ";
    constexpr std::string_view kAfter = "</p>\n";
    page.reserve(page.size() + before_id.size() + kBefore.size() + request_id.size() + kAfter.size() +
                 after_id.size());
    page += before_id;
    if (!request_id.empty()) {
        page += kBefore;
        append_html(page, request_id);
        page += kAfter;
    }
    page += after_id;
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

}  // namespace basehttp
