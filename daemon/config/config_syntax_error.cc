#include "daemon/config/config_syntax_error.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <yaml-cpp/exceptions.h>

#include "daemon/text/utf8.h"

namespace basehttpd {
namespace {

using Spot = SyntaxProblem::Place SyntaxProblem::*;

// The parser's words for the usual slips, in a user's words.
struct Explanation {
    std::string_view parser_says;
    std::string_view message;
    std::string_view hint;
    Spot spot = &SyntaxProblem::stop;
};

constexpr std::string_view kCheckIndentation = "check the indentation, and the ':' after each key";

const auto kExplanations = std::to_array<Explanation>({
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "this '{' is never closed", "close it with '}'", &SyntaxProblem::innermost},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "this '[' is never closed", "close it with ']', or separate with ','",
     &SyntaxProblem::innermost},
    {YAML::ErrorMsg::END_OF_MAP, "this does not continue the keys above it", kCheckIndentation},
    {YAML::ErrorMsg::END_OF_SEQ, "this does not continue the list above it",
     "check the indentation, and the '-' before each item"},
    {YAML::ErrorMsg::MAP_VALUE, "a ':' is not expected here",
     "check the indentation, and quote text that has ': ' in it"},
    {YAML::ErrorMsg::MAP_KEY, "a key is not expected here", kCheckIndentation},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a '-' is not expected here", "a list begins on a line of its own"},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "a quoted text that begins here or below is never closed",
     "add the missing quote", &SyntaxProblem::last},
    {YAML::ErrorMsg::FLOW_END, "this closes a bracket that was not opened", ""},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "this cannot begin a value", "quote text that begins with a special character"},
    {YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab in the indentation", "indent with spaces"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "this alias names no anchor",
     "write '&name' before the value that '*name' repeats"},
});

bool is_indented_by_tab(std::string_view line) {
    const std::size_t text = std::min(line.find_first_not_of(" \t"), line.size());
    return line.substr(0, text).contains('\t');
}

}  // namespace

ConfigError explain_syntax(const ConfigSource& source, const SyntaxProblem& problem) {
    if (is_indented_by_tab(source.line(problem.stop.line))) {
        return source.error_at(problem.stop.line, 1, "a tab in the indentation", "YAML wants spaces there");
    }
    const auto known = std::ranges::find(kExplanations, problem.parser_says, &Explanation::parser_says);
    if (known == kExplanations.end()) {
        return source.error_at(problem.stop.line, problem.stop.column, escape_unprintable(problem.parser_says));
    }
    const SyntaxProblem::Place place = problem.*(known->spot);
    return source.error_at(place.line, place.column, std::string(known->message), std::string(known->hint));
}

}  // namespace basehttpd
