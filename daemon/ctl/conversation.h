// Conversation: basehttpctl's side of the control socket: one command, one verdict. Runs in basehttpctl.
#pragma once

#include <string>

#include "daemon/control/verdict.h"

namespace basehttpd {

/// How the verdict begins where the daemon ended the conversation without one.
inline constexpr const char* kNoVerdict = "the daemon closed the connection without a verdict";

/// Sends `command` to the daemon that listens at `path` and waits for its verdict, however long that takes. Where
/// there is none, the verdict says why, with kExitUnavailable.
Verdict ask(const std::string& path, const std::string& command);

}  // namespace basehttpd
