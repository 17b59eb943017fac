#include "daemon/config/name_lists.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/text/words.h"

namespace basehttpd {

std::optional<Document> Methods::write(const std::vector<std::string>& methods) {
    return row_of(methods);
}

const ConfigNode* Methods::read(ConfigMap& map, std::string_view key, std::vector<std::string>& methods) {
    return map.for_each_text(key, [&](const std::string& name, const ConfigNode& node) {
        const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (std::ranges::all_of(name, is_capital)) return methods.push_back(name);
        std::string capitals = name;
        for (char& c : capitals)
            c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        map.report(node, key, name,
                   {"is not a method", std::ranges::all_of(capitals, is_capital) ? "write " + capitals : ""});
    });
}

std::optional<Document> FieldNames::write(const std::vector<std::string>& names) {
    return row_of(names);
}

const ConfigNode* FieldNames::read(ConfigMap& map, std::string_view key, std::vector<std::string>& names) {
    return map.for_each_text(key, [&](const std::string& name, const ConfigNode& node) {
        if (basehttp::is_token(name)) return names.push_back(name);  // '*' is one
        map.report(node, key, name,
                   {"is not the name of a field", "letters, digits and '-' make one, like Content-Type"});
    });
}

}  // namespace basehttpd
