// Apache's own password hash, `$apr1$salt$hash`, which libxcrypt does not know: that of FreeBSD's crypt for MD5 with
// another prefix. It is here to read files that others have written. Pure.
#pragma once

#include <string>
#include <string_view>

namespace basehttpd {

inline constexpr std::string_view kApr1 = "$apr1$";

/// The hash of `password` with the salt of `setting`, which begins with `$apr1$`.
std::string apr1_hash(std::string_view password, std::string_view setting);

}  // namespace basehttpd
