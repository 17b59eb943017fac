// ConfigError: one thing that is wrong with the configuration, and how it is shown to the person who wrote it.
// Made by the reader and by the checks, in the master before anything else is done; plain values without an owner.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config_position.h"

namespace basehttpd {

/// A source line made safe to print: control bytes escaped, tabs widened, a long line cut around the caret.
struct SourceExcerpt {
    std::string line;
    std::size_t caret = 0;  ///< columns of a terminal before the caret
};

/// The excerpt of `line` that points at its byte number `byte`, counted from 0.
SourceExcerpt make_excerpt(std::string_view line, std::size_t byte);

struct ConfigError {
    enum class Kind : unsigned char { error, warning };

    ConfigPosition where;
    std::string message;     ///< what is wrong; no capital, no full stop
    std::string hint{};      ///< what to do about it; may be empty
    SourceExcerpt source{};  ///< shown where `where` has a line
    Kind kind = Kind::error;
};

/// `error` as lines of text, the last one with its newline:
///
///     basehttpd.yaml:7:1: error: unknown key 'lisen'; did you mean 'listen'?
///         7 | lisen: 80
///           | ^
std::string render(const ConfigError& error);

/// All of them, one after the other.
std::string render(std::span<const ConfigError> errors);

/// True where at least one of them is more than a warning.
bool has_error(std::span<const ConfigError> errors);

}  // namespace basehttpd
