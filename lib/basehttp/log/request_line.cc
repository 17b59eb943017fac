#include "basehttp/log/request_line.h"

#include <algorithm>
#include <array>

#include "basehttp/protocol/target.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

bool is_protocol(std::string_view word) {
    constexpr std::string_view kName = "HTTP/";
    if (!word.starts_with(kName)) return false;
    word.remove_prefix(kName.size());
    const auto dot = word.find('.');
    return dot != std::string_view::npos && dot > 0 && dot + 1 < word.size() &&
           std::ranges::all_of(word.substr(0, dot), is_digit) && std::ranges::all_of(word.substr(dot + 1), is_digit);
}

// `http://host` off the front of an absolute form.
std::string_view without_origin(std::string_view target) {
    if (target.starts_with('/')) return target;
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos || scheme > target.find_first_of("/?")) return target;
    const auto path = target.find_first_of("/?", scheme + 3);
    return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

}  // namespace

std::optional<RequestLine> RequestLine::split(std::string_view line) {
    std::array<std::string_view, 3> words;
    std::size_t count = 0;
    while (!line.empty()) {
        // Not find_first_of(): it looks up each byte in the set with a call.
        const auto end = std::ranges::find_if(line, is_white_space);
        if (count == words.size()) return std::nullopt;
        words[count++] = {line.begin(), end};
        line = {std::ranges::find_if_not(end, line.end(), is_white_space), line.end()};
    }
    if (count < 2 || !is_token(words[0])) return std::nullopt;
    if (count == 3 && is_protocol(words[2])) return RequestLine{words[0], words[1], words[2]};
    if (count == 2 && words[0] == "GET" && !words[1].starts_with("HTTP/"))
        return RequestLine{words[0], words[1], "HTTP/0.9"};
    return std::nullopt;
}

std::string_view RequestLine::path() const {
    const std::string_view rest = without_origin(target);
    const std::string_view path = rest.substr(0, rest.find('?'));
    return path.empty() ? std::string_view("/") : path;
}

std::string RequestLine::decoded_path() const {
    Target parsed;
    const bool decoded = parse_target(target, method, parsed) && !parsed.path.empty();
    return std::string(decoded ? parsed.path : path());
}

std::string_view RequestLine::query() const {
    const auto mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark);
}

}  // namespace basehttp
