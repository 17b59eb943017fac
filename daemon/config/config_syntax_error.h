// The YAML parser's complaints in a user's words. Master only.
#pragma once

#include <string>

#include "daemon/config/config_error.h"
#include "daemon/config/config_slips.h"
#include "daemon/config/config_source.h"

namespace basehttpd {

/// What is known when the parser gives up. Lines and columns are counted from 1.
struct SyntaxProblem {
    struct Place {
        int line = 1;
        int column = 1;
    };

    std::string parser_says;
    Place stop;       ///< where the parser stopped
    Place innermost;  ///< where the list or map begins that it never left
    Place last;       ///< where the last value or key begins that it understood
};

/// The error to show for a slip in the text of `source`.
ConfigError error_of(const ConfigSource& source, const Slip& slip);

/// The error to show for `problem`, at the place where the mistake most likely is.
ConfigError explain_syntax(const ConfigSource& source, const SyntaxProblem& problem);

}  // namespace basehttpd
