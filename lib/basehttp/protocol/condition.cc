#include "basehttp/protocol/condition.h"

#include "basehttp/protocol/date.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

constexpr std::string_view kWeak = "W/";

std::string_view opaque_part(std::string_view etag) {
    return etag.starts_with(kWeak) ? etag.substr(kWeak.size()) : etag;
}

// Cuts `[W/]"…"` off the front of `rest`; empty where it starts with something else. An entity tag knows no escapes.
std::string_view take_etag(std::string_view& rest) {
    const std::size_t start = rest.starts_with(kWeak) ? kWeak.size() : 0;
    if (start >= rest.size() || rest[start] != '"') return {};
    const std::size_t end = rest.find('"', start + 1);
    if (end == std::string_view::npos) return {};
    const std::string_view tag = rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
    return tag;
}

bool equal(std::string_view a, std::string_view b, Comparison comparison) {
    if (comparison == Comparison::strong) return a == b && !a.starts_with(kWeak);
    return opaque_part(a) == opaque_part(b);
}

// Whether any line of `field` matches; nothing where there is no such line.
std::optional<bool> any_line_lists(const Fields& fields, KnownField field, std::string_view etag,
                                   Comparison comparison) {
    std::optional<bool> matches;
    fields.for_each(field, [&](std::string_view value) {
        matches = matches.value_or(false) || lists_etag(value, etag, comparison);
    });
    return matches;
}

std::optional<std::time_t> find_date(const Fields& fields, KnownField field, std::time_t now) {
    const auto value = fields.find(field);
    if (!value || fields.count(field) != 1) return std::nullopt;
    return parse_http_date(*value, now);
}

}  // namespace

bool lists_etag(std::string_view list, std::string_view etag, Comparison comparison) {
    if (trim_white_space(list) == "*") return true;
    while (!list.empty()) {
        const char c = list.front();
        if (c == ' ' || c == '\t' || c == ',') {
            list.remove_prefix(1);
            continue;
        }
        const std::string_view tag = take_etag(list);
        if (tag.empty()) return false;
        if (!etag.empty() && equal(tag, etag, comparison)) return true;
    }
    return false;
}

Precondition evaluate_preconditions(const Request& request, const Validators& current, std::time_t now) {
    const Fields& fields = request.fields;
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (const auto match = any_line_lists(fields, KnownField::if_match, current.etag, Comparison::strong)) {
        if (!*match) return Precondition::failed;
    } else if (current.last_modified) {
        const auto since = find_date(fields, KnownField::if_unmodified_since, now);
        if (since && *current.last_modified > *since) return Precondition::failed;
    }
    if (const auto match = any_line_lists(fields, KnownField::if_none_match, current.etag, Comparison::weak)) {
        if (!*match) return Precondition::proceed;
        return reads ? Precondition::not_modified : Precondition::failed;
    }
    if (!reads || !current.last_modified) return Precondition::proceed;
    const auto since = find_date(fields, KnownField::if_modified_since, now);
    return since && *current.last_modified <= *since ? Precondition::not_modified : Precondition::proceed;
}

bool if_range_holds(const Fields& fields, const Validators& current, std::time_t now) {
    const auto value = fields.find(KnownField::if_range);
    if (!value) return true;
    if (fields.count(KnownField::if_range) != 1) return false;
    std::string_view rest = *value;
    if (const std::string_view tag = take_etag(rest); !tag.empty()) {
        return rest.empty() && equal(tag, current.etag, Comparison::strong);
    }
    const auto date = parse_http_date(*value, now);
    if (!date || !current.last_modified) return false;
    return *date == *current.last_modified && *current.last_modified + 1 < now;
}

}  // namespace basehttp
