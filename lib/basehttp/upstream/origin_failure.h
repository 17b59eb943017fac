// OriginFailure: why an origin gave no response. A plain value.
#pragma once

#include <expected>
#include <string>

namespace basehttp {

/// The status that the client gets, and what the error log says. Status 0: the client has failed, and is not
/// answered.
struct OriginFailure {
    int status;
    std::string what;
};

template <typename T>
using OriginResult = std::expected<T, OriginFailure>;

}  // namespace basehttp
