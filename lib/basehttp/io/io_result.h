// IoResult: what a system call gave, or errno with the operation's name. Passed up unchanged; logged once, at the
// top.
#pragma once

#include <cerrno>
#include <expected>
#include <string>
#include <system_error>

namespace basehttp {

struct IoError {
    int code = 0;                ///< an errno value
    const char* operation = "";  ///< the call that failed, as in its man page; a string literal

    /// `operation: what strerror(3) says`.
    std::string text() const { return std::string(operation) + ": " + std::generic_category().message(code); }

    bool would_block() const { return code == EAGAIN || code == EWOULDBLOCK; }
};

template <typename T>
using IoResult = std::expected<T, IoError>;

/// The error of the call that has just failed.
inline std::unexpected<IoError> io_failure(const char* operation) {
    return std::unexpected(IoError{errno, operation});
}

}  // namespace basehttp
