// Parses a configuration file into a tree of ConfigNodes. Master only.
//
// The tree is built from yaml-cpp's events and not from YAML::Node: that one drops duplicate keys and cannot tell an
// alias from a copy, so nothing would bound the size of what aliases multiply.
#pragma once

#include <expected>

#include "daemon/config/config_error.h"
#include "daemon/config/config_node.h"
#include "daemon/config/config_source.h"

namespace basehttpd {

/// Parses the one document of `source`; an empty one is a node of kind `nothing`. Wrong syntax, nesting deeper than
/// 32 levels, tags, and aliases that multiply into more than 200 000 values are errors. The tree refers to `source`.
std::expected<ConfigNode, ConfigError> parse_yaml(const ConfigSource& source);

}  // namespace basehttpd
