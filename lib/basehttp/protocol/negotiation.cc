#include "basehttp/protocol/negotiation.h"

#include <algorithm>
#include <optional>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

constexpr Quality kBest = 1000;
constexpr Quality kLeast = 1;

// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ); what is not one counts as 0.
Quality parse_qvalue(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
    if (text.size() > 1 && text[1] != '.') return 0;
    Quality value = text[0] == '1' ? kBest : 0;
    Quality place = 100;
    for (std::size_t i = 2; i < text.size(); ++i) {
        if (!is_digit(text[i])) return 0;
        value += static_cast<Quality>(text[i] - '0') * place;
        place /= 10;
    }
    return value > kBest ? 0 : value;
}

// Splits `name;…;q=0.5` into the name and its quality.
std::string_view split_quality(std::string_view member, Quality& quality) {
    quality = kBest;
    const auto semicolon = member.find(';');
    const std::string_view name = trim_white_space(member.substr(0, semicolon));
    std::string_view rest = semicolon == std::string_view::npos ? std::string_view{} : member.substr(semicolon + 1);
    while (!rest.empty()) {
        const auto next = rest.find(';');
        const std::string_view parameter = trim_white_space(rest.substr(0, next));
        if (parameter.size() >= 2 && to_lower(parameter[0]) == 'q' && parameter[1] == '=') {
            quality = parse_qvalue(trim_white_space(parameter.substr(2)));
        }
        rest.remove_prefix(next == std::string_view::npos ? rest.size() : next + 1);
    }
    return name;
}

template <typename Visit>
void for_each_preference(const Fields& fields, KnownField field, Visit visit) {
    const auto take = [&visit](std::string_view member) {
        Quality quality = 0;
        const std::string_view value = split_quality(member, quality);
        visit(value, quality);
    };
    fields.for_each(field, [&take](std::string_view value) { for_each_member(value, take); });
}

// x-gzip is gzip's old name (RFC 9110, 8.4.1.3).
bool names_coding(std::string_view value, std::string_view coding) {
    return equals_ignoring_case(value, coding) || (coding == "gzip" && equals_ignoring_case(value, "x-gzip"));
}

MediaPreference::Closeness closeness_of(std::string_view range, std::string_view media_type) {
    using enum MediaPreference::Closeness;
    if (equals_ignoring_case(range, media_type)) return exact;
    if (range == "*/*") return any;
    const std::string_view main = media_type.substr(0, media_type.find('/') + 1);
    const bool of_type = range.size() == main.size() + 1 && range.ends_with("/*") &&
                         equals_ignoring_case(range.substr(0, main.size()), main);
    return of_type ? MediaPreference::Closeness::type : none;
}

}  // namespace

Quality coding_quality(const Fields& fields, std::string_view coding) {
    std::optional<Quality> named;
    std::optional<Quality> others;
    for_each_preference(fields, KnownField::accept_encoding, [&](std::string_view value, Quality quality) {
        if (names_coding(value, coding)) named = quality;
        if (value == "*") others = quality;
    });
    if (named) return *named;
    if (coding == "identity") return others == Quality{0} ? 0 : kLeast;
    return others.value_or(0);
}

MediaPreference media_preference(const Fields& fields, std::string_view media_type) {
    if (fields.count(KnownField::accept) == 0) return {kBest, MediaPreference::Closeness::any};
    MediaPreference best;
    for_each_preference(fields, KnownField::accept, [&](std::string_view range, Quality quality) {
        const auto closeness = closeness_of(range, media_type);
        if (closeness > best.closeness) best = {quality, closeness};
    });
    return best;
}

bool prefers_json(const Fields& fields, std::string_view json_type) {
    if (fields.count(KnownField::accept) == 0) return false;
    const auto html = media_preference(fields, "text/html");
    const auto json = std::max(media_preference(fields, "application/json"), media_preference(fields, json_type));
    return json.quality > 0 && json > html;
}

}  // namespace basehttp
