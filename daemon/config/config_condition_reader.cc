#include "daemon/config/config_condition_reader.h"

#include <optional>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::string_view kNone = "none";
constexpr unsigned kClass = 100;

// Whatever three digits a client can be answered with.
std::optional<unsigned> parse_status(std::string_view text) {
    if (text.size() != 3 || text[0] == '0' || !std::ranges::all_of(text, basehttp::is_digit)) return std::nullopt;
    return static_cast<unsigned>(100 * (text[0] - '0') + 10 * (text[1] - '0') + (text[2] - '0'));
}

std::optional<LogCondition::Statuses> parse_statuses(std::string_view text) {
    if (text == kNone) return LogCondition::Statuses{0, 0};
    if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '9') {
        const unsigned first = kClass * static_cast<unsigned>(text[0] - '0');
        return LogCondition::Statuses{first, first + kClass - 1};
    }
    const std::size_t dash = text.find('-');
    const auto least = parse_status(text.substr(0, dash));
    const auto most = dash == std::string_view::npos ? least : parse_status(text.substr(dash + 1));
    if (!least || !most || *least > *most) return std::nullopt;
    return LogCondition::Statuses{*least, *most};
}

void read_statuses(ConfigMap& map, LogCondition& condition) {
    map.for_each_text("status", [&](const ConfigNode& node) {
        const auto text = map.text_of(node, "status");
        if (!text) return;
        const auto statuses = parse_statuses(*text);
        if (statuses) {
            condition.statuses.push_back(*statuses);
        } else {
            map.report(node, fmt::format("'status': {} is none", in_quotes(*text)),
                       "write 404, 5xx, 400-404, or none for requests without a response");
        }
    });
}

void read_paths(ConfigMap& map, LogCondition& condition) {
    map.for_each_text("path", [&](const ConfigNode& node) {
        const auto text = map.text_of(node, "path");
        if (!text) return;
        LogCondition::PathPattern pattern{*text, text->starts_with('!')};
        if (pattern.excludes) pattern.glob.erase(0, 1);
        // A path begins with a slash: another pattern would never match.
        if (pattern.glob.starts_with('/') || pattern.glob.starts_with('*')) {
            condition.paths.push_back(std::move(pattern));
        } else {
            map.report(node, fmt::format("'path': {} matches no path", in_quotes(*text)),
                       fmt::format("begin it with {0}/ or {0}*", pattern.excludes ? "!" : ""));
        }
    });
}

}  // namespace

void read_condition(ConfigMap& item, LogCondition& condition) {
    constexpr Range<std::chrono::milliseconds> kSlower{std::chrono::milliseconds(1), std::chrono::hours(24)};
    constexpr Range<std::uint64_t> kSample{1, 1'000'000'000};
    const ConfigNode* node = item.find("when");
    if (node == nullptr) return;
    ConfigMap map(*node, "'when'", item.errors());
    read_statuses(map, condition);
    read_paths(map, condition);
    map.read_duration("slower", kSlower, condition.slower);
    map.read_count("sample", kSample, condition.sample);
    if (node->kind == ConfigNode::Kind::map) map.finish();
}

std::string format_statuses(const LogCondition::Statuses& statuses) {
    const auto [least, most] = statuses;
    if (most == 0) return std::string(kNone);
    if (least == most) return std::to_string(least);
    if (least % kClass == 0 && most == least + kClass - 1) return fmt::format("{}xx", least / kClass);
    return fmt::format("{}-{}", least, most);
}

}  // namespace basehttpd
