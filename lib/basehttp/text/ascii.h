// Character classes of RFC 9110 and comparisons that ignore case. Pure functions on bytes; no locale.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace basehttp {

namespace ascii_detail {

enum Class : std::uint8_t { kToken = 1, kFieldByte = 2, kTargetByte = 4, kUriByte = 8, kNameByte = 16 };

constexpr bool is_one_of(char c, std::string_view set) {
    return set.find(c) != std::string_view::npos;
}

constexpr std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const char c = static_cast<char>(i);
        const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool visible = i > 0x20 && i != 0x7f;
        std::uint8_t classes = 0;
        if (alphanumeric || (c != '\0' && is_one_of(c, "!#$%&'*+-.^_`|~"))) classes |= kToken;
        if (visible || c == ' ' || c == '\t') classes |= kFieldByte;
        if (visible) classes |= kTargetByte;
        const bool in_name = alphanumeric || (c != '\0' && is_one_of(c, "-._~!$&'()*+,;=%"));
        if (in_name) classes |= kNameByte;
        if (in_name || (c != '\0' && is_one_of(c, ":@/?"))) classes |= kUriByte;
        table[i] = classes;
    }
    return table;
}

inline constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

constexpr bool has_class(char c, Class wanted) {
    return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

/// The classes that all bytes of `text` have.
constexpr std::uint8_t common_classes(std::string_view text) {
    std::uint8_t common = 0xff;
    for (const char c : text)
        common &= kClasses[static_cast<unsigned char>(c)];
    return common;
}

constexpr bool all_have_class(std::string_view text, Class wanted) {
    return (common_classes(text) & wanted) != 0;
}

constexpr std::uint64_t kOnes = ~std::uint64_t{0} / 0xff;
constexpr std::uint64_t kHighBits = kOnes * 0x80;

/// Has high bits set where one of the eight bytes at `bytes` is a control byte. Each is looked at in its own lane of
/// the word: subtracting sets the high bit of the lanes that were smaller, and no lane above 0x7f counts.
inline std::uint64_t control_bytes(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    const std::uint64_t zero_if_delete = word ^ (kOnes * 0x7f);
    return ((word - kOnes * 0x20) & ~word) | ((zero_if_delete - kOnes) & ~zero_if_delete);
}

/// Whether `text`, of at least eight bytes, has a control byte.
inline bool has_control_byte(std::string_view text) {
    const char* const last = text.data() + text.size() - sizeof(std::uint64_t);
    std::uint64_t found = control_bytes(last);
    for (const char* at = text.data(); at < last; at += sizeof(std::uint64_t))
        found |= control_bytes(at);
    return (found & kHighBits) != 0;
}

/// The eight bytes of `word`, capitals made small. As above, each byte in its own lane.
constexpr std::uint64_t to_lower(std::uint64_t word) {
    const std::uint64_t low_bits = word & ~kHighBits;
    const std::uint64_t from_a = low_bits + kOnes * (0x80 - 'A');
    const std::uint64_t past_z = low_bits + kOnes * (0x7f - 'Z');
    const std::uint64_t capital = (from_a ^ past_z) & ~word & kHighBits;
    return word | (capital >> 2);
}

/// Whether two texts of the same size, of at least four bytes, are equal but for the case of letters.
inline bool words_equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto load = [](std::string_view text, std::size_t at, auto word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        return std::uint64_t{word};
    };
    constexpr std::size_t kWord = sizeof(std::uint64_t);
    if (a.size() < kWord) {  // the two ends, which overlap
        const auto ends = [&load](std::string_view text) {
            return load(text, 0, std::uint32_t{}) | load(text, text.size() - 4, std::uint32_t{}) << 32U;
        };
        return to_lower(ends(a)) == to_lower(ends(b));
    }
    const auto same = [&](std::size_t at) {
        return to_lower(load(a, at, std::uint64_t{})) == to_lower(load(b, at, std::uint64_t{}));
    };
    for (std::size_t at = 0; at + kWord < a.size(); at += kWord) {
        if (!same(at)) return false;
    }
    return same(a.size() - kWord);
}

}  // namespace ascii_detail

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// tchar: what methods and field names are made of (RFC 9110, 5.6.2).
constexpr bool is_token_char(char c) {
    return ascii_detail::has_class(c, ascii_detail::kToken);
}

/// token: one tchar or more.
constexpr bool is_token(std::string_view text) {
    return !text.empty() && ascii_detail::all_have_class(text, ascii_detail::kToken);
}

/// Whether `text` may stand in a field value: visible bytes, obs-text, spaces and tabs (RFC 9110, 5.5).
inline bool is_field_text(std::string_view text) {
    if (text.size() >= sizeof(std::uint64_t) && !ascii_detail::has_control_byte(text)) return true;
    return ascii_detail::all_have_class(text, ascii_detail::kFieldByte);  // a tab is a control byte, too
}

/// Whether `text` has neither white space nor control bytes, as a request target must not.
constexpr bool is_target_text(std::string_view text) {
    return ascii_detail::all_have_class(text, ascii_detail::kTargetByte);
}

/// Whether `text` is made of what may stand in the path and query of a URI as it is (RFC 3986): no brackets, no `#`.
constexpr bool is_uri_text(std::string_view text) {
    return ascii_detail::all_have_class(text, ascii_detail::kUriByte);
}

/// Whether `text` is made of what a reg-name is made of: unreserved, sub-delims and `%` (RFC 3986, 3.2.2).
constexpr bool is_host_name_text(std::string_view text) {
    return ascii_detail::all_have_class(text, ascii_detail::kNameByte);
}

/// How many bytes at the front of `text` are tchars.
constexpr std::size_t token_size(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && is_token_char(text[size]))
        ++size;
    return size;
}

/// Equal where ASCII letters of either case count as the same, as in field names and most tokens.
constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    if
        !consteval {
            if (a.size() >= sizeof(std::uint32_t)) return ascii_detail::words_equal_ignoring_case(a, b);
        }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (to_lower(a[i]) != to_lower(b[i])) return false;
    }
    return true;
}

/// SP and HTAB: the white space of HTTP.
constexpr bool is_white_space(char c) {
    return c == ' ' || c == '\t';
}

/// `text` without the optional white space (SP, HTAB) around it.
constexpr std::string_view trim_white_space(std::string_view text) {
    while (!text.empty() && is_white_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_white_space(text.back()))
        text.remove_suffix(1);
    return text;
}

}  // namespace basehttp
