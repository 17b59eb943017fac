#include "daemon/config/proxy_keys.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "daemon/config/client_keys.h"
#include "daemon/config/config_kinds.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::AddressRange;
using basehttp::ForwardingFields;
using basehttp::TrustedProxies;

constexpr std::string_view kUnix = "unix";

struct FieldWord {
    std::string_view name;
    bool ForwardingFields::*member;
};

constexpr std::array<FieldWord, 4> kFieldWords{{{"x-forwarded-for", &ForwardingFields::x_forwarded_for},
                                                {"x-forwarded-proto", &ForwardingFields::x_forwarded_proto},
                                                {"x-forwarded-host", &ForwardingFields::x_forwarded_host},
                                                {"forwarded", &ForwardingFields::forwarded}}};

std::vector<std::string_view> all_words() {
    std::vector<std::string_view> names;
    std::ranges::transform(kFieldWords, std::back_inserter(names), &FieldWord::name);
    return names;
}

// Where everybody is trusted, everybody can be anybody.
bool trusts_everybody(const AddressRange& range) {
    return range.bits() == 0;
}

void read_proxy(ConfigMap& map, std::string_view key, const std::string& text, const ConfigNode& node,
                TrustedProxies& proxies) {
    if (text == kUnix) {
        proxies.unix_sockets = true;
        return;
    }
    const auto range = AddressRanges::read_item(map, key, text, node);
    if (!range) return;
    if (trusts_everybody(*range)) {
        map.report(node, key, text,
                   {"lets every client claim any address", "name the addresses of the proxies alone"});
        return;
    }
    proxies.networks.push_back(*range);
}

void read_field(ConfigMap& map, std::string_view key, const std::string& text, const ConfigNode& node,
                ForwardingFields& fields) {
    const auto word = std::ranges::find_if(
        kFieldWords, [&text](const FieldWord& row) { return basehttp::equals_ignoring_case(row.name, text); });
    if (word != kFieldWords.end()) {
        fields.*(word->member) = true;
        return;
    }
    map.report(node, key, text, {"is not a field that is understood", suggest(text, all_words())});
}

}  // namespace

Document ProxyAddresses::schema() {
    return AddressRanges::schema();
}

std::optional<Document> ProxyAddresses::write(const Config& config) {
    const TrustedProxies& proxies = config.trusted_proxies;
    if (proxies.empty()) return std::nullopt;
    std::vector<std::string> texts;
    std::ranges::transform(proxies.networks, std::back_inserter(texts), &AddressRange::text);
    if (proxies.unix_sockets) texts.emplace_back(kUnix);
    return Document::row(texts);
}

const ConfigNode* ProxyAddresses::read(ConfigMap& map, std::string_view key, Config& config) {
    TrustedProxies& proxies = config.trusted_proxies;
    return map.for_each_text(
        key, [&](const std::string& text, const ConfigNode& node) { read_proxy(map, key, text, node, proxies); });
}

std::string ProxyFields::bounds() {
    return fmt::format("{}", fmt::join(all_words(), ", "));
}

Document ProxyFields::schema() {
    std::vector<std::string> words;
    for (const std::string_view name : all_words())
        words.emplace_back(name);
    return schema_of_list(schema_of_choice(words));
}

std::optional<Document> ProxyFields::write(const Config& config) {
    if (config.trusted_proxies.empty()) return std::nullopt;
    std::vector<std::string> names;
    for (const FieldWord& row : kFieldWords) {
        if (config.trusted_proxies.fields.*(row.member)) names.emplace_back(row.name);
    }
    return Document::row(names);
}

const ConfigNode* ProxyFields::read(ConfigMap& map, std::string_view key, Config& config) {
    ForwardingFields fields{.x_forwarded_for = false};
    const ConfigNode* list = map.for_each_text(
        key, [&](const std::string& text, const ConfigNode& node) { read_field(map, key, text, node, fields); });
    if (list == nullptr) return nullptr;
    if (map.find_bare("trusted_proxies") == nullptr) {
        map.report(*list, fmt::format("'{}' without 'trusted_proxies'", key),
                   "set 'trusted_proxies' to the addresses of the proxies");
    } else if (fields.forwarded && (fields.x_forwarded_for || fields.x_forwarded_proto || fields.x_forwarded_host)) {
        map.report(*list,
                   fmt::format("'{}': 'forwarded' stands for the others, and proxies set one or the other", key),
                   "write forwarded alone, or leave it out");
    }
    config.trusted_proxies.fields = fields;
    return list;
}

}  // namespace basehttpd
