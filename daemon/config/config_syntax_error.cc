#include "daemon/config/config_syntax_error.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>

#include "daemon/config/config_brackets.h"
#include "daemon/config/config_slips.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

namespace says = YAML::ErrorMsg;

using Spot = SyntaxProblem::Place SyntaxProblem::*;

// The parser's words for the usual slips, in a user's words.
struct Explanation {
    std::string_view parser_says;
    std::string_view message;
    std::string_view hint;
    Spot spot = &SyntaxProblem::stop;
};

constexpr std::string_view kCheckIndentation = "check the indentation, and the ':' after each key";
constexpr std::string_view kBlockText = "'|' and '>' begin a block of text on the lines below";
constexpr std::string_view kCannotBegin = "this cannot begin a value";

const auto kExplanations = std::to_array<Explanation>({
    {says::END_OF_MAP_FLOW, "this '{' is never closed", "close it with '}'", &SyntaxProblem::innermost},
    {says::END_OF_SEQ_FLOW, "this '[' is never closed", "close it with ']', or separate with ','",
     &SyntaxProblem::innermost},
    {says::END_OF_MAP, "this does not continue the keys above it", kCheckIndentation},
    {says::END_OF_SEQ, "this does not continue the list above it",
     "check the indentation, and the '-' before each item"},
    {says::MAP_VALUE, "a ':' is not expected here", "check the indentation, and quote text that has ': ' in it"},
    {says::MAP_KEY, "a key is not expected here", kCheckIndentation},
    {says::BLOCK_ENTRY, "a '-' is not expected here", "a list begins on a line of its own"},
    {says::EOF_IN_SCALAR, "a quoted text that begins here or below is never closed", "add the missing quote",
     &SyntaxProblem::last},
    {says::FLOW_END, "this closes a bracket that was not opened", ""},
    {says::TAB_IN_INDENTATION, "a tab in the indentation", "indent with spaces"},
    {says::UNKNOWN_ANCHOR, "this alias names no anchor",
     "write '&name' before the value that '*name' repeats, or quote text that begins with '*'"},
    {says::ANCHOR_NOT_FOUND, kCannotBegin, "quote text that begins with '&'"},
    {says::CHAR_IN_ANCHOR, kCannotBegin, "quote text that begins with '&'"},
    {says::CHAR_IN_BLOCK, kBlockText, "quote text that begins with one of these"},
    {says::CHAR_IN_TAG_HANDLE, kCannotBegin, "quote text that begins with '!'"},
    {says::TAG_WITH_NO_SUFFIX, kCannotBegin, "quote text that begins with '!'"},
});

// Where the parser stopped, in the file's text.
struct Scene {
    std::string_view text;
    std::size_t stop;
    std::size_t last;
};

// Looks for a mistake that explains better why the parser stopped.
using Look = std::optional<Slip> (*)(const Scene&);

std::size_t line_start(std::string_view text, std::size_t offset) {
    return offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;
}

std::optional<Slip> unclosed_bracket(const Scene& scene) {
    const auto open = find_unclosed_bracket(scene.text, scene.stop);
    if (!open) return std::nullopt;
    const bool list = scene.text[*open] == '[';
    return Slip{*open, fmt::format("this '{}' is never closed", list ? '[' : '{'),
                list ? "close it with ']', or separate with ','" : "close it with '}'"};
}

// The line before the stop that has text, and the one where the parser stopped.
std::optional<Slip> missing_separator(const Scene& scene) {
    const std::size_t here = line_start(scene.text, scene.stop);
    for (std::size_t line = here; line > 0;) {
        line = line_start(scene.text, line - 1);
        const std::size_t first = scene.text.find_first_not_of(" \t\r", line);
        if (first == std::string_view::npos || scene.text[first] == '\n' || scene.text[first] == '#') continue;
        if (auto slip = find_missing_separator(scene.text, line)) return slip;
        break;
    }
    return find_missing_separator(scene.text, here);
}

std::optional<Slip> text_after_quote(const Scene& scene) {
    const std::size_t before =
        scene.stop == 0 ? std::string_view::npos : scene.text.find_last_not_of(" \t\r\n", scene.stop - 1);
    if (before == std::string_view::npos) return std::nullopt;
    const char quote = scene.text[before];
    const bool same_line = line_start(scene.text, before) == line_start(scene.text, scene.stop);
    if ((quote != '"' && quote != '\'') || !same_line) return std::nullopt;
    if (scene.last < before && line_start(scene.text, scene.last) != line_start(scene.text, before) &&
        scene.text[scene.last] == quote) {
        return Slip{scene.last, "the quoted text that begins here ends lines later, and more text follows it",
                    "add the missing quote"};
    }
    return Slip{scene.stop, "text follows the closing quote",
                quote == '"' ? "write \\\" for a quote within \"...\"" : "write '' for an apostrophe within '...'"};
}

std::optional<Slip> missing_comma(const Scene& scene) {
    return Slip{scene.stop, "this does not continue what is in the brackets",
                "separate with ',', and keys from values with ': '"};
}

std::optional<Slip> special_character(const Scene& scene) {
    const std::string_view written = unquoted_text(scene.text, scene.stop);
    if (written.empty()) return std::nullopt;
    return Slip{scene.stop, std::string(kCannotBegin),
                fmt::format("quote text that begins with '{}': {}", written.front(), quoted_for_yaml(written))};
}

// `*` begins an alias; most people mean a pattern.
std::optional<Slip> unquoted_pattern(const Scene& scene) {
    const std::size_t star = scene.text.rfind('*', scene.stop);
    if (star == std::string_view::npos || star < line_start(scene.text, scene.stop)) return std::nullopt;
    const std::string_view written = unquoted_text(scene.text, star);
    const std::string_view name = written.substr(1);
    if (name.starts_with(':')) {
        return Slip{star, "'*' is not an address",
                    fmt::format("write 0.0.0.0{0} for IPv4, \"[::]{0}\" for IPv6", name)};
    }
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    if (!name.empty() && std::ranges::all_of(name, is_letter)) return std::nullopt;
    return Slip{star, std::string(kCannotBegin),
                fmt::format("quote text that begins with '*': {}", quoted_for_yaml(written))};
}

std::optional<Slip> unknown_escape(const Scene& scene) {
    return Slip{scene.stop, "a backslash in double quotes begins an escape, and this is none",
                "write \\\\ for a backslash, or use single quotes, where a backslash is just that"};
}

struct Inspection {
    std::string_view parser_says;  // the beginning of it
    Look look;
};

// In the order in which they are tried.
const auto kInspections = std::to_array<Inspection>({
    {says::END_OF_MAP_FLOW, unclosed_bracket}, {says::END_OF_MAP_FLOW, text_after_quote},
    {says::END_OF_MAP_FLOW, missing_comma},    {says::END_OF_SEQ_FLOW, unclosed_bracket},
    {says::END_OF_SEQ_FLOW, text_after_quote}, {says::END_OF_SEQ_FLOW, missing_comma},
    {says::FLOW_END, unclosed_bracket},        {says::BLOCK_ENTRY, unclosed_bracket},
    {says::MAP_KEY, unclosed_bracket},         {says::MAP_VALUE, unclosed_bracket},
    {says::MAP_VALUE, missing_separator},      {says::END_OF_MAP, unclosed_bracket},
    {says::END_OF_MAP, text_after_quote},      {says::END_OF_MAP, missing_separator},
    {says::END_OF_SEQ, unclosed_bracket},      {says::END_OF_SEQ, text_after_quote},
    {says::END_OF_SEQ, missing_separator},     {says::UNKNOWN_TOKEN, special_character},
    {says::UNKNOWN_ANCHOR, unquoted_pattern},  {says::ALIAS_NOT_FOUND, unquoted_pattern},
    {says::CHAR_IN_ALIAS, unquoted_pattern},   {says::INVALID_ESCAPE, unknown_escape},
});

bool is_indented_by_tab(std::string_view line) {
    const std::size_t text = std::min(line.find_first_not_of(" \t"), line.size());
    return line.substr(0, text).contains('\t');
}

std::size_t offset_of(const ConfigSource& source, const SyntaxProblem::Place& place) {
    return std::min(source.offset(place.line, place.column), source.text().size());
}

std::optional<Slip> inspect(const ConfigSource& source, const SyntaxProblem& problem) {
    const Scene scene{source.text(), offset_of(source, problem.stop), offset_of(source, problem.last)};
    for (const auto& [parser_says, look] : kInspections) {
        if (!problem.parser_says.starts_with(parser_says)) continue;
        if (auto slip = look(scene)) return slip;
    }
    return std::nullopt;
}

}  // namespace

ConfigError error_of(const ConfigSource& source, const Slip& slip) {
    const auto [line, column] = source.position(slip.offset);
    return source.error_at(line, column, slip.message, slip.hint);
}

ConfigError explain_syntax(const ConfigSource& source, const SyntaxProblem& problem) {
    if (is_indented_by_tab(source.line(problem.stop.line))) {
        return source.error_at(problem.stop.line, 1, "a tab in the indentation", "YAML wants spaces there");
    }
    if (const auto slip = inspect(source, problem)) return error_of(source, *slip);
    const auto known = std::ranges::find(kExplanations, problem.parser_says, &Explanation::parser_says);
    if (known == kExplanations.end()) {
        return source.error_at(problem.stop.line, problem.stop.column, escape_unprintable(problem.parser_says));
    }
    const SyntaxProblem::Place place = problem.*(known->spot);
    return source.error_at(place.line, place.column, std::string(known->message), std::string(known->hint));
}

}  // namespace basehttpd
