#include "daemon/config/config_slips.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "basehttp/text/utf8.h"
#include "daemon/config/config_brackets.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Characters that look like one of YAML's own, or like a quote.
struct LookAlike {
    char32_t code;
    char meant;
};

constexpr auto kLookAlikes = std::to_array<LookAlike>({
    {0x2018, '\''},
    {0x2019, '\''},
    {0x201A, '\''},
    {0xFF07, '\''},
    {0x201C, '"'},
    {0x201D, '"'},
    {0x201E, '"'},
    {0xFF02, '"'},
    {0xFF1A, ':'},
    {0xA789, ':'},
    {0xFE55, ':'},
    {0xFF0C, ','},
    {0xFF3B, '['},
    {0xFF5B, '{'},
    {0xFF03, '#'},
    {0xFF0F, '/'},
});

// What an editor makes of a '-' and a space.
constexpr auto kDashes = std::to_array<LookAlike>({{0x2010, '-'},
                                                   {0x2011, '-'},
                                                   {0x2012, '-'},
                                                   {0x2013, '-'},
                                                   {0x2014, '-'},
                                                   {0x2022, '-'},
                                                   {0x2212, '-'},
                                                   {0xFF0D, '-'}});

bool is_foreign_blank(char32_t code) {
    const bool general = code >= 0x2000 && code <= 0x200D;
    return general || code == 0xA0 || code == 0x1680 || code == 0x202F || code == 0x205F || code == 0x2060 ||
           code == 0x3000 || code == 0xFEFF;
}

std::string name_of_blank(char32_t code) {
    const std::string_view name = code == 0xA0 || code == 0x202F ? "a no-break space" : "a blank that is no space";
    return fmt::format("{} (U+{:04X})", name, static_cast<unsigned>(code));
}

std::string_view line_at(std::string_view text, std::size_t start) {
    return text.substr(start, text.find('\n', start) - start);
}

bool is_key_character(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_plain_word(std::string_view text) {
    const auto fits = [](char c) { return is_key_character(c) || c == '.' || c == '/'; };
    return !text.empty() && std::ranges::all_of(text, fits);
}

// The characters of a key that `text` begins with.
std::string_view leading_word(std::string_view text) {
    return text.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(text, is_key_character) - text.begin()));
}

// `text` without the blanks at its end.
std::string_view trimmed(std::string_view text) {
    const std::size_t last = text.find_last_not_of(kBlanks);
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// The first character of a line that is not ASCII.
struct Foreign {
    std::size_t at;
    basehttp::Utf8Character character;
};

std::optional<Foreign> find_foreign(std::string_view line) {
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (static_cast<unsigned char>(line[at]) < 0x80) continue;
        const basehttp::Utf8Character character = basehttp::decode_utf8(line.substr(at, 4));
        if (character.length == 0) return std::nullopt;
        return Foreign{at, character};
    }
    return std::nullopt;
}

Slip is_not(std::string_view written, std::size_t offset, const LookAlike& like) {
    return {offset,
            fmt::format("{} (U+{:04X}) is not {}", in_quotes(written), static_cast<unsigned>(like.code), like.meant),
            fmt::format("write {}", like.meant)};
}

// A look-alike counts at the beginning, where it stands for a quote or a bracket, and behind a plain word, where it
// stands for ':' or ','. Elsewhere it may be part of a text in another language.
std::optional<Slip> find_look_alike(std::string_view line, std::size_t offset) {
    const auto foreign = find_foreign(line);
    if (!foreign) return std::nullopt;
    const auto [at, character] = *foreign;
    const std::string_view before = line.substr(0, at);
    if (is_foreign_blank(character.code) && (at == 0 || before.ends_with(':') || before.ends_with('-'))) {
        return Slip{offset + at, name_of_blank(character.code), "write a plain space"};
    }
    const auto found = std::ranges::find(kLookAlikes, character.code, &LookAlike::code);
    if (found == kLookAlikes.end()) return std::nullopt;
    const bool separates = found->meant == ':' || found->meant == ',';
    if (separates ? !is_plain_word(before) : at > 0) return std::nullopt;
    return is_not(line.substr(at, character.length), offset + at, *found);
}

// Whether nothing but blanks, and the dashes of lists, come before `offset` on its line.
bool begins_line(std::string_view text, std::size_t offset) {
    const std::size_t start = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;
    return text.substr(start, offset - start).find_first_not_of(" -") == std::string_view::npos;
}

std::optional<Slip> find_dash_slip(std::string_view line, std::size_t offset) {
    if (const auto foreign = find_foreign(line); foreign && foreign->at == 0) {
        const auto dash = std::ranges::find(kDashes, foreign->character.code, &LookAlike::code);
        if (dash != kDashes.end()) return is_not(line.substr(0, foreign->character.length), offset, *dash);
    }
    if (line.size() < 2 || line.front() != '-' || kBlanks.contains(line[1]) || line[1] == '-') return std::nullopt;
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    return Slip{offset, fmt::format("{} begins with '-'", in_quotes(word)), "write a space after the '-' of a list"};
}

}  // namespace

std::optional<Slip> find_foreign_indentation(std::string_view text) {
    for (std::size_t start = 0; start < text.size(); start += line_at(text, start).size() + 1) {
        const std::string_view line = line_at(text, start);
        const std::size_t first = std::min(line.find_first_not_of(" \t-"), line.size());
        const auto foreign = find_foreign(line.substr(0, first + 4));
        if (!foreign || foreign->at != first || !is_foreign_blank(foreign->character.code)) continue;
        return Slip{start + first, name_of_blank(foreign->character.code) + " in the indentation",
                    "indent with plain spaces"};
    }
    return std::nullopt;
}

std::optional<Slip> find_plain_text_slip(std::string_view text, std::size_t offset) {
    if (offset >= text.size()) return std::nullopt;
    const std::string_view line = line_at(text, offset);
    if (begins_line(text, offset)) {
        if (auto slip = find_dash_slip(line, offset)) return slip;
    }
    return find_look_alike(line, offset);
}

std::optional<Slip> find_unquoted_ip6(std::string_view text, std::size_t offset) {
    constexpr std::string_view kAddress = "0123456789abcdefABCDEF:.";
    const std::string_view line = line_at(text, offset);
    const std::size_t end = line.find_first_not_of(kAddress, 1);
    if (!line.starts_with('[') || end == std::string_view::npos) return std::nullopt;
    const bool address = std::ranges::count(line.substr(0, end), ':') >= 2;
    if (!address || !line.substr(end).starts_with("]:")) return std::nullopt;
    const std::string_view whole = line.substr(0, line.find_first_of(" \t\r,]}", end + 1));
    return Slip{offset, "an IPv6 address must be quoted", fmt::format("write \"{}\"", whole)};
}

std::optional<Slip> find_missing_separator(std::string_view text, std::size_t line_start) {
    const std::string_view whole = line_at(text, line_start);
    const std::size_t indent = std::min(whole.find_first_not_of(' '), whole.size());
    if (auto slip = find_dash_slip(whole.substr(indent), line_start + indent)) return slip;
    if (whole.substr(indent).starts_with("-\t"))
        return Slip{line_start + indent + 1, "a tab after the '-' of a list", "write a space"};
    const std::size_t begin = std::min(whole.find_first_not_of(" -"), whole.size());
    if (auto slip = find_look_alike(whole.substr(begin), line_start + begin)) return slip;
    const std::string_view entry = trimmed(whole.substr(begin, whole.find(" #", begin) - begin));
    const std::string_view word = leading_word(entry);
    const std::string_view rest = entry.substr(word.size());
    if (word.empty() || entry.contains(": ") || entry.ends_with(':')) return std::nullopt;
    if (rest.starts_with(':')) {
        return Slip{line_start + begin + word.size(), "a space is missing after this ':'",
                    fmt::format("write {}: {}", word, escape_unprintable(rest.substr(1)))};
    }
    if (!rest.empty() && !rest.starts_with(' ')) return std::nullopt;
    return Slip{line_start + begin, fmt::format("a ':' is missing after {}", in_quotes(word)),
                fmt::format("write {}: VALUE", word)};
}

std::string_view unquoted_text(std::string_view text, std::size_t offset) {
    std::string_view rest = line_at(text, std::min(offset, text.size()));
    return trimmed(rest.substr(0, is_in_brackets(text, offset) ? rest.find_first_of(",]}") : rest.find(" #")));
}

std::string quoted_for_yaml(std::string_view text) {
    const char quote = text.contains('\'') ? '"' : '\'';
    return fmt::format("{0}{1}{0}", quote, escape_unprintable(text));
}

}  // namespace basehttpd
