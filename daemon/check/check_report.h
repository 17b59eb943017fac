// CheckReport: what the checks have found so far, in the order of the files' lines once it is taken. Master only.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config_error.h"

namespace basehttpd {

/// The error on one line, without the excerpt: `basehttpd.yaml:7:1: message; what to do about it`.
std::string headline(const ConfigError& error);

class CheckReport {
  public:
    /// The same message about the same line is one mistake: two logs in one missing folder.
    void add(const ConfigPosition& where, std::string message, std::string hint = {},
             ConfigError::Kind kind = ConfigError::Kind::error);

    /// One whose text the caller has made; the same one twice is one.
    void add(const ConfigError& found);

    /// `what` at `path` cannot be used, by errno; where it does not exist, `hint` tells what to do about it.
    void add_missing(const ConfigPosition& where, const std::string& path, const char* what, std::string hint);

    /// Whether anything but warnings was found.
    bool has_error() const { return basehttpd::has_error(errors_); }

    /// All of them: files in the order in which their first error was found, and lines sorted within each.
    std::vector<ConfigError> take();

  private:
    std::vector<ConfigError> errors_;
};

}  // namespace basehttpd
