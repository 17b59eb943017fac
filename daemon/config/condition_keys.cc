#include "daemon/config/condition_keys.h"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/config/config_kinds.h"
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

std::string format_statuses(const LogCondition::Statuses& statuses) {
    const auto [least, most] = statuses;
    if (most == 0) return std::string(kNone);
    if (least == most) return std::to_string(least);
    if (least % kClass == 0 && most == least + kClass - 1) return fmt::format("{}xx", least / kClass);
    return fmt::format("{}-{}", least, most);
}

// Which statuses have a line.
struct StatusList {
    using Statuses = std::vector<LogCondition::Statuses>;

    static std::string_view word() { return "list"; }
    static std::string bounds() { return "404, 5xx, 400-404 or none"; }
    static Document schema() {
        return schema_of_list(schema_of_any(
            {schema_of_range(100, 999), schema_of_pattern("^([1-9][0-9]{2}(-[1-9][0-9]{2})?|[1-9]xx|none)$")}));
    }
    static std::optional<Document> write(const Statuses& statuses) { return row_of(statuses, format_statuses); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, Statuses& value) {
        return map.for_each_text(key, [&](const std::string& text, const ConfigNode& node) {
            const auto statuses = parse_statuses(text);
            if (statuses) return value.push_back(*statuses);
            map.report(node, key, text,
                       {"is not a status", text.starts_with('!')
                                               ? "'!' has no meaning here; list the statuses that are wanted"
                                               : "write 404, 5xx, 400-404, or none for requests without a response"});
        });
    }
};

// Which paths have a line.
struct PathList {
    using Patterns = std::vector<PathPattern>;

    static std::string_view word() { return "list of patterns"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_pattern("^!?[/*]")); }
    static std::optional<Document> write(const Patterns& patterns) { return row_of(patterns, &PathPattern::text); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, Patterns& value) {
        return map.for_each_text(key, [&](const std::string& text, const ConfigNode& node) {
            PathPattern pattern = PathPattern::parse(text);
            // A path begins with a slash: another pattern would never match.
            if (pattern.glob.starts_with('/') || pattern.glob.starts_with('*'))
                return value.push_back(std::move(pattern));
            map.report(node, key, text,
                       {"matches no path", fmt::format("begin it with {0}/ or {0}*", pattern.excludes ? "!" : "")});
        });
    }
};

constexpr std::array kCondition{
    key<&LogCondition::statuses, StatusList{}>("status", "The status is one of these.").unless_set("all"),
    key<&LogCondition::paths, PathList{}>("path",
                                          "The path matches a pattern, and none of those that begin with '!'.")
        .unless_set("all"),
    key<&LogCondition::slower, Duration{1, 24 * kHour}>("slower", "The request took longer than this.")
        .unless_set("all"),
    key<&LogCondition::sample, Count{1, 1'000'000'000}>(
        "sample", "One in this many of the requests that meet the other conditions is logged."),
};

}  // namespace

KeyTable<LogCondition> condition_keys() {
    return kCondition;
}

}  // namespace basehttpd
