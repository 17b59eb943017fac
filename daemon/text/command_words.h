// A command as an operator writes it, in words: as a shell would split it, though no shell ever sees it. Pure
// functions but for the search along PATH. Used by the master.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace basehttpd {

struct CommandProblem {
    std::size_t offset;   ///< in the command
    std::string message;  ///< continues "the command ..."
    std::string hint;
};

/// Blanks separate words; `'...'` is taken as it is, `"..."` but for \" \\ \$ and \`, and outside of them a backslash
/// makes the next byte an ordinary one. What a shell alone could act on (| > $ and the like) is a problem, unless it
/// is quoted: it would be passed on as a word otherwise, which nobody means.
std::expected<std::vector<std::string>, CommandProblem> split_command(std::string_view command);

/// The file that `program` names: itself where it has a slash, else the first one along PATH that is an executable
/// file; empty where there is none.
std::string find_program(const std::string& program);

}  // namespace basehttpd
