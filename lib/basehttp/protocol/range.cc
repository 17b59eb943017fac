#include "basehttp/protocol/range.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "basehttp/text/ascii.h"
#include "basehttp/text/number.h"

namespace basehttp {
namespace {

// About what the boundary and the fields of a part take.
constexpr std::uint64_t kSmallGap = 80;

// Digits alone; a number past 64 bits is as good as the largest.
std::optional<std::uint64_t> parse_position(std::string_view digits) {
    if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    static_cast<void>(end);
    return error == std::errc{} ? number : std::numeric_limits<std::uint64_t>::max();
}

bool touch(const ByteRange& a, const ByteRange& b) {
    return a.first <= b.first + b.length + kSmallGap && b.first <= a.first + a.length + kSmallGap;
}

ByteRange merged(const ByteRange& a, const ByteRange& b) {
    const std::uint64_t first = std::min(a.first, b.first);
    return {first, std::max(a.first + a.length, b.first + b.length) - first};
}

}  // namespace

RangeSet::Spec RangeSet::parse_spec(std::string_view spec, std::uint64_t size, ByteRange& range) {
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos) return Spec::bad;
    const std::string_view last_text = spec.substr(dash + 1);
    const auto last = parse_position(last_text);
    if (!last && !last_text.empty()) return Spec::bad;
    if (dash == 0) {
        if (!last) return Spec::bad;
        if (*last == 0) return Spec::beyond;
        if (size == 0) return Spec::whole;  // satisfiable, but no Content-Range can say so
        range.length = std::min(*last, size);
        range.first = size - range.length;
        return Spec::good;
    }
    const auto first = parse_position(spec.substr(0, dash));
    if (!first || (last && *last < *first)) return Spec::bad;
    if (*first >= size) return Spec::beyond;
    range.first = *first;
    range.length = std::min(last.value_or(size - 1), size - 1) - *first + 1;
    return Spec::good;
}

RangeSet RangeSet::parse(std::string_view field, std::uint64_t size) {
    RangeSet set;
    const auto equals = field.find('=');
    if (equals == std::string_view::npos || !equals_ignoring_case(field.substr(0, equals), "bytes")) return set;
    std::string_view rest = field.substr(equals + 1);
    std::size_t specs = 0;
    bool whole = false;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const std::string_view spec = trim_white_space(rest.substr(0, comma));
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
        if (spec.empty()) continue;
        ByteRange range;
        const Spec parsed = ++specs > kMostRanges ? Spec::bad : parse_spec(spec, size, range);
        if (parsed == Spec::bad) return {};
        if (parsed == Spec::good) set.add(range);
        whole = whole || parsed == Spec::whole;
    }
    if (specs == 0 || whole) return {};
    set.kind_ = set.count_ > 0 ? Kind::satisfiable : Kind::not_satisfiable;
    return set;
}

// Adds `range` in the place of the first one that it touches, or at the end.
void RangeSet::add(ByteRange range) {
    std::size_t place = count_;
    for (std::size_t i = 0; i < count_;) {
        if (!touch(ranges_[i], range)) {
            ++i;
            continue;
        }
        range = merged(ranges_[i], range);
        place = std::min(place, i);
        std::copy(ranges_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  ranges_.begin() + static_cast<std::ptrdiff_t>(count_),
                  ranges_.begin() + static_cast<std::ptrdiff_t>(i));
        --count_;
        i = 0;  // grown, it may touch one that it did not touch before
    }
    place = std::min(place, count_);
    std::copy_backward(ranges_.begin() + static_cast<std::ptrdiff_t>(place),
                       ranges_.begin() + static_cast<std::ptrdiff_t>(count_),
                       ranges_.begin() + static_cast<std::ptrdiff_t>(count_) + 1);
    ranges_[place] = range;
    ++count_;
}

void append_content_range(std::string& out, const ByteRange& range, std::uint64_t size) {
    out += "bytes ";
    append_number(out, range.first);
    out += '-';
    append_number(out, range.first + range.length - 1);
    out += '/';
    append_number(out, size);
}

void append_unsatisfied_range(std::string& out, std::uint64_t size) {
    out += "bytes */";
    append_number(out, size);
}

}  // namespace basehttp
