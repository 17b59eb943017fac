#include "daemon/config/site_keys.h"

#include <array>

#include <fmt/format.h>

#include "daemon/config/auth_keys.h"
#include "daemon/config/client_keys.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/config_value.h"
#include "daemon/config/cors_keys.h"
#include "daemon/config/expect_key.h"
#include "daemon/config/files_keys.h"
#include "daemon/config/headers_key.h"
#include "daemon/config/log_keys.h"
#include "daemon/config/route_keys.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

// The names of a site. SiteReader reads them, since no host may have two sites.
struct Hosts {
    static std::string_view word() { return "list of names"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_type("string")); }
    static std::optional<Document> write(const std::vector<std::string>& hosts) {
        return hosts.empty() ? Document::of_text("*") : Document::row(hosts);
    }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<std::string>&) {
        return map.find_bare(key);
    }
};

// A name, as Hosts has them; SiteReader looks whether the site answers to it.
struct HostName {
    static std::string_view word() { return "name"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const std::string& host) { return Text::write(host); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& host) {
        std::string text;
        const ConfigNode* node = map.read_text(key, text);
        if (node == nullptr) return nullptr;
        const auto name = parse_host(text);
        if (!name || name->contains('*')) {
            map.report(*node,
                       fmt::format("'{}': {} is {}", key, in_quotes(text),
                                   name ? "not a single name" : name.error().message),
                       name ? "write one like www.example.org" : name.error().hint);
            return nullptr;
        }
        host = *name;
        return node;
    }
};

constexpr std::array kSite{
    key<&SiteConfig::hosts, Hosts{}>("host", "The names of the site.")
        .unless_set("every name that no other site has"),
    key<&SiteConfig::canonical_host, HostName{}>("canonical_host",
                                                 "The name to which requests for the other names are redirected.")
        .unless_set("none"),
    key<&SiteConfig::root, Path{}, &SiteConfig::root_where>("root", "The directory to serve."),
    keys_of_base<SiteConfig, FilesConfig, files_keys>(),
    key<&SiteConfig::headers, Headers{}>("headers", "Changes of the fields of responses.").unless_set("none"),
    key<&SiteConfig::cors, CorsBlock{}>("cors", "What scripts of other origins may do.").unless_set("nothing"),
    key<&SiteConfig::error_pages, ErrorPageMap{}>("error_pages",
                                                  "Pages that replace the built-in error pages, by status."),
    key<&SiteConfig::strictness, Choice<kStrictnessNames, &StrictnessName::strictness>{}>(
        "strictness", "The value of limits.strictness for this site.")
        .unless_set("that of limits"),
    key<&SiteConfig::log, Keys<site_log_keys, nullptr, Shown::changed>{}>(
        "log", "Logs of the site, which replace those of the server.")
        .unless_set("none"),
    keys_of_base<SiteConfig, basehttp::ClientRules, client_keys>(),
    key<&SiteConfig::expect, Expectations{}>(
        "expect", "Requests and the answers that the site must give: a configuration that gives others is refused."),
    key<&SiteConfig::auth, Auth{}>("auth", "The users that the site is for, each with a password.")
        .unless_set("none"),
    whole<SiteConfig, Routes{}>("routes", "Parts of the site with a handler of their own.").unless_set("none"),
};

}  // namespace

KeyTable<SiteConfig> site_keys() {
    return kSite;
}

Document SiteList::schema() {
    return schema_of_type("array").add("items", schema_of_keys(below()));
}

std::optional<Document> SiteList::write(const std::vector<SiteConfig>& sites) {
    Document list = Document::list();
    for (const SiteConfig& site : sites)
        list.items.emplace_back(to_document(site_keys(), site)).identity =
            site.hosts.empty() ? "*" : site.hosts.front();
    return list;
}

}  // namespace basehttpd
