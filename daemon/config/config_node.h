// ConfigNode: one value of a configuration file with its place in it: nothing, a scalar, a list or a map, in the
// order of the file and with duplicate keys kept. A tree of plain values that refers to its ConfigSource, which must
// outlive it. Master only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config_error.h"
#include "daemon/config/config_position.h"
#include "daemon/config/config_source.h"

namespace basehttpd {

struct ConfigNode {
    enum class Kind : unsigned char { nothing, scalar, list, map };
    struct Entry;

    Kind kind = Kind::nothing;
    std::string text;               ///< of a scalar
    std::vector<ConfigNode> items;  ///< of a list
    std::vector<Entry> entries;     ///< of a map
    bool anchored = false;          ///< it has a name, by which aliases repeat it
    const ConfigSource* source = nullptr;
    int line = 0;    ///< counted from 1
    int column = 0;  ///< in bytes, counted from 1

    ConfigPosition where() const { return {source->name(), line, column}; }

    /// An error at this value; `offset` counts bytes of `text` and moves the caret where the file has them verbatim.
    ConfigError error(std::string message, std::string hint = {}, std::size_t offset = 0) const;

    /// Words for messages: `a list`, `the value '3'`.
    std::string description() const;
};

struct ConfigNode::Entry {
    ConfigNode key;
    ConfigNode value;
};

}  // namespace basehttpd
