#include "basehttp/server/cors.h"

#include <algorithm>
#include <stdexcept>

#include "basehttp/protocol/response_head.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

void append_list(std::string& lines, std::string_view name, const std::vector<std::string>& values) {
    if (!values.empty()) append_field_line(lines, name, joined(values));
}

bool is_host_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// Whether `origin` is `pattern`, whose host may begin with `*.` for any names.
bool fits(std::string_view pattern, std::string_view origin) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return origin == pattern;
    const std::string_view before = pattern.substr(0, star);
    const std::string_view after = pattern.substr(star + 1);
    if (origin.size() <= before.size() + after.size()) return false;
    if (!origin.starts_with(before) || !origin.ends_with(after)) return false;
    const auto names = origin.substr(before.size(), origin.size() - before.size() - after.size());
    return std::ranges::all_of(names, is_host_char);
}

}  // namespace

Cors::Cors(const CorsRules& rules)
    : origins_(rules.origins),
      any_(std::ranges::find(rules.origins, "*") != rules.origins.end()),
      methods_(joined(rules.methods)) {
    if (rules.origins.empty()) throw std::invalid_argument("CorsRules: 'origins' is empty");
    if (any_ && rules.credentials) throw std::invalid_argument("CorsRules: any origin, with credentials");
    if (rules.credentials) append_field_line(admission_, "Access-Control-Allow-Credentials", "true");
    append_list(admission_, "Access-Control-Expose-Headers", rules.expose);
    append_list(preflight_, "Access-Control-Allow-Headers", rules.headers);
    if (!rules.max_age) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*rules.max_age);
    append_field_line(preflight_, "Access-Control-Max-Age", static_cast<std::uint64_t>(seconds.count()));
}

bool Cors::is_preflight(const Request& request) {
    return request.method == "OPTIONS" && request.fields.find("Origin") &&
           request.fields.find("Access-Control-Request-Method");
}

bool Cors::admits(std::string_view origin) const {
    return any_ || std::ranges::any_of(origins_, [&](const std::string& own) { return fits(own, origin); });
}

// Who asks without an origin is told as well that others may be answered otherwise: caches keep the response.
std::string Cors::field_lines(const Fields& request) const {
    if (any_) return "Access-Control-Allow-Origin: *\r\n" + admission_;
    std::string lines = "Vary: Origin\r\n";
    const auto origin = request.find("Origin");
    if (!origin || !admits(*origin)) return lines;
    append_field_line(lines, "Access-Control-Allow-Origin", *origin);
    return lines += admission_;
}

std::string Cors::preflight_lines(const Fields& request, std::string_view methods) const {
    const auto origin = request.find("Origin");
    if (!origin || !admits(*origin)) return {};
    std::string lines;
    append_field_line(lines, "Access-Control-Allow-Methods", methods_.empty() ? methods : methods_);
    return lines += preflight_;
}

}  // namespace basehttp
