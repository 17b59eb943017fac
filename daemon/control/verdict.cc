#include "daemon/control/verdict.h"

#include <charconv>
#include <system_error>

namespace basehttpd {

std::string format_verdict(const Verdict& verdict) {
    return std::to_string(verdict.code) + '\n' + verdict.text;
}

std::optional<Verdict> parse_verdict(const std::string& answer) {
    const std::size_t end = answer.find('\n');
    if (end == std::string::npos) return std::nullopt;
    Verdict verdict;
    const auto [rest, error] = std::from_chars(answer.data(), answer.data() + end, verdict.code);
    if (error != std::errc{} || rest != answer.data() + end) return std::nullopt;
    verdict.text = answer.substr(end + 1);
    return verdict;
}

}  // namespace basehttpd
