// Expectations: the kind of the key `expect`, requests and the answers that a site is to give to them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/config/config_kinds.h"
#include "daemon/config/expectation.h"

namespace basehttpd {

/// Each is `METHOD TARGET -> STATUS LOCATION`, where the method and the location may be left out. A target that
/// begins with `http://HOST` or `https://HOST` is asked of that host.
struct Expectations {
    static std::string_view word() { return "list of texts"; }
    static std::string bounds() { return "[METHOD] PATH -> STATUS [LOCATION]"; }
    static Document schema();
    static std::optional<Document> write(const std::vector<Expectation>& all);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<Expectation>& all);
};

}  // namespace basehttpd
