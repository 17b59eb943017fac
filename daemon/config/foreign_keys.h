// What other programs' configurations call a key, and what that is here: for messages about keys that somebody
// brought along from nginx, Apache, lighttpd, Caddy or docker-compose. Pure functions. Master only.
#pragma once

#include <string_view>

namespace basehttpd {

/// What `key` is called here, or that there is no such thing; empty where the word is not known.
std::string_view explain_foreign_key(std::string_view key);

}  // namespace basehttpd
