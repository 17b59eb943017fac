// The keys of a socket to listen on, and the list of addresses that it may stand in.
#pragma once

#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/config_key.h"

namespace basehttpd {

KeyTable<ListenConfig> listen_keys();

/// The addresses to listen on: each a text, or a map of listen_keys().
struct Addresses {
    static std::string_view word() { return "list of addresses"; }
    static std::string bounds() { return "HOST:PORT, [IPV6]:PORT, unix:PATH, {address: ...} or {unix: PATH, ...}"; }
    static std::vector<const KeyFacts*> below() { return facts_of(listen_keys()); }
    static Document schema();
    static std::optional<Document> write(const std::vector<ListenConfig>& addresses);
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<ListenConfig>& value);
};

}  // namespace basehttpd
