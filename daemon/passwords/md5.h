// MD5 (RFC 1321), which Apache's password hashes are made of and nothing else is to use. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace basehttpd {

using Md5 = std::array<unsigned char, 16>;

Md5 md5(std::string_view text);

}  // namespace basehttpd
