// What `basehttpd explain` and `basehttpd config` say of keys without reading a file: from the table alone.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config_key.h"

namespace basehttpd {

/// A key by its path: `limits.body`, `sites.routes.to`. Keys of several handlers have one path.
struct NamedKey {
    std::string path;
    const KeyFacts* facts;
};

/// All keys, in the order in which they are printed.
std::vector<NamedKey> all_keys();

/// The value that holds where the key is left out, as text; `none` where there is none, `needed` where it must be
/// there.
std::string default_text(const KeyFacts& key);

/// What the table says of a key; the items of lists in its path may be named, as in `sites[example.org].root`. Empty:
/// of all keys. The error is a sentence that names the nearest key.
std::expected<std::string, std::string> explain_key(std::string_view path);

/// The shortest configuration, with every default written out.
std::string print_defaults();

/// The JSON Schema that editors check a configuration with.
std::string config_schema();

}  // namespace basehttpd
