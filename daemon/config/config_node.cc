#include "daemon/config/config_node.h"

#include <algorithm>

#include "daemon/text/words.h"

namespace basehttpd {

ConfigError ConfigNode::error(std::string message, std::string hint, std::size_t offset) const {
    if (offset > 0) {
        std::string_view rest = source->line(line);
        rest.remove_prefix(std::min(rest.size(), static_cast<std::size_t>(column) - 1));
        const std::size_t quote = rest.starts_with('"') || rest.starts_with('\'') ? 1 : 0;
        const bool verbatim = rest.substr(quote).starts_with(std::string_view(text).substr(0, offset));
        offset = verbatim ? offset + quote : 0;
    }
    return source->error_at(line, column + static_cast<int>(offset), std::move(message), std::move(hint));
}

std::string ConfigNode::description() const {
    switch (kind) {
        case Kind::nothing:
            return "nothing";
        case Kind::scalar:
            return "the value " + in_quotes(text);
        case Kind::list:
            return "a list";
        case Kind::map:
            return "a block of keys";
    }
    return {};
}

}  // namespace basehttpd
