// Verdict: the answer to a command, and how it travels over the control socket: the exit code in digits, a line feed,
// a text for people. Written by the master, read by basehttpctl.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace basehttpd {

/// What a command came to.
struct Verdict {
    int code = 0;      ///< the exit code that basehttpctl ends with
    std::string text;  ///< what it prints
};

/// The command that `basehttpctl status --json` sends. The others are sent as the user has them.
inline constexpr std::string_view kStatusAsJson = "status-json";

std::string format_verdict(const Verdict& verdict);

/// Nothing where `answer` is not a whole verdict, as when the daemon ended in the middle of it.
std::optional<Verdict> parse_verdict(const std::string& answer);

}  // namespace basehttpd
