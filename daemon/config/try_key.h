// Tries: the kind of the key `try`, the list of places where the file for a path is looked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/handlers/try_step.h"
#include "daemon/config/config_kinds.h"

namespace basehttpd {

struct Tries {
    static std::string_view word() { return "list of names"; }
    static std::string bounds() { return "$path, $path.SUFFIX, $path/ and last of all /FILE"; }
    static Document schema();
    static std::optional<Document> write(const std::vector<basehttp::TryStep>& tries);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<basehttp::TryStep>& tries);
};

}  // namespace basehttpd
