#include "daemon/config/name_lists.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

std::optional<Document> write_names(const std::vector<std::string>& names) {
    if (names.empty()) return std::nullopt;
    return Document::row(names);
}

}  // namespace

std::optional<Document> Methods::write(const std::vector<std::string>& methods) {
    return write_names(methods);
}

const ConfigNode* Methods::read(ConfigMap& map, std::string_view key, std::vector<std::string>& methods) {
    return map.for_each_text(key, [&](const ConfigNode& node) {
        const auto name = map.text_of(node, key);
        if (!name) return;
        const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (!name->empty() && std::ranges::all_of(*name, is_capital)) return methods.push_back(*name);
        std::string capitals = *name;
        for (char& c : capitals)
            c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        map.report(node, fmt::format("'{}': {} is not a method", key, in_quotes(*name)),
                   std::ranges::all_of(capitals, is_capital) && !capitals.empty() ? "write " + capitals : "");
    });
}

std::optional<Document> FieldNames::write(const std::vector<std::string>& names) {
    return write_names(names);
}

const ConfigNode* FieldNames::read(ConfigMap& map, std::string_view key, std::vector<std::string>& names) {
    return map.for_each_text(key, [&](const ConfigNode& node) {
        const auto name = map.text_of(node, key);
        if (!name) return;
        if (basehttp::is_token(*name)) return names.push_back(*name);  // '*' is one
        map.report(node, fmt::format("'{}': {} is not the name of a field", key, in_quotes(*name)),
                   "letters, digits and '-' make one, like Content-Type");
    });
}

}  // namespace basehttpd
