// `basehttpctl passwd FILE USER`: writes a user's password into a password file, which it makes where there is none.
#pragma once

#include <string>

namespace basehttpd {

struct PasswdOptions {
    std::string file;
    std::string user;
    bool remove = false;  ///< the user, instead of giving one a password
};

/// Asks for the password twice on a terminal, and else reads it from the first line of standard input. The file is
/// replaced as a whole, and keeps its owner and mode. The exit code; errors go to standard error.
int run_passwd(const PasswdOptions& options);

}  // namespace basehttpd
