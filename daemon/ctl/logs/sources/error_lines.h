// ErrorLines: what the error logs say of one request. basehttpctl.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace basehttpd {

/// The lines of the error logs at `paths`, rotated pieces included, that name the request id; at most ten. Pieces
/// that were last written before `since_us` are passed over, and so is what cannot be read.
std::vector<std::string> find_error_lines(std::span<const std::string> paths, std::string_view request_id,
                                          std::int64_t since_us);

}  // namespace basehttpd
