#include "daemon/config/config_kinds.h"

#include <fmt/format.h>

#include "daemon/config/config_source.h"

namespace basehttpd {

std::string bounds_text(std::string_view least, std::string_view most, std::string_view zero) {
    if (zero.empty()) return fmt::format("{} to {}", least, most);
    return fmt::format("{} to {}; 0 for {}", least, most, zero);
}

Document schema_of_type(std::string_view type) {
    return Document::map().add("type", Document::of_text(type));
}

Document schema_of_pattern(std::string_view pattern) {
    return schema_of_type("string").add("pattern", Document::of_text(pattern));
}

Document schema_of_range(std::uint64_t least, std::uint64_t most) {
    return schema_of_type("integer").add("minimum", Document::number(least)).add("maximum", Document::number(most));
}

Document schema_of_choice(const std::vector<std::string>& words) {
    return Document::map().add("enum", Document::row(words));
}

Document schema_of_any(std::vector<Document> schemas) {
    return Document::map().add("anyOf", {.kind = Document::Kind::list, .items = std::move(schemas)});
}

Document schema_of_list(const Document& item) {
    return schema_of_any({item, schema_of_type("array").add("items", item).add("minItems", Document::number(1))});
}

Document schema_of_keys(const std::vector<const KeyFacts*>& keys) {
    Document properties = Document::map();
    Document required = Document::list();
    for (const KeyFacts* key : keys) {
        Document schema = Document::map().add("description", Document::of_text(key->says));
        for (Document::Entry& entry : key->schema().entries)
            schema.entries.push_back(std::move(entry));
        properties.add(key->name, std::move(schema));
        if (!key->needed.empty()) required.items.push_back(Document::of_text(key->name));
    }
    Document schema = schema_of_type("object").add("properties", std::move(properties));
    if (!required.items.empty()) schema.add("required", std::move(required));
    schema.add("patternProperties", Document::map().add("^x-", Document::map()));
    return schema.add("additionalProperties", Document::truth(false));
}

Document Size::schema() {
    return schema_of_any(
        {schema_of_type("integer").add("minimum", Document::number(0)), schema_of_pattern("^[0-9]+[KMGkmg]?$")});
}

Document Duration::schema() {
    return schema_of_any(
        {Document::map().add("const", Document::number(0)), schema_of_pattern("^(0|[0-9]+(ms|s|m|h))$")});
}

Document Switch::schema() {
    return schema_of_any(
        {schema_of_type("boolean"),
         schema_of_pattern("^([Tt]rue|TRUE|[Yy]es|YES|[Oo]n|ON|[Ff]alse|FALSE|[Nn]o|NO|[Oo]ff|OFF)$")});
}

const ConfigNode* WholeSeconds::read(ConfigMap& map, std::string_view key, std::chrono::milliseconds& age) {
    const ConfigNode* node = kDuration.read(map, key, age);
    if (node == nullptr || age.count() % kSecond == 0) return node;
    map.report(*node, fmt::format("'{}' counts whole seconds", key), "write 1s or more, or 0");
    return nullptr;
}

const ConfigNode* Path::read(ConfigMap& map, std::string_view key, std::string& value) {
    const ConfigNode* node = map.read_text(key, value);
    if (node != nullptr) value = node->source->resolve(value);
    return node;
}

}  // namespace basehttpd
