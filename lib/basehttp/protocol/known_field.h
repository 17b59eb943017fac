// KnownField: the request fields that the server itself reads, each with a number. A name is told from the others
// once, where its line is parsed; from then on each question about the field is an index into what Fields keeps.
// Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "basehttp/text/ascii.h"

namespace basehttp {

enum class KnownField : std::uint8_t {
    accept,
    accept_encoding,
    authorization,
    connection,
    content_length,
    content_type,
    cookie,
    expect,
    host,
    if_match,
    if_modified_since,
    if_none_match,
    if_range,
    if_unmodified_since,
    range,
    referer,
    transfer_encoding,
    user_agent,
    other,  ///< all the rest; the last
};

inline constexpr std::size_t kKnownFields = static_cast<std::size_t>(KnownField::other);

namespace known_field_detail {

inline constexpr std::array<std::string_view, kKnownFields> kNames{
    "Accept",
    "Accept-Encoding",
    "Authorization",
    "Connection",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Expect",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Range",
    "Referer",
    "Transfer-Encoding",
    "User-Agent",
};

inline constexpr std::size_t kShortest = std::ranges::min(kNames, {}, &std::string_view::size).size();
inline constexpr std::size_t kLongest = std::ranges::max(kNames, {}, &std::string_view::size).size();

// A perfect hash: the length and both ends of each name lead to a place of its own. The compiler looks for the
// factors, and fails where there are none.
struct PerfectHash {
    static constexpr std::size_t kPlaces = 64;

    std::size_t first;  // factors of the first and the last letter
    std::size_t last;

    /// `name` is not empty.
    constexpr std::size_t operator()(std::string_view name) const {
        const auto letter = [](char c) { return static_cast<std::size_t>(c) & 0x1f; };  // in either case
        return (name.size() + letter(name.front()) * first + letter(name.back()) * last) % kPlaces;
    }

    constexpr bool is_perfect() const {
        std::array<bool, kPlaces> taken{};
        return std::ranges::none_of(kNames,
                                    [&](std::string_view name) { return std::exchange(taken[(*this)(name)], true); });
    }
};

consteval PerfectHash find_perfect_hash() {
    for (std::size_t first = 1; first < PerfectHash::kPlaces; ++first) {
        for (std::size_t last = 1; last < PerfectHash::kPlaces; ++last) {
            if (const PerfectHash hash{first, last}; hash.is_perfect()) return hash;
        }
    }
    throw "no factors suit these names";
}

inline constexpr PerfectHash kHash = find_perfect_hash();

consteval std::array<KnownField, PerfectHash::kPlaces> fill_places() {
    std::array<KnownField, PerfectHash::kPlaces> places;
    places.fill(KnownField::other);
    for (std::size_t i = 0; i < kKnownFields; ++i)
        places[kHash(kNames[i])] = static_cast<KnownField>(i);
    return places;
}

inline constexpr std::array<KnownField, PerfectHash::kPlaces> kPlaces = fill_places();

}  // namespace known_field_detail

/// The name of `field`, which is not `other`.
constexpr std::string_view name_of(KnownField field) {
    return known_field_detail::kNames[static_cast<std::size_t>(field)];
}

/// The field that is called `name`, in any case.
constexpr KnownField known_field(std::string_view name) {
    using namespace known_field_detail;
    if (name.size() < kShortest || name.size() > kLongest) return KnownField::other;
    const KnownField candidate = kPlaces[kHash(name)];
    const bool is_it = candidate != KnownField::other && equals_ignoring_case(name, name_of(candidate));
    return is_it ? candidate : KnownField::other;
}

}  // namespace basehttp
