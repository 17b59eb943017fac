// What to write in the place of a value of the wrong kind: `workers: 4`, `access: off`, `listen: [{port: 80}]`, as
// other programs take them. Pure functions, for messages. Master only.
#pragma once

#include <string>
#include <string_view>

#include "daemon/config/config_node.h"

namespace basehttpd {

/// What to write in the place of `node`, which stands where a block of keys belongs; `name` is that of the block as
/// messages call it.
std::string hint_for_block(std::string_view name, const ConfigNode& node);

/// The same for `key`, whose value is a list of blocks.
std::string hint_for_list(std::string_view key, const ConfigNode& node);

/// The same for `key`, whose value is a text.
std::string hint_for_text(std::string_view key, const ConfigNode& node);

/// `root: /srv` for `root:/srv` and `root /srv`; empty where `text` is neither.
std::string with_separator(std::string_view text);

}  // namespace basehttpd
