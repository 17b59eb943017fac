// The host of a URL that an operator writes. Pure.
#pragma once

#include <string>
#include <string_view>

namespace basehttpd {

/// Takes `http://HOST[:PORT]` or `https://HOST[:PORT]` off the front of `url` and returns `HOST[:PORT]`; what is left
/// is path and query, `/` where there was none. Empty where `url` begins otherwise.
std::string take_url_host(std::string_view& url);

}  // namespace basehttpd
